"""A team in the middle of its work, so that each page of the portal has something to show in every state of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Membership, Team, User
from batches import actions as batching
from batches.models import Batch, BatchRow
from catalog import matching
from catalog.models import CatalogImport, Item, Matching
from dossiers import actions as dossier
from dossiers.keys import SupplierKey
from dossiers.merging import merge_suppliers
from dossiers.models import Note, Supplier, SupplierFile
from exports import writing
from exports.models import Export
from reckoning.models import CostProfile, ScoreWeights
from saved import actions as saving
from saved.models import Run, SavedSearch, SavedView
from searches.marketplaces import CATALOG
from searches.models import Credential, QueryImage, SearchCall, SearchJob, SupplierMatch
from searches.visual import VERSION
from suppliers import actions as listing
from suppliers.models import Attachment, ListEntry, Status, SupplierList, tags_text
from tests.batches.making import found_row, picture, put_in
from tests.catalog.imports.world import imports_of
from tests.factories import (
    MARKETPLACE,
    NOON,
    OTHER_MARKETPLACE,
    CredentialFactory,
    ItemFactory,
    ItemPictureFactory,
    MembershipFactory,
    QueryImageFactory,
    SearchCallFactory,
    SearchJobFactory,
    SupplierMatchFactory,
    TeamFactory,
    UserFactory,
)
from tests.reckoning.making import CostProfileFactory, ExchangeRateFactory, ScoreWeightsFactory

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass
class World:
    """Whatever an address of the portal can name."""

    buyer: User
    lead: User
    admin: User
    team: Team
    credential: Credential
    profile: CostProfile
    weights: ScoreWeights
    job: SearchJob
    matches: list[SupplierMatch]
    running: SearchJob
    broken: SearchJob
    empty: SearchJob
    photo: QueryImage
    batch: Batch
    put_together: Batch
    row: BatchRow
    supplier_list: SupplierList
    entry: ListEntry
    proposed: ListEntry
    attachment: Attachment
    supplier: Supplier
    other: Supplier
    note: Note
    file: SupplierFile
    search: SavedSearch
    run: Run
    view: SavedView
    export: Export
    item: Item
    begun_import: CatalogImport
    mapped_import: CatalogImport
    tried_import: CatalogImport
    refused_import: CatalogImport
    done_import: CatalogImport
    own: SearchJob
    matching: Matching
    matched: Batch


def make_world() -> World:
    """Alice buys, bob leads; both see everything here, and may change most of it."""
    team = TeamFactory(name="Outdoor")
    alice = _member("alice", team, Membership.Role.BUYER)
    bob = _member("bob", team, Membership.Role.LEAD)
    admin = UserFactory(username="root", is_staff=True, is_superuser=True)
    MembershipFactory(user=admin, team=team, role=Membership.Role.LEAD)
    credential = CredentialFactory(name="1688 sandbox")
    figures = {"credential": credential} | _reckoning(team)
    searches = _searches(team, alice, credential)
    batches = _batches(team, alice)
    return World(
        buyer=alice,
        lead=bob,
        admin=admin,
        team=team,
        **figures,
        **searches,
        **batches,
        **_lists(team, alice, bob, searches["job"]),
        **_dossiers(team, alice, bob),
        **_saved(alice, searches["job"]),
        export=_exported(alice, team, batches["batch"]),
        **_catalogue(team, alice),
        **imports_of(team, alice),
    )


def _member(name: str, team: Team, role: Membership.Role) -> User:
    return MembershipFactory(user=UserFactory(username=name), team=team, role=role).user


def _reckoning(team: Team) -> dict:
    ExchangeRateFactory()
    ExchangeRateFactory(target="EUR", rate=Decimal("0.128"))
    weights = ScoreWeightsFactory(team=team, name="Cheap and quick")
    return {"profile": CostProfileFactory(team=team, name="By air"), "weights": weights}


def _searches(team: Team, owner: User, credential: Credential) -> dict:
    photo = QueryImageFactory(team=team, uploaded_by=owner, data=picture(1))
    made = {"team": team, "owner": owner, "image": photo}
    march = SearchJobFactory(**made, title="Bags in March", created_at=NOON - timedelta(days=250))
    job = SearchJobFactory(**made, title="Duffle bag", price_to=Decimal("80.50"), keywords="防水")
    SearchCallFactory(job=job, credential=credential, offers_found=12)
    SupplierMatchFactory(job=march, offer_id="610000000000", price=Decimal("20"), supplier_id="b2b-0")
    for number in range(12):
        SupplierMatchFactory(job=job, **_offer(number))
    running = SearchJobFactory(**made, title="On its way", status=SearchJob.Status.RUNNING, finished_at=None)
    SearchCallFactory(job=running, credential=credential, status=SearchCall.Status.RUNNING, finished_at=None)
    broken = SearchJobFactory(**made, title="In trouble", status=SearchJob.Status.FAILED)
    SearchCallFactory(
        job=broken,
        credential=credential,
        status=SearchCall.Status.FAILED,
        error_message="The marketplace did not answer within 30 seconds.",
        error_code="110",
    )
    empty = SearchJobFactory(**made, title="Nothing like it", price_to=Decimal("1"))
    SearchCallFactory(job=empty, credential=credential)
    return {
        "job": job,
        "matches": list(job.matches.order_by("pk")),
        "running": running,
        "broken": broken,
        "empty": empty,
        "photo": photo,
    }


def _offer(number: int) -> dict:
    """Some of several marketplaces, some with tiers, some of one supplier, some without what others have."""
    return {
        "offer_id": f"61000000000{number}",
        "marketplace": OTHER_MARKETPLACE if number % 4 == 3 else MARKETPLACE,
        "price": None if number == 5 else Decimal("18.5") + number,
        "moq": None if number == 6 else (1, 5, 200)[number % 3],
        "similarity": None if number == 7 else 0.97 - number / 20,
        "tiers": [[100, "15.00"], [1000, "12.50"]] if number % 2 else [],
        "supplier_id": f"b2b-{number // 2}",
        "supplier_name": "" if number == 11 else f"白沟恒达箱包厂 {number // 2}",
        "supplier_years": 3 + number,
        "supplier_credit": None if number == 8 else number % 6,
        "identities": ["super-factory", "verified"] if number % 3 == 0 else [],
    }


def _batches(team: Team, owner: User) -> dict:
    asked = {"user": owner, "team": team, "marketplaces": [MARKETPLACE], "question": {"wanted": 50}}
    put_together = batching.create_batch(title="Spring", **asked)
    put_in(put_together, "cup.jpg", picture(3))
    put_in(put_together, "broken.jpg", b"not a picture")
    batch = batching.create_batch(title="Autumn", **asked)
    rows = [found_row(batch, number, offers=3, data=picture(10 + number), name=f"杯子 {number}") for number in (1, 2)]
    found_row(batch, 3, status=SearchJob.Status.FAILED, data=picture(20))
    Batch.objects.filter(pk=batch.pk).update(status=Batch.Status.DONE, started_at=NOON, finished_at=NOON)
    return {"batch": batch, "put_together": put_together, "row": rows[0]}


def _lists(team: Team, buyer: User, lead: User, job: SearchJob) -> dict:
    spring = listing.create_list(user=buyer, team=team, name="Spring bags")
    listing.save_matches(user=buyer, supplier_list=spring, matches=SupplierMatch.objects.filter(job=job)[:6])
    entry, proposed, rejected, *_others = spring.entries.order_by("pk")
    entry = listing.change_entry(
        user=buyer,
        entry=entry,
        version=entry.version,
        assignee=lead,
        due_on=timezone.localdate(),
        tags=tags_text(["spring", "红色"]),
        note="Zips are good.",
    )
    proposed = listing.propose(user=buyer, entry=proposed, version=proposed.version, proposal="The best of them.")
    listing.change_entry(
        user=buyer, entry=rejected, version=rejected.version, status=Status.REJECTED, reason="late samples"
    )
    listing.comment(user=buyer, entry=entry, text="@bob 请看一下")
    attachment = listing.attach(user=buyer, entry=entry, upload=SimpleUploadedFile("报价.pdf", PDF))
    return {"supplier_list": spring, "entry": entry, "proposed": proposed, "attachment": attachment}


def _catalogue(team: Team, owner: User) -> dict:
    """An item with everything, and others in every state; a search that found some, and offers for some."""
    item = ItemFactory(
        team=team,
        created_by=owner,
        code="BAG-0001",
        name="大容量防水旅行包 男女通用短途出差手提行李袋",
        url="https://detail.1688.com/offer/610000000000.html",
        tiers=[[2, "23.5"], [100, "21.8"], [500, "20.15"]],
        last_bought=date(2026, 3, 1),
        notes="Good zips. Answers within a day.",
    )
    for number in range(3):
        ItemPictureFactory(item=item, data=picture(number), vector_version=VERSION if number else "")
    for number in range(2, 9):
        made = ItemFactory(team=team, code=f"BAG-{number:04}", price=None if number == 5 else Decimal(number * 7))
        if number != 4:
            trouble = "unreadable" if number == 6 else ""
            ItemPictureFactory(
                item=made, data=picture(number), vector_version="" if trouble else VERSION, trouble=trouble
            )
    ItemFactory(team=team, code="OLD-1", archived_at=NOON)
    own = _own_search(team, owner, item)
    return {"item": item, "own": own} | _offers_for_items(owner, team, own)


def _own_search(team: Team, owner: User, item: Item) -> SearchJob:
    """A search beside whose offers stands what the team has: one item twice, and one that looks like it."""
    photo = QueryImageFactory(team=team, uploaded_by=owner, data=picture(30))
    job = SearchJobFactory(team=team, owner=owner, image=photo, title="Do we have it?")
    found = zip([item, *Item.objects.exclude(pk=item.pk)[:1]], (0.93, 0.84), strict=True)
    SearchCallFactory(job=job, marketplace=CATALOG, credential=None, credential_name="", offers_found=2)
    SearchCallFactory(job=job, offers_found=3)
    for rank, (one, alike) in enumerate(found, 1):
        SupplierMatchFactory(
            job=job, marketplace=CATALOG, offer_id=str(one.pk), title=str(one), url=one.get_absolute_url(), rank=rank,
            similarity=None, visual=alike, price=one.price, supplier_name=one.supplier_name, supplier_id="",
        )  # fmt: skip
    for number in range(3):
        SupplierMatchFactory(job=job, **_offer(number))
    return job


def _offers_for_items(owner: User, team: Team, own: SearchJob) -> dict:
    """Of all items the first three are begun, in each state; some wait, and one has no picture."""
    found = matching.collect(user=owner, team=team, items=Item.objects.all())
    batch = matching.begin(user=owner, matching=found, marketplaces=[MARKETPLACE], wanted=50, budget=3, begun_before=0)
    Batch.objects.filter(pk=batch.pk).update(marketplaces=[CATALOG, MARKETPLACE])
    first, second, _third = batch.rows.all()
    BatchRow.objects.filter(pk=first.pk).update(state=BatchRow.State.READY, started=True, job=own)
    BatchRow.objects.filter(pk=second.pk).update(state=BatchRow.State.REFUSED, error_message="The picture is gone.")
    return {"matching": found, "matched": batch}


def _dossiers(team: Team, buyer: User, lead: User) -> dict:
    supplier, other, third = (
        dossier.open_record(team=team.pk, key=SupplierKey(MARKETPLACE, f"b2b-{number}", "")) for number in (0, 1, 2)
    )
    note = dossier.write_note(user=buyer, supplier=supplier, text="They answer within the hour.")
    dossier.write_note(user=lead, supplier=supplier, text="Samples came late.")
    file = dossier.attach_file(user=buyer, supplier=supplier, upload=SimpleUploadedFile("证书.pdf", PDF))
    merge_suppliers(user=buyer, survivor=supplier, merged=third)
    return {"supplier": supplier, "other": other, "note": note, "file": file}


def _saved(owner: User, job: SearchJob) -> dict:
    search = saving.save_search(user=owner, job=job, name="Bags", query="price_to=200&sort=price")
    first = search.runs.first()
    later = SearchJobFactory(team=job.team, owner=owner, image=job.images.first(), title="Bags again")
    SearchCallFactory(job=later)
    for number in range(2, 8):
        SupplierMatchFactory(job=later, **_offer(number) | {"price": Decimal("17") + number * 2})
    SupplierMatchFactory(job=later)
    run = Run.objects.create(search=search, job=later)
    view = saving.save_view(user=owner, team=job.team, name="Cheap ones", query="price_to=20&sort=price")
    assert first is not None
    return {"search": search, "run": run, "view": view}


def _exported(owner: User, team: Team, batch: Batch) -> Export:
    return writing.ask_for(
        user=owner, team=team, writer="batch", kind="xlsx", subject=batch.pk, label="Autumn", language="en", params={}
    )
