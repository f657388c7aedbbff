"""Addresses of the room."""

from django.urls import path

from madoguchi.services.disaster.views import desk, maps, measuring, notices, verbs

app_name = "disaster"

urlpatterns = [
    path("map/", maps.page, name="map"),
    path("map/data", maps.data, name="map_data"),
    path("map/changes", maps.changes, name="map_changes"),
    path("cases/", desk.case_list, name="cases"),
    path("cases/<str:number>/", desk.case_page, name="case"),
    path("cases/<str:number>/state", verbs.change_state, name="state"),
    path("cases/<str:number>/assign", verbs.assign, name="assign"),
    path("cases/<str:number>/place", verbs.correct_place, name="place"),
    path("cases/<str:number>/judge", verbs.judge, name="judge"),
    path("cases/<str:number>/merge", verbs.merge, name="merge"),
    path("cases/<str:number>/split", verbs.split, name="split"),
    path("cases/<str:number>/write", verbs.write, name="write"),
    path("notices/", notices.board, name="notices"),
    path("notices/<int:notice_id>/withdraw", notices.withdraw, name="withdraw_notice"),
    path("voices/<int:inbound_id>/open", verbs.open_from_voice, name="open_from_voice"),
    path("phone/", desk.phone, name="phone"),
    path("measuring/", measuring.page, name="measuring"),
    path("measuring/result.csv", measuring.result, name="measuring_result"),
    path("measuring/check", measuring.check, name="measuring_check"),
    path("measuring/sheet", measuring.sheet, name="measuring_sheet"),
    path("measuring/example.csv", measuring.example, name="measuring_example"),
    path("measuring/card", measuring.card, name="measuring_card"),
]
