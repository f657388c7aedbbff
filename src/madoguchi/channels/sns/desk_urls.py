"""The addresses of the administrator's page."""

from django.urls import path

from madoguchi.channels.sns import desk

app_name = "sns_desk"

urlpatterns = [
    path("", desk.page, name="page"),
    path("key", desk.key, name="key"),
]
