"""Suppliers, and all that a team knows of each, under /suppliers/."""

from django.urls import path

from dossiers.views import detail, index, merging, papers

app_name = "dossiers"

urlpatterns = [
    path("", index.index, name="index"),
    # A supplier named by its marketplace and its id or name, whether it has a record yet or not.
    path("of/", detail.find, name="find"),
    path("of/keep/", detail.keep, name="keep"),
    path("of/rename/", detail.rename, name="rename-found"),
    path("of/notes/", papers.add_note, name="add-note-found"),
    path("of/files/", papers.add_file, name="add-file-found"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/rename/", detail.rename, name="rename"),
    path("<int:pk>/notes/", papers.add_note, name="add-note"),
    path("<int:pk>/files/", papers.add_file, name="add-file"),
    path("<int:pk>/merge/", merging.pick, name="merge"),
    path("<int:pk>/merge/<int:other>/", merging.merge, name="merge-with"),
    path("merges/<int:pk>/undo/", merging.undo, name="undo-merge"),
    path("notes/<int:pk>/", papers.edit_note, name="edit-note"),
    path("notes/<int:pk>/delete/", papers.remove_note, name="delete-note"),
    path("files/<int:pk>/", papers.get_file, name="file"),
    path("files/<int:pk>/remove/", papers.take_file_away, name="remove-file"),
]
