"""Addresses of the family for residents."""

from django.urls import path

from madoguchi.services.helpdesk.views import family

app_name = "family"

urlpatterns = [path("", family.page, name="page")]
