"""Addresses of the demonstration phone."""

from django.urls import path

from madoguchi.channels.demo import views

app_name = "demo"

urlpatterns = [
    path("phone/", views.start, name="start"),
    path("phone/<str:user>/", views.phone, name="phone"),
    path("phone/<str:user>/log", views.log, name="log"),
    path("phone/<str:user>/photo/<str:message>", views.photo, name="photo"),
    path("phone/<str:user>/send", views.send, name="send"),
]
