"""Every address of the portal."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from procurement import views
from procurement.health import healthz

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("searches.urls")),
    path("batches/", include("batches.urls")),
    path("lists/", include("suppliers.urls")),
    path("saved/", include("saved.urls")),
    path("suppliers/", include("dossiers.urls")),
    path("catalog/", include("catalog.urls")),
    path("reckoning/", include("reckoning.urls")),
    path("exports/", include("exports.urls")),
    path("accounts/", include("accounts.urls")),
    path("healthz", healthz, name="healthz"),
    path("i18n/set/", login_not_required(set_language), name="set_language"),
    path("admin/login/", views.admin_sign_in),
    path("admin/", admin.site.urls),
]
handler500 = views.broken
