"""Under /accounts/: sign-in.

Of allauth only what is used has a URL: no sign-up, no passwords, no e-mail pages.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.urls import include, path

from madoguchi.kernel.people import oidc, views

passkey_urls = [
    path("", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("again/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
]

urlpatterns = [
    path("login/", views.sign_in, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("devices/", views.signed_in, name="signed_in"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", views.again, name="account_reauthenticate"),
    path("passkeys/", include(passkey_urls)),
    path("second/", second_factor.authenticate, name="mfa_authenticate"),
    path("keys/", views.passkeys, name="mfa_index"),
    path("provider/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("provider/error/", social.login_error, name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
]
