"""What workers do for exports. The rows are the truth, the queue only rings."""

from django.utils import timezone

from exports import doorbell, writing
from exports.models import Export

MOST_RUNG_AT_ONCE = 50


def write_export(export_id: int) -> None:
    """Write a file that somebody asked for, unless somebody else is at it."""
    writing.write(export_id)


def ring_due() -> bool:
    """Ring for what nobody is at. Answers whether the bell was heard."""
    return doorbell.ring(Export.objects.due(timezone.now()).order_by("asked_at")[:MOST_RUNG_AT_ONCE])
