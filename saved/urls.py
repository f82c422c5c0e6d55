"""Saved searches and views."""

from django.urls import URLPattern

app_name = "saved"
urlpatterns: list[URLPattern] = []
