"""Addresses of the conversation page."""

from django.urls import path

from madoguchi.channels.web import sending, views

app_name = "channels_web"

urlpatterns = [
    path("", views.conversation, name="conversation"),
    path("log", views.log, name="log"),
    path("ticket", sending.ticket, name="ticket"),
    path("send", sending.send, name="send"),
    path("forget", sending.forget, name="forget"),
]
