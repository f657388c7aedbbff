"""Under /staff/: what the town's administrator sets up."""

from django.urls import path

from madoguchi.web import members, services

urlpatterns = [
    path("services/", services.page, name="services"),
    path("services/<str:name>", services.switch, name="switch_service"),
    path("members/", members.page, name="members"),
    path("members/new", members.add, name="add_member"),
    path("members/<int:member_id>/", members.member, name="member"),
    path("members/<int:member_id>/<str:verb>", members.act, name="act_on_member"),
]
