"""How Django takes somebody as a user. There are no passwords."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from madoguchi.kernel.people import links
from madoguchi.kernel.people.models import User


class StaffBackend(ModelBackend):
    """Lets in by a one-time link; sessions of passkeys and OIDC name this backend too."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, link_token: str | None = None, **_: Any
    ) -> User | None:
        """The user whom the token lets in, or None."""
        member = links.use(link_token) if link_token else None
        return member.user if member else None
