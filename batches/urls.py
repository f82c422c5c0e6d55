"""Batches, under /batches/."""

from django.urls import path

from batches.views import coverage, detail, export, index, new, steps, uploads

app_name = "batches"

urlpatterns = [
    path("", index.index, name="index"),
    path("new/", new.new, name="new"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/start/", steps.start, name="start"),
    path("<int:pk>/pause/", steps.pause, name="pause"),
    path("<int:pk>/resume/", steps.resume, name="resume"),
    path("<int:pk>/cancel/", steps.cancel, name="cancel"),
    path("<int:pk>/retry/", steps.retry, name="retry"),
    path("<int:pk>/folders/", steps.folders, name="folders"),
    path("<int:pk>/exports/<str:kind>/", export.export, name="export"),
    path("<int:pk>/coverage/", coverage.coverage, name="coverage"),
    path("<int:pk>/coverage.csv", coverage.coverage_csv, name="coverage-csv"),
    path("<int:pk>/files/", uploads.announce, name="announce"),
    path("<int:pk>/files/<int:file_pk>/part/", uploads.part, name="part"),
    path("<int:pk>/files/<int:file_pk>/confirm/", uploads.confirm, name="confirm"),
    path("<int:pk>/upload/", uploads.upload, name="upload"),
    path("<int:pk>/rows/<int:row_pk>/replace/", uploads.replace, name="replace"),
]
