"""The addresses that the provider calls."""

from django.urls import path

from madoguchi.channels.sms import views

app_name = "channels_sms"

urlpatterns = [
    path("status", views.status, name="status"),
    path("inbound", views.inbound, name="inbound"),
]
