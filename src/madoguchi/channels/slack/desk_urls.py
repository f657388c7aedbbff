"""The addresses of the administrator's page."""

from django.urls import path

from madoguchi.channels.slack import desk

app_name = "slack_desk"

urlpatterns = [
    path("", desk.page, name="page"),
    path("keep", desk.keep, name="keep"),
    path("send", desk.send, name="send"),
]
