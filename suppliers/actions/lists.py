"""What is done with a whole list."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from suppliers.models import DeletedList, Stage, SupplierList
from suppliers.trouble import ListHeld

MOST_QUESTIONS, LONGEST_QUESTION = 30, 300


@transaction.atomic
def create_list(*, user: User, team: Team, name: str) -> SupplierList:
    """Raises `ValidationError` for an empty or too long name, and for one that the team already uses."""
    supplier_list = SupplierList(team=team, owner=user, name=" ".join(name.split()))
    _save(supplier_list)
    return supplier_list


@transaction.atomic
def rename_list(*, supplier_list: SupplierList, name: str) -> None:
    """Raises `ValidationError` as `create_list` does; the list then keeps its name."""
    renamed = SupplierList.objects.select_for_update().get(pk=supplier_list.pk)
    renamed.name = " ".join(name.split())
    _save(renamed)
    supplier_list.name = renamed.name


@transaction.atomic
def delete_list(*, user: User, supplier_list: SupplierList) -> None:
    """With its entries and what was said of them; that there was one is remembered for those who have it open.

    Raises `ListHeld`: approved choices are withdrawn first. The searches that found the offers stay.
    """
    SupplierList.objects.select_for_update().get(pk=supplier_list.pk)
    approved = supplier_list.entries.filter(stage=Stage.APPROVED).count()
    if approved:
        raise ListHeld(supplier_list, approved)
    gone = DeletedList.objects.create(
        number=supplier_list.pk,
        name=supplier_list.name,
        team=supplier_list.team,
        owner=supplier_list.owner,
        audience=supplier_list.audience,
        deleted_by=user,
    )
    gone.people.set(supplier_list.people.all())
    supplier_list.delete()


@transaction.atomic
def set_questions(*, supplier_list: SupplierList, questions: Iterable[tuple[str, str]]) -> None:
    """What inquiries ask, (Chinese, English) each; without any, the usual questions. Raises `ValidationError`."""
    kept = [[chinese.strip(), english.strip()] for chinese, english in questions if chinese.strip() or english.strip()]
    if len(kept) > MOST_QUESTIONS:
        raise ValidationError(
            _("An inquiry asks up to %(most)d questions.") % {"most": MOST_QUESTIONS}, code="too-many"
        )
    if any(len(text) > LONGEST_QUESTION for pair in kept for text in pair):
        raise ValidationError(
            _("A question has up to %(most)d characters.") % {"most": LONGEST_QUESTION}, code="too-long"
        )
    supplier_list.questions = kept
    supplier_list.save(update_fields=["questions"])


def _save(supplier_list: SupplierList) -> None:
    """Raises `ValidationError`, also when somebody takes the name between the look for it and the save."""
    # Whose owner is gone can still be renamed.
    supplier_list.full_clean(exclude=["owner"])
    try:
        with transaction.atomic():
            supplier_list.save()
    except IntegrityError:
        # The other list can be seen by now, and be told of.
        supplier_list.validate_constraints()
        raise
