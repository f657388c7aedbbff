"""The address at which staff pastes posts."""

from django.urls import path

from madoguchi.channels.sns import paste

app_name = "sns"

urlpatterns = [path("", paste.page, name="page")]
