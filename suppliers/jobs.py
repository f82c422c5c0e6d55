"""What workers do for supplier lists. The rows are the truth, the queue only rings."""

from suppliers import pictures


def keep_picture(picture_id: int) -> None:
    """Fetch and store an offer's picture, unless somebody else is at it."""
    pictures.keep(picture_id)


def ring_due() -> bool:
    """Ring for what nobody is at. Answers whether the bell was heard."""
    return pictures.ring_due()
