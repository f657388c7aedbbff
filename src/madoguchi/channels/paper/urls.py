"""Addresses of the room."""

from django.urls import path

from madoguchi.channels.paper import views

app_name = "paper"

urlpatterns = [
    path("", views.desk, name="desk"),
    path("letters.pdf", views.print_letters, name="print"),
    path("letters/<int:paper_letter_id>/hand-over", views.hand_over, name="hand_over"),
    path("lists/<str:sheet>.pdf", views.sheet, name="sheet"),
    path("poster.pdf", views.poster, name="poster"),
    path("leaflet.pdf", views.leaflet, name="leaflet"),
    path("addresses/", views.addresses, name="addresses"),
]
