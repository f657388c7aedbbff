"""Addresses of the conversation page."""

from django.urls import path

from madoguchi.channels.web import views

app_name = "channels_web"

urlpatterns = [
    path("", views.conversation, name="conversation"),
    path("log", views.log, name="log"),
]
