"""Suppliers, and all that a team knows of each."""

from django.urls import URLPattern

app_name = "dossiers"
urlpatterns: list[URLPattern] = []
