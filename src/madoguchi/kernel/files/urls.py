"""Photos: /files/<key>/full.jpg and /files/<key>/thumb.jpg."""

from django.urls import path

from madoguchi.kernel.files import views

app_name = "files"
urlpatterns = [
    path("<uuid:key>/full.jpg", views.photo, {"size": "full"}, name="full"),
    path("<uuid:key>/thumb.jpg", views.photo, {"size": "thumb"}, name="thumb"),
]
