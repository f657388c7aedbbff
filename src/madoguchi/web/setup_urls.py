"""Under /staff/: what the town's administrator sets up."""

from django.urls import path

from madoguchi.web import machine, members, outage_desk, recipes, services, sources

urlpatterns = [
    path("services/", services.page, name="services"),
    path("services/<str:name>", services.switch, name="switch_service"),
    path("sources/", sources.page, name="sources"),
    path("sources/sources.csv", sources.as_csv, name="sources_csv"),
    path("outages/", outage_desk.board, name="outages"),
    path("outages/<int:outage_id>/end", outage_desk.end, name="end_outage"),
    path("machine/", machine.page, name="machine"),
    path("members/", members.page, name="members"),
    path("members/new", members.add, name="add_member"),
    path("members/<int:member_id>/", members.member, name="member"),
    path("members/<int:member_id>/<str:verb>", members.act, name="act_on_member"),
    path("recipes/", recipes.page, name="recipes"),
    path("recipes/export", recipes.export, name="export_recipe"),
    path("recipes/preview", recipes.preview, name="preview_recipe"),
    path("recipes/apply", recipes.apply, name="apply_recipe"),
]
