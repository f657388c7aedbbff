"""Addresses of the room for residents."""

from django.urls import path

from madoguchi.services.helpdesk.views import asking

app_name = "ask"

urlpatterns = [path("", asking.form, name="form")]
