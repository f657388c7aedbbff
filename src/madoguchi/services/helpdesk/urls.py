"""Addresses of the room for staff."""

from django.urls import path

from madoguchi.services.helpdesk.views import desk, family_desk, script

app_name = "helpdesk"

urlpatterns = [
    path("", desk.queue, name="queue"),
    path("enter/", desk.enter, name="enter"),
    path("script/", script.page, name="script"),
    path("script.pdf", script.on_paper, name="script_pdf"),
    path("family/", family_desk.page, name="family"),
    path("family/asks/<int:ask_id>", family_desk.consent, name="family_consent"),
    path("family/<int:proxy_id>/<str:verb>", family_desk.act, name="family_act"),
    path("voices/<int:inbound_id>/take", desk.take_voice, name="take_voice"),
    path("<str:help_number>/", desk.case_page, name="case"),
    path("<str:help_number>/act", desk.act, name="act"),
]
