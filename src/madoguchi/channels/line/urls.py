"""The address that LINE calls."""

from django.urls import URLPattern

app_name = "channels_line"

urlpatterns: list[URLPattern] = []
