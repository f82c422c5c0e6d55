"""Saved searches and views, under /saved/."""

from django.urls import URLPattern, path

from saved.models import Named, SavedSearch, SavedView
from saved.views import changes, deciding, lists, saving, searches, views

app_name = "saved"


def _shared(prefix: str, name: str, model: type[Named]) -> list[URLPattern]:
    """What can be done with either: a search's are called `rename`, a view's `view-rename`."""
    verbs = {
        "rename": deciding.rename,
        "share": deciding.share,
        "lock": deciding.lock,
        "star": deciding.star,
        "delete": deciding.delete,
        "keep": saving.save_over,
        "copy": saving.copy,
    }
    return [
        path(f"{prefix}<int:pk>/{verb}/", view, {"model": model}, name=f"{name}{verb}") for verb, view in verbs.items()
    ]


urlpatterns = [
    path("", lists.index, name="index"),
    path("new/", saving.save, name="new"),
    path("<int:pk>/", searches.detail, name="detail"),
    path("<int:pk>/open/", searches.open_search, name="open"),
    path("<int:pk>/again/", searches.run_again, name="again"),
    path("<int:pk>/edit/", searches.edit, name="edit"),
    path("<int:pk>/changes/<int:run>/", changes.changes, name="changes"),
    path("views/", lists.views, name="views"),
    path("views/<int:pk>/", views.detail, name="view"),
    path("views/<int:pk>/default/", views.default, name="view-default"),
    *_shared("", "", SavedSearch),
    *_shared("views/", "view-", SavedView),
]
