"""Under /staff/: what the town's administrator sets up."""

from django.urls import path

from madoguchi.web import services

urlpatterns = [
    path("services/", services.page, name="services"),
    path("services/<str:name>", services.switch, name="switch_service"),
]
