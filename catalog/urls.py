"""The team's own catalogue, under /catalog/."""

from django.urls import include, path

from catalog.views import bulk, entries, export, index, item, matching, pictures

app_name = "catalog"

urlpatterns = [
    path("", index.index, name="index"),
    path("progress/", index.progress, name="progress"),
    path("new/", item.create, name="create"),
    path("change/", bulk.bulk, name="bulk"),
    path("export/", export.export, name="export"),
    path("entries/<int:pk>/", entries.add, name="add-entry"),
    path("pictures/<int:pk>.jpg", pictures.picture, name="picture"),
    path("pictures/<int:pk>/small.jpg", pictures.small, name="thumb"),
    path("pictures/<int:pk>/first/", pictures.make_first, name="first-picture"),
    path("pictures/<int:pk>/remove/", pictures.remove, name="remove-picture"),
    path("matchings/", matching.index, name="matchings"),
    path("matchings/<int:pk>/", matching.page, name="matching"),
    path("<int:pk>/match/", matching.of_item, name="match-item"),
    path("import/", include("catalog.imports.urls")),
    path("<int:pk>/", item.page, name="item"),
    path("<int:pk>/edit/", item.edit, name="edit"),
    path("<int:pk>/pictures/", pictures.add, name="add-pictures"),
    path("<int:pk>/archive/", item.archive, name="archive"),
    path("<int:pk>/delete/", item.delete, name="delete"),
]
