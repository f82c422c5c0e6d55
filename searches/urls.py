"""Asking, answers, history and pictures."""

from django.urls import path

from searches.views import detail, diagrams, export, history, new, pack, pictures, side_by_side, steps, trial

app_name = "searches"

urlpatterns = [
    path("search/new/", new.new, name="new"),
    path("search/trial/", trial.trial, name="trial"),
    path("search/hint/", trial.hint, name="hint"),
    path("searches/", history.history, name="list"),
    path("searches/<int:pk>/", detail.detail, name="detail"),
    path("searches/<int:pk>/export.csv", export.export, name="export"),
    path("searches/<int:pk>/workbook/", export.workbook, name="workbook"),
    path("searches/<int:pk>/pack/", pack.pack, name="pack"),
    path("searches/<int:pk>/side-by-side/", side_by_side.side_by_side, name="side-by-side"),
    path("searches/<int:pk>/pictures/", diagrams.diagrams, name="diagrams"),
    path("searches/<int:pk>/again/", steps.again, name="again"),
    path("searches/<int:pk>/part/", steps.part, name="part"),
    path("searches/<int:pk>/cancel/", steps.cancel, name="cancel"),
    path("searches/<int:pk>/retry/", steps.retry, name="retry"),
    path("searches/<int:pk>/delete/", steps.delete, name="delete"),
    path("searches/pictures/<int:pk>/", pictures.original, name="picture"),
    path("searches/pictures/<int:pk>/thumb/", pictures.thumb, name="thumb"),
    path("searches/pictures/<int:pk>/preview/", pictures.preview, name="preview"),
    path("pictures/<str:token>.jpg", pictures.public, name="public-picture"),
]
