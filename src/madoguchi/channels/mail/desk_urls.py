"""The addresses of the staff's pages."""

from django.urls import path

from madoguchi.channels.mail import desk

app_name = "mail_desk"

urlpatterns = [
    path("", desk.page, name="page"),
    path("keep", desk.keep, name="keep"),
    path("check", desk.check, name="check"),
    path("send", desk.send, name="send"),
    path("letters/", desk.letters, name="letters"),
    path("letters/<int:letter_id>/", desk.letter, name="letter"),
]
