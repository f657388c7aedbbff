"""Addresses of the pages as an app on the device."""

from django.urls import path

from madoguchi.channels.web import app

app_name = "app"

urlpatterns = [
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("worker.js", app.worker, name="worker"),
    path("icon-<int:size>.png", app.icon, name="icon"),
    path("touch-icon.png", app.icon, {"size": app.TOUCH_SIZE}, name="touch_icon"),
    path("icon-mask-<int:size>.png", app.icon, {"mask": True}, name="icon_mask"),
]
