"""Every address of the portal by its URL name: which of them are pages, and of what."""

from collections.abc import Callable

from django.urls import reverse

from tests.browser.world import World

Address = Callable[[World], str | list[str]]


def at(name: str, *numbers: str, query: str = "") -> Address:
    """The address of a URL name, its numbers those of the world's things: `at("searches:detail", "job")`."""

    def address(world: World) -> str:
        return reverse(name, args=[getattr(world, number).pk for number in numbers]) + query.format(world=world)

    return address


def entry(name: str, *numbers: str) -> Address:
    return at(f"suppliers:{name}", "supplier_list", "entry", *numbers)


FOUND = "?team={world.team.pk}&marketplace=image_search_md5&id=b2b-3"
CHOSEN = "?match={world.matches[0].pk}&match={world.matches[1].pk}&quantity=500&costs={world.profile.pk}"
COMPARED = "?quantity=500&costs={world.profile.pk}&weights={world.weights.pk}&group=supplier&price_to=900"

# What each URL name shows. A page that is not here, or below, fails test_every_address_is_looked_at (test_access.py).
PAGES: dict[str, list[Address]] = {
    "accounts:password": [at("accounts:password")],
    "batches:index": [at("batches:index")],
    "batches:new": [at("batches:new")],
    "batches:detail": [
        at("batches:detail", "batch"),
        at("batches:detail", "put_together"),
        at("batches:detail", "matched"),
    ],
    "batches:cancel": [at("batches:cancel", "put_together")],
    "batches:coverage": [at("batches:coverage", "batch")],
    "catalog:index": [
        at("catalog:index"),
        at("catalog:index", query="?q=bag&archived=1"),
        at("catalog:index", query="?supplier=nobody&sort=-price"),
    ],
    "catalog:create": [at("catalog:create")],
    "catalog:imports": [at("catalog:imports")],
    "catalog:import": [
        at("catalog:import", f"{step}_import") for step in ("begun", "mapped", "tried", "refused", "done")
    ],
    "catalog:matchings": [at("catalog:matchings")],
    "catalog:matching": [
        at("catalog:matching", "matching"),
        at("catalog:matching", "matching", query="?wanted=200&budget=1&marketplaces=image_search_md5"),
    ],
    "catalog:item": [at("catalog:item", "item")],
    "catalog:edit": [at("catalog:edit", "item")],
    "catalog:delete": [at("catalog:delete", "item")],
    "dossiers:index": [at("dossiers:index")],
    "dossiers:find": [at("dossiers:find", query=FOUND)],
    "dossiers:detail": [at("dossiers:detail", "supplier")],
    "dossiers:rename": [at("dossiers:rename", "supplier")],
    "dossiers:rename-found": [at("dossiers:rename-found", query=FOUND)],
    "dossiers:add-note": [at("dossiers:add-note", "supplier")],
    "dossiers:add-note-found": [at("dossiers:add-note-found", query=FOUND)],
    "dossiers:add-file": [at("dossiers:add-file", "supplier")],
    "dossiers:add-file-found": [at("dossiers:add-file-found", query=FOUND)],
    "dossiers:merge": [at("dossiers:merge", "supplier")],
    "dossiers:merge-with": [at("dossiers:merge-with", "supplier", "other")],
    "dossiers:edit-note": [at("dossiers:edit-note", "note")],
    "dossiers:delete-note": [at("dossiers:delete-note", "note")],
    "dossiers:remove-file": [at("dossiers:remove-file", "file")],
    "exports:index": [at("exports:index")],
    "exports:detail": [at("exports:detail", "export")],
    "exports:delete": [at("exports:delete", "export")],
    "reckoning:profiles": [at("reckoning:profiles")],
    "reckoning:profile-new": [at("reckoning:profile-new")],
    "reckoning:profile": [at("reckoning:profile", "profile")],
    "reckoning:profile-edit": [at("reckoning:profile-edit", "profile")],
    "reckoning:profile-delete": [at("reckoning:profile-delete", "profile")],
    "reckoning:weights-list": [at("reckoning:weights-list")],
    "reckoning:weights-new": [at("reckoning:weights-new")],
    "reckoning:weights": [at("reckoning:weights", "weights")],
    "reckoning:weights-edit": [at("reckoning:weights-edit", "weights")],
    "reckoning:weights-delete": [at("reckoning:weights-delete", "weights")],
    "reckoning:rates": [at("reckoning:rates")],
    "saved:index": [at("saved:index")],
    "saved:new": [at("saved:new", query="?job={world.job.pk}")],
    "saved:detail": [at("saved:detail", "search")],
    "saved:edit": [at("saved:edit", "search")],
    "saved:changes": [at("saved:changes", "search", "run")],
    "saved:rename": [at("saved:rename", "search")],
    "saved:share": [at("saved:share", "search")],
    "saved:delete": [at("saved:delete", "search")],
    "saved:views": [at("saved:views")],
    "saved:view": [at("saved:view", "view")],
    "saved:view-rename": [at("saved:view-rename", "view")],
    "saved:view-share": [at("saved:view-share", "view")],
    "saved:view-delete": [at("saved:view-delete", "view")],
    "searches:new": [at("searches:new"), at("searches:new", query="?like={world.job.pk}")],
    "searches:list": [at("searches:list")],
    "searches:detail": [
        at("searches:detail", "job"),
        at("searches:detail", "job", query=COMPARED),
        at("searches:detail", "job", query="?credit_from=5&price_to=1"),
        at("searches:detail", "running"),
        at("searches:detail", "broken"),
        at("searches:detail", "empty"),
        at("searches:detail", "own"),
    ],
    "searches:delete": [at("searches:delete", "job")],
    "searches:side-by-side": [at("searches:side-by-side", "job"), at("searches:side-by-side", "job", query=CHOSEN)],
    "searches:diagrams": [at("searches:diagrams", "job", query=CHOSEN)],
    "searches:pack": [at("searches:pack", "job", query=CHOSEN)],
    "suppliers:index": [at("suppliers:index")],
    "suppliers:create": [at("suppliers:create")],
    "suppliers:detail": [at("suppliers:detail", "supplier_list")],
    "suppliers:pack": [at("suppliers:pack", "supplier_list")],
    "suppliers:board": [at("suppliers:board", "supplier_list")],
    "suppliers:rename": [at("suppliers:rename", "supplier_list")],
    "suppliers:share": [at("suppliers:share", "supplier_list")],
    "suppliers:delete": [at("suppliers:delete", "supplier_list")],
    "suppliers:inquiries": [at("suppliers:inquiries", "supplier_list")],
    "suppliers:inquiry": [at("suppliers:inquiry", "supplier_list", query="?of={world.entry.pk}")],
    "suppliers:questions": [at("suppliers:questions", "supplier_list")],
    "suppliers:entry": [entry("entry"), at("suppliers:entry", "supplier_list", "proposed")],
    "suppliers:note": [entry("note")],
    "suppliers:remove": [entry("remove")],
    "suppliers:remove-file": [entry("remove-file", "attachment")],
}
# Which have no page of their own: they lead on at once, answer with a file or a fragment, or only take what is posted.
LEADING_ON = {"home", "saved:open", "accounts:resume", "accounts:sign-in"}
FILES = {
    "healthz",
    "batches:coverage-csv",
    "catalog:import-template",
    "catalog:picture",
    "catalog:thumb",
    "dossiers:file",
    "exports:download",
    "searches:export",
    "searches:picture",
    "searches:thumb",
    "searches:preview",
    "searches:public-picture",
    "suppliers:export",
    "suppliers:file",
    "suppliers:inquiry-workbook",
    "suppliers:picture",
}
FRAGMENTS = {"catalog:progress", "reckoning:profile-example", "reckoning:weights-example"}
POSTED = {
    "set_language",
    *(f"accounts:{verb}" for verb in ("sign-out", "resend", "discard")),
    *(f"batches:{verb}" for verb in ("start", "pause", "resume", "retry", "folders", "export")),
    *(f"batches:{verb}" for verb in ("announce", "part", "confirm", "upload", "replace")),
    *(f"catalog:{verb}" for verb in ("bulk", "export", "add-entry", "add-pictures", "archive", "match-item")),
    *(f"catalog:{verb}" for verb in ("first-picture", "remove-picture")),
    *(f"catalog:import-{verb}" for verb in ("announce", "part", "upload")),
    *(f"catalog:import-{verb}" for verb in ("columns", "again", "start", "cancel", "rejected")),
    *(f"dossiers:{verb}" for verb in ("keep", "undo-merge")),
    *(f"reckoning:{verb}" for verb in ("profile-restore", "weights-default")),
    *(f"saved:{verb}" for verb in ("again", "lock", "star", "keep", "copy", "view-default")),
    *(f"saved:view-{verb}" for verb in ("lock", "star", "keep", "copy")),
    *(f"searches:{verb}" for verb in ("trial", "hint", "again", "part", "cancel", "retry", "workbook")),
    *(f"suppliers:{verb}" for verb in ("save", "read-all", "bulk", "change", "move", "refresh", "propose", "answer")),
    *(f"suppliers:{verb}" for verb in ("withdraw", "comment", "attach", "workbook")),
}
