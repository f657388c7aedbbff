"""The address that a town's own tools call."""

from django.urls import path

from madoguchi.channels.sns import hook

app_name = "channels_sns"

urlpatterns = [path("inbox", hook.inbox, name="inbox")]
