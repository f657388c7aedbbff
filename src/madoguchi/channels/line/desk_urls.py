"""The addresses of the administrator's page."""

from django.urls import path

from madoguchi.channels.line import desk

app_name = "line_desk"

urlpatterns = [
    path("", desk.page, name="page"),
    path("secrets", desk.keep, name="keep"),
    path("check", desk.check, name="check"),
    path("menu", desk.menu, name="menu"),
]
