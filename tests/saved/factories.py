"""Saved things for tests: private ones without an owner, unless something else is said."""

import factory
from factory.django import DjangoModelFactory

from saved.models import Run, SavedSearch, SavedView
from tests.factories import MARKETPLACE, NOON, QueryImageFactory, SearchJobFactory, TeamFactory


class SavedSearchFactory(DjangoModelFactory):
    """With one photo, made by default, or `photos`; and with `people` chosen to see it."""

    class Meta:
        model = SavedSearch
        skip_postgeneration_save = True

    team = factory.SubFactory(TeamFactory)
    owner = None
    name = factory.Sequence("Duffle bags {}".format)
    question = factory.LazyFunction(lambda: {"keywords": "", "price_from": "10.00", "price_to": None})
    marketplaces = factory.LazyFunction(lambda: [MARKETPLACE])
    changed_at = NOON

    @factory.post_generation
    def photos(self, create, extracted, **kwargs):
        if create:
            for photo in extracted or [QueryImageFactory(team=self.team)]:
                self.photos.add(photo)

    @factory.post_generation
    def people(self, create, extracted, **kwargs):
        if create and extracted:
            self.people.set(extracted)


class SavedViewFactory(DjangoModelFactory):
    class Meta:
        model = SavedView
        skip_postgeneration_save = True

    team = factory.SubFactory(TeamFactory)
    owner = None
    name = factory.Sequence("Cheap ones {}".format)
    query = "price_to=20&sort=price"
    changed_at = NOON

    @factory.post_generation
    def people(self, create, extracted, **kwargs):
        if create and extracted:
            self.people.set(extracted)


class RunFactory(DjangoModelFactory):
    class Meta:
        model = Run

    search = factory.SubFactory(SavedSearchFactory)
    job = factory.LazyAttribute(lambda run: SearchJobFactory(team=run.search.team))
