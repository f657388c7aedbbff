"""The address that LINE calls."""

from django.urls import path

from madoguchi.channels.line import views

app_name = "channels_line"

urlpatterns = [path("webhook", views.webhook, name="webhook")]
