"""What a team reckons with: cost profiles, score weights, and the rates that everybody uses."""

from django.urls import path

from reckoning.views import profiles, rates, weights

app_name = "reckoning"

urlpatterns = [
    path("", profiles.index, name="profiles"),
    path("new/", profiles.new, name="profile-new"),
    path("example/", profiles.example, name="profile-example"),
    path("<int:pk>/", profiles.show, name="profile"),
    path("<int:pk>/edit/", profiles.edit, name="profile-edit"),
    path("<int:pk>/delete/", profiles.delete, name="profile-delete"),
    path("<int:pk>/restore/", profiles.restore, name="profile-restore"),
    path("weights/", weights.index, name="weights-list"),
    path("weights/new/", weights.new, name="weights-new"),
    path("weights/example/", weights.example, name="weights-example"),
    path("weights/<int:pk>/", weights.show, name="weights"),
    path("weights/<int:pk>/edit/", weights.edit, name="weights-edit"),
    path("weights/<int:pk>/delete/", weights.delete, name="weights-delete"),
    path("weights/<int:pk>/default/", weights.default, name="weights-default"),
    path("rates/", rates.index, name="rates"),
]
