"""Settings shared by every way to run; everything a town changes comes from the environment."""

import os
from pathlib import Path

from madoguchi.settings.logs import LOGGING as LOGGING
from madoguchi.settings.security import *  # noqa: F403
from madoguchi.settings.signin import *  # noqa: F403

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("MADOGUCHI_DATA", "var")).resolve()

DEBUG = False
_SECRET_FILE = DATA / "secret.key"  # made by ``madoguchi init``
SECRET_KEY = os.environ.get("MADOGUCHI_SECRET_KEY", "") or (
    _SECRET_FILE.read_text(encoding="ascii").strip() if _SECRET_FILE.is_file() else ""
)
AUDIT_KEY = os.environ.get("MADOGUCHI_AUDIT_KEY", "")  # keeps seals valid after a new SECRET_KEY
ALLOWED_HOSTS = os.environ.get("MADOGUCHI_HOSTS", "127.0.0.1,localhost").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "madoguchi.kernel.people",  # before allauth: its templates take precedence
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_htmx",
    "madoguchi.kernel.towns",
    "madoguchi.kernel.audit",
    "madoguchi.kernel.measures",
    "madoguchi.kernel.files",
    "madoguchi.kernel.messages",
    "madoguchi.kernel.cases",
    "madoguchi.ui",
    "madoguchi.channels.line",
    "madoguchi.channels.web",
    "madoguchi.channels.sns",
    "madoguchi.channels.mail",
    "madoguchi.channels.sms",
    "madoguchi.channels.slack",
    "madoguchi.channels.paper",
    "madoguchi.channels.demo",
    "madoguchi.services.helpdesk",  # before others: of bids that are equal the first wins
    "madoguchi.services.disaster",
    "madoguchi.web",
]

MIDDLEWARE = [
    "madoguchi.web.proxies.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "madoguchi.ui.headers.PermissionsPolicyMiddleware",
    "madoguchi.ui.cache.PageCacheMiddleware",
    "madoguchi.kernel.towns.middleware.TownMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "madoguchi.kernel.people.sessions.StaffSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "madoguchi.ui.headers.TownContentPolicyMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "madoguchi.web.switching.SwitchedOffMiddleware",
    "madoguchi.web.sources.SourceMiddleware",
]

ROOT_URLCONF = "madoguchi.web.urls"
WSGI_APPLICATION = "madoguchi.web.wsgi.application"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "madoguchi.ui.context.page",
            ],
        },
    }
]

# "off" takes the pages for use without a connection off residents' devices at their next visit.
OFFLINE_PAGES = os.environ.get("MADOGUCHI_OFFLINE_PAGES", "on") != "off"

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
_CHECKOUT = PACKAGE.parent.parent
# A wheel carries what ``make assets`` collected; a checkout keeps it in its build folder.
_CARRIED = PACKAGE / "static"
STATIC_ROOT = _CARRIED if _CARRIED.is_dir() else _CHECKOUT / "build" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATICFILES_DIRS = [folder for folder in (_CHECKOUT / "build" / "assets",) if folder.is_dir()]
# For tests and rehearsals alone: open posts may be fetched from this machine, without encryption.
SNS_LOCAL = os.environ.get("MADOGUCHI_SNS_LOCAL") == "1"
