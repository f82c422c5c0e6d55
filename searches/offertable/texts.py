"""Texts of all rows as one, so that a word is found in a hundred thousand of them in some milliseconds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from searches.offertable.types import Integers, Mask

# Texts of offers hold no control characters; one that does is parted no other way.
END = "\n"


@dataclass(frozen=True)
class Texts:
    """One text a row, casefolded.

    joined: all of them, each followed by END. starts: int32 or int64 (n,), where each begins in it.
    """

    joined: str
    starts: Integers

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        folded = [text.casefold().replace(END, " ") for text in texts]
        lengths = np.fromiter((len(text) + 1 for text in folded), dtype=np.int64, count=len(folded))
        ends = np.cumsum(lengths)
        starts = ends - lengths
        small = len(folded) == 0 or ends[-1] < np.iinfo(np.int32).max
        return cls("".join(f"{text}{END}" for text in folded), starts.astype(np.int32) if small else starts)

    @property
    def nbytes(self) -> int:
        # As the interpreter keeps them: with the width of the widest sign; and the places, once they are asked for.
        return self.joined.__sizeof__() + int(self.starts.nbytes) + 4 * len(self.starts)

    def containing(self, word: str) -> Mask:
        """Which rows hold the word, whatever its case. `word` holds no END."""
        found = np.zeros(len(self.starts), dtype=np.bool_)
        hits = re.finditer(re.escape(word.casefold()), self.joined)
        places = np.fromiter((hit.start() for hit in hits), dtype=np.int64)
        found[np.searchsorted(self.starts, places, side="right") - 1] = True
        return found

    @cached_property
    def places(self) -> npt.NDArray[np.int32]:
        """(n,) each text's place among the different ones in the order of their signs; -1 for none at all."""
        texts = self.joined.split(END)[:-1]
        place = {text: number for number, text in enumerate(sorted(set(texts) - {""}))}
        return np.fromiter((place.get(text, -1) for text in texts), dtype=np.int32, count=len(texts))
