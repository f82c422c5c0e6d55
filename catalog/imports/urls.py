"""Imports, under /catalog/import/."""

from django.urls import path

from catalog.imports.views import pages, steps, uploads

urlpatterns = [
    path("", pages.index, name="imports"),
    path("template.xlsx", pages.template, name="import-template"),
    path("<int:pk>/", pages.detail, name="import"),
    path("<int:pk>/files/", uploads.announce, name="import-announce"),
    path("<int:pk>/files/<int:file_pk>/part/", uploads.part, name="import-part"),
    path("<int:pk>/upload/", uploads.upload, name="import-upload"),
    path("<int:pk>/columns/", steps.columns, name="import-columns"),
    path("<int:pk>/again/", steps.map_again, name="import-again"),
    path("<int:pk>/start/", steps.start, name="import-start"),
    path("<int:pk>/cancel/", steps.cancel, name="import-cancel"),
    path("<int:pk>/rejected/<str:kind>/", steps.rejected_rows, name="import-rejected"),
]
