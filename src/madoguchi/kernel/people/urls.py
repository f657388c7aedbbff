"""Under /staff/: the one-time link."""

from django.urls import path

from madoguchi.kernel.people import views

urlpatterns = [path("enter/<str:token>", views.enter, name="staff_enter")]
