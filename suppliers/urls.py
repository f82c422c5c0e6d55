"""Supplier lists, under /lists/."""

from django.urls import path

from suppliers.views import entries, lists, save

app_name = "suppliers"

urlpatterns = [
    path("", lists.index, name="index"),
    path("new/", lists.create, name="create"),
    path("save/", save.save, name="save"),
    path("<int:pk>/", entries.detail, name="detail"),
    path("<int:pk>/rename/", lists.rename, name="rename"),
    path("<int:pk>/delete/", lists.delete, name="delete"),
    path("<int:pk>/export.csv", entries.export, name="export"),
    path("<int:pk>/entries/<int:entry_pk>/note/", entries.note, name="note"),
    path("<int:pk>/entries/<int:entry_pk>/remove/", entries.remove, name="remove"),
]
