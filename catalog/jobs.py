"""What workers do for the catalogue. The rows are the truth, the queue only rings."""

from catalog import embedding


def embed_pictures() -> None:
    """Make vectors of pictures that wait for them, for some seconds."""
    embedding.work()


def ring_due() -> bool:
    """Ring for what nobody is at. Answers whether the bell was heard."""
    return embedding.ring_due()
