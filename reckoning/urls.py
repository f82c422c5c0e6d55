"""What a team reckons with: cost profiles and score weights."""

from django.urls import URLPattern

app_name = "reckoning"
urlpatterns: list[URLPattern] = []
