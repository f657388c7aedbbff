"""What every template knows of the page: town, language, menus, telephones; lazily."""

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from madoguchi.kernel.people import api as people
from madoguchi.ui import menu, services, warnings
from madoguchi.ui.words import Language, language_of

if TYPE_CHECKING:
    from madoguchi.kernel.people.models import StaffMember
    from madoguchi.kernel.towns.models import Town


@cache
def switch_to(language: Language) -> str:
    """The address that chooses a language."""
    return reverse("set_language", args=[language.value])


class Page:
    """The page being drawn; everything that costs is worked out when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.language = language_of(request)
        self.path = request.path

    @property
    def language_links(self) -> list[tuple[Language, str]]:
        """Each language with the address that chooses it and comes back to this page."""
        back = quote(self.path)
        return [(choice, f"{switch_to(choice)}?next={back}") for choice in Language]

    @cached_property
    def town(self) -> "Town | None":
        """The town of this host; None only on the page that says there is none."""
        return getattr(self._request, "town", None)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What the town has set."""
        return self.town.settings if self.town else {}

    @cached_property
    def on(self) -> frozenset[str]:
        """The names of the services and channels that the town uses."""
        return services.on(self.town) if self.town else frozenset()

    @property
    def keeps_pages(self) -> bool:
        """Whether residents' devices keep pages for when there is no connection."""
        return settings.OFFLINE_PAGES

    @cached_property
    def drill(self) -> bool:
        """Whether the town is holding a drill: every page must say 訓練."""
        return bool(self.settings.get("drill"))

    @cached_property
    def help_phone(self) -> str:
        """The help desk for using these pages, else the town hall, else ""."""
        return str(
            self.settings.get("help_phone") or (self.town.contact_phone if self.town else "")
        )

    @cached_property
    def resident_menu(self) -> list[menu.MenuItem]:
        """What a resident can do here, in the order of use."""
        return menu.items("resident", self.on)

    @cached_property
    def staff_menu(self) -> list[menu.MenuItem]:
        """What staff can do here."""
        return self._of_staff("staff")

    @cached_property
    def settings_menu(self) -> list[menu.MenuItem]:
        """What staff can set up here."""
        return self._of_staff("settings")

    def _of_staff(self, audience: menu.Audience) -> list[menu.MenuItem]:
        role = self.staff.role if self.staff else "viewer"
        return menu.items(audience, self.on, role)

    @cached_property
    def warnings(self) -> list[warnings.Warning]:
        """What is in force in the town, the most pressing first."""
        return warnings.in_force(self.on) if self.town else []

    @cached_property
    def staff(self) -> "StaffMember | None":
        """The signed-in member of staff of this town."""
        known: StaffMember | None = getattr(self._request, "staff", None)
        return known or people.staff_of(self._request.user)


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor: ``page`` as above and ``language`` for the ``w`` tag."""
    shown = Page(request)
    return {"page": shown, "language": shown.language}
