"""Files that are written by workers, to be downloaded."""

from django.urls import URLPattern

app_name = "exports"
urlpatterns: list[URLPattern] = []
