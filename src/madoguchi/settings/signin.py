"""Sign-in of staff: passkeys and the town's identity provider (OIDC); see docs/decisions/0007.

A provider is set by the environment: ``MADOGUCHI_OIDC=entra,town`` names them, and for each
``MADOGUCHI_OIDC_ENTRA_NAME``, ``_URL`` (issuer), ``_CLIENT_ID`` and ``_SECRET_FILE`` (a file that
only the service may read). ``_ORIGIN`` names the origin of the provider's sign-in page where that
is not the origin of the issuer: the content policy lets the sign-in form lead there alone.
"""

import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def private_text(path: Path) -> str:
    """What a secret file holds; raises ``ImproperlyConfigured`` when others may read it."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise ImproperlyConfigured(
            f"秘密のファイル {path.name} を、ほかの人が読めるおそれがあります。"
            f"「chmod 600 {path.name}」を実行してください（いまは {mode:o}）。"
        )
    return path.read_text(encoding="utf-8").strip()


def _provider(key: str) -> dict[str, Any]:
    def value(name: str) -> str:
        return os.environ[f"MADOGUCHI_OIDC_{key.upper()}_{name}"]

    return {
        "provider_id": key,
        "name": value("NAME"),
        "client_id": value("CLIENT_ID"),
        "secret": private_text(Path(value("SECRET_FILE"))),
        "settings": {"server_url": value("URL"), "oauth_pkce_enabled": True},
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


_OIDC_KEYS = [key for key in os.environ.get("MADOGUCHI_OIDC", "").split(",") if key]
_OIDC_APPS = [_provider(key) for key in _OIDC_KEYS]
OIDC_ORIGINS = [
    _origin(
        os.environ.get(f"MADOGUCHI_OIDC_{app['provider_id'].upper()}_ORIGIN")
        or app["settings"]["server_url"]
    )
    for app in _OIDC_APPS
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "madoguchi.kernel.people.backends.StaffBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff_home"
LOGOUT_REDIRECT_URL = "account_login"
STAFF_IDLE_S = 60 * int(os.environ.get("MADOGUCHI_STAFF_IDLE_MINUTES", "60"))

ACCOUNT_ADAPTER = "madoguchi.kernel.people.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = False

MFA_ADAPTER = "madoguchi.kernel.people.adapters.PasskeyAdapter"
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "add_webauthn": "madoguchi.kernel.people.forms.AddPasskeyForm",
    "authenticate_webauthn": "madoguchi.kernel.people.forms.CheckAgainForm",
    "edit_webauthn": "madoguchi.kernel.people.forms.RenamePasskeyForm",
    "login_webauthn": "madoguchi.kernel.people.forms.SignInForm",
    "reauthenticate_webauthn": "madoguchi.kernel.people.forms.CheckAgainForm",
}
# A town hall often shares one address: at the start of a disaster everybody signs in at once.
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}

SOCIALACCOUNT_ADAPTER = "madoguchi.kernel.people.adapters.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": _OIDC_APPS,
        "provider_class": "madoguchi.kernel.people.oidc.TownProvider",
    }
}

LOCKOUT_MINUTES = 15
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=LOCKOUT_MINUTES)
AXES_LOCKOUT_PARAMETERS = ["ip_address"]
AXES_LOCKOUT_CALLABLE = "madoguchi.kernel.people.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["link_token", "token", "csrfmiddlewaretoken"]
