"""Addresses of the room for staff."""

from django.urls import path

from madoguchi.services.helpdesk.views import desk, script

app_name = "helpdesk"

urlpatterns = [
    path("", desk.queue, name="queue"),
    path("enter/", desk.enter, name="enter"),
    path("script/", script.page, name="script"),
    path("voices/<int:inbound_id>/take", desk.take_voice, name="take_voice"),
    path("<str:help_number>/", desk.case_page, name="case"),
    path("<str:help_number>/act", desk.act, name="act"),
]
