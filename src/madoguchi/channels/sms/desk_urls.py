"""The addresses of the administrator's page."""

from django.urls import path

from madoguchi.channels.sms import desk

app_name = "sms_desk"

urlpatterns = [
    path("", desk.page, name="page"),
    path("keep", desk.keep, name="keep"),
    path("check", desk.check, name="check"),
    path("send", desk.send, name="send"),
    path("count", desk.count, name="count"),
]
