"""Addresses of the demonstration phone."""

from django.urls import URLPattern

app_name = "channels_demo"

urlpatterns: list[URLPattern] = []
