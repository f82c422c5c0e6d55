"""Rows for tests: valid by default, everything settable. Times are fixed, so that pages compare."""

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from accounts.models import Membership, Team, User
from catalog.models import Item, ItemPicture
from searches.models import Credential, QueryImage, SearchCall, SearchJob, Sighting, SupplierMatch
from suppliers.models import ListEntry, SupplierList

PASSWORD = "correct horse battery staple"
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
MARKETPLACE, OTHER_MARKETPLACE = "image_search_md5", "onebound"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("user{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    password = factory.django.Password(PASSWORD)


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence("Team {}".format)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    role = Membership.Role.BUYER


class CredentialFactory(DjangoModelFactory):
    class Meta:
        model = Credential

    name = factory.Sequence("1688 account {}".format)
    marketplace = MARKETPLACE
    base_url = "http://127.0.0.1:9"
    app_key = "1000000"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        secret, token = kwargs.pop("secret", "test123"), kwargs.pop("token", "token-123")
        credential = model_class(*args, **kwargs)
        credential.keep_secret(secret)
        credential.keep_token(token)
        credential.save()
        return credential


class QueryImageFactory(DjangoModelFactory):
    """`data` are the file's bytes; by default something unique that no decoder is asked to read."""

    class Meta:
        model = QueryImage
        exclude = ("data",)

    data = factory.Sequence(lambda n: f"photo {n}".encode())
    team = factory.SubFactory(TeamFactory)
    uploaded_by = None
    sha256 = factory.LazyAttribute(lambda image: hashlib.sha256(image.data).hexdigest())
    file = factory.LazyAttribute(lambda image: ContentFile(image.data, name="photo.jpg"))
    name = "bag.jpg"
    mime = "image/jpeg"
    width = 1200
    height = 900


class SearchJobFactory(DjangoModelFactory):
    """A finished search without calls; `image` is its photo, made by default."""

    class Meta:
        model = SearchJob
        skip_postgeneration_save = True

    team = factory.SubFactory(TeamFactory)
    owner = None
    title = factory.Sequence("Duffle bag {}".format)
    status = SearchJob.Status.DONE
    rights_confirmed_at = NOON
    created_at = factory.Sequence(lambda n: NOON + timedelta(seconds=n))
    finished_at = factory.LazyAttribute(lambda job: job.created_at + timedelta(seconds=2))

    @factory.post_generation
    def image(self, create, extracted, **kwargs):
        if create:
            self.images.add(extracted or QueryImageFactory(team=self.team, uploaded_by=self.owner, **kwargs))


class SearchCallFactory(DjangoModelFactory):
    """A call that is done, for its job's first photo."""

    class Meta:
        model = SearchCall

    job = factory.SubFactory(SearchJobFactory)
    image = factory.LazyAttribute(lambda call: call.job.images.first())
    credential = factory.SubFactory(CredentialFactory)
    credential_name = factory.LazyAttribute(lambda call: call.credential.name if call.credential else "1688")
    marketplace = MARKETPLACE
    page = 1
    page_size = 50
    status = SearchCall.Status.DONE
    claims = 1
    attempts = 1
    not_before = NOON
    fetched_at = NOON
    finished_at = NOON


class SupplierMatchFactory(DjangoModelFactory):
    class Meta:
        model = SupplierMatch

    job = factory.SubFactory(SearchJobFactory)
    marketplace = MARKETPLACE
    offer_id = factory.Sequence(lambda n: str(610_000_000_000 + n))
    title = factory.Sequence("大容量防水旅行包 {}".format)
    url = factory.LazyAttribute(lambda match: f"https://detail.1688.com/offer/{match.offer_id}.html")
    image_url = factory.LazyAttribute(lambda match: f"https://cbu01.alicdn.com/img/{match.offer_id}.jpg")
    price = Decimal("23.5000")
    currency = "CNY"
    moq = 5
    similarity = 0.9
    rank = factory.Sequence(lambda n: n + 1)
    supplier_id = factory.Sequence("b2b-{}".format)
    supplier_name = factory.Sequence("白沟恒达箱包厂 {}".format)
    supplier_location = "河北 保定"
    supplier_credit = 5
    fetched_at = NOON


class SightingFactory(DjangoModelFactory):
    class Meta:
        model = Sighting

    match = factory.SubFactory(SupplierMatchFactory)
    call = factory.LazyAttribute(lambda sighting: SearchCallFactory(job=sighting.match.job))
    image = factory.LazyAttribute(lambda sighting: sighting.call.image)
    rank = factory.LazyAttribute(lambda sighting: sighting.match.rank)
    similarity = factory.LazyAttribute(lambda sighting: sighting.match.similarity)


class SupplierListFactory(DjangoModelFactory):
    class Meta:
        model = SupplierList

    team = factory.SubFactory(TeamFactory)
    owner = None
    name = factory.Sequence("Spring bags {}".format)


class ListEntryFactory(DjangoModelFactory):
    class Meta:
        model = ListEntry

    supplier_list = factory.SubFactory(SupplierListFactory)
    source_match = None
    query_image = None
    added_by = None
    added_at = factory.Sequence(lambda n: NOON + timedelta(minutes=n))
    marketplace = MARKETPLACE
    offer_id = factory.Sequence(lambda n: str(720_000_000_000 + n))
    title = factory.Sequence("跨境运动健身包女 {}".format)
    url = factory.LazyAttribute(lambda entry: f"https://detail.1688.com/offer/{entry.offer_id}.html")
    image_url = factory.LazyAttribute(lambda entry: f"https://cbu01.alicdn.com/img/{entry.offer_id}.jpg")
    price = Decimal("24.8000")
    currency = "CNY"
    moq = 50
    similarity = 0.85
    rank = factory.Sequence(lambda n: n + 1)
    supplier_id = factory.Sequence("b2b-{}".format)
    supplier_name = factory.Sequence("义乌市拓野户外用品 {}".format)
    supplier_location = "浙江 金华"
    supplier_credit = 4
    fetched_at = NOON


class ItemFactory(DjangoModelFactory):
    """An item without pictures."""

    class Meta:
        model = Item

    team = factory.SubFactory(TeamFactory)
    code = factory.Sequence("BAG-{:04d}".format)
    name = factory.Sequence("大容量防水旅行包 {}".format)
    supplier_name = factory.Sequence("白沟恒达箱包厂 {}".format)
    price = Decimal("23.5000")
    currency = "CNY"
    moq = 50


class ItemPictureFactory(DjangoModelFactory):
    """`data` are the file's bytes; by default something unique that no decoder is asked to read. Without a vector."""

    class Meta:
        model = ItemPicture
        exclude = ("data",)

    data = factory.Sequence(lambda n: f"item's picture {n}".encode())
    item = factory.SubFactory(ItemFactory)
    team = factory.LazyAttribute(lambda picture: picture.item.team)
    place = factory.LazyAttribute(lambda picture: picture.item.pictures.count())
    sha256 = factory.LazyAttribute(lambda picture: hashlib.sha256(picture.data).hexdigest())
    file = factory.LazyAttribute(lambda picture: ContentFile(picture.data, name="item.jpg"))
    width = 800
    height = 600
