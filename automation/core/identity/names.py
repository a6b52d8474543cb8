"""How alike two names are, for a suggestion; nothing here decides by itself."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz.distance import Indel

from automation.core.identity.given_names import GIVEN_NAMES, may_be_one_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NEAR_ENOUGH: Final = 0.85
SUFFIXES: Final = {
    "pere": "older",
    "senior": "older",
    "sr": "older",
    "fils": "younger",
    "junior": "younger",
    "jr": "younger",
    "ii": "second",
    "iii": "third",
}
# Below this, the words in which two names differ are different words, not one of them mistyped.
_SAME_WORD: Final = 0.6
# What is left of certainty when the names differ in more than letters.
_LONGER_SURNAME: Final = 0.95  # Roy, Roy-Caron
_LONGER_GIVEN: Final = 0.88  # Jean, Jean-François
_OTHER_FORM: Final = 0.93  # Robert, Bob
_INITIALS: Final = 0.92  # Jean-François, JF


class Kind(Enum):
    """What two names say of whether their bearers are one person."""

    NEAR = "near"
    UNSURE = "unsure"
    DIFFERENT = "different"


class Comparison(NamedTuple):
    """How two names compare.

    Attributes:
        similarity: 0 to 1; 1 for the same words, 0 where they say nothing.
        one_given: Whether the given names are equal where the surnames are not.
        one_suffix: Whether one alone has a suffix: père, fils.
    """

    kind: Kind
    similarity: float = 0.0
    one_given: bool = False
    one_suffix: bool = False


class Name(NamedTuple):
    """A name taken apart.

    Attributes:
        words: Folded, given names first, without the suffix.
        bag: The same in no order.
        given: Those that are the given name: the first, and known given names that follow it.
        suffix: "older", "younger", …; "" for none.
    """

    words: tuple[str, ...]
    bag: frozenset[str]
    given: frozenset[str]
    suffix: str

    @property
    def surname(self) -> str:
        """The last word; "" for no name."""
        return self.words[-1] if self.words else ""


@lru_cache(maxsize=16_384)
def take_apart(words: str) -> Name:
    """Return the parts of a name, folded, in order: given names first."""
    found = words.split()
    suffixes = [word for word in found[1:] if word in SUFFIXES]
    if suffixes:
        found = [found[0], *(word for word in found[1:] if word not in SUFFIXES)]
    return Name(
        tuple(found),
        frozenset(found),
        frozenset(_given_words(found)),
        SUFFIXES[suffixes[0]] if suffixes else "",
    )


def _given_words(words: Sequence[str]) -> Iterable[str]:
    """Yield the first word and the known given names after it, leaving a surname."""
    for position, word in enumerate(words):
        if position and (word not in GIVEN_NAMES or position == len(words) - 1):
            return
        yield word


def compare_names(one: str, other: str) -> Comparison:
    """Return how alike two names are, folded, given names first; symmetric.

    Two different known given names (Denis, Denise) make two different names, however near.
    """
    if one == other:
        return _EQUAL if one else _UNKNOWN
    if _are_different(_known_given_names(one), _known_given_names(other)):
        return _DIFFERENT
    left, right = take_apart(one), take_apart(other)
    if not (left.words and right.words):
        return _UNKNOWN
    if left.suffix and right.suffix and left.suffix != right.suffix:
        return _DIFFERENT
    if (right.words, right.suffix) < (left.words, left.suffix):
        left, right = right, left
    found = _compare_words(left, right)
    if left.suffix == right.suffix or found.kind is Kind.DIFFERENT:
        return found
    return Comparison(Kind.UNSURE, one_suffix=True)


_EQUAL: Final = Comparison(Kind.NEAR, 1.0)
_DIFFERENT: Final = Comparison(Kind.DIFFERENT)
_UNKNOWN: Final = Comparison(Kind.UNSURE)


@lru_cache(maxsize=4096)
def _known_given_names(words: str) -> frozenset[str]:
    return GIVEN_NAMES.intersection(words.split())


def _are_different(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether each has a known given name that the other has in no form."""
    if one.issubset(other) or other.issubset(one):
        return False
    return not any(may_be_one_name(a, b) for a in one - other for b in other - one)


def _compare_words(left: Name, right: Name) -> Comparison:
    ours = [word for word in left.words if word not in right.bag]
    other = [word for word in right.words if word not in left.bag]
    certainty = min(_drop_initials(ours, other), _drop_initials(other, ours))
    certainty = min(certainty, _drop_other_forms(ours, other))
    if ours and other:
        return _compare_rest(left, right, ours, other, certainty)
    if ours or other:
        return _compare_longer(left, right, ours or other, certainty)
    return Comparison(Kind.NEAR, certainty)


def _drop_initials(short: list[str], long: list[str]) -> float:
    """Drop the words of `short` that are initials of words of `long`, and those words."""
    certainty = 1.0
    for word in tuple(short):
        size = len(word)
        for start in range(len(long) - size + 1 if size <= 2 else 0):  # noqa: PLR2004 - JF
            meant = long[start : start + size]
            if all(len(m) > 1 and m[0] == letter for m, letter in zip(meant, word, strict=True)):
                short.remove(word)
                del long[start : start + size]
                certainty = _INITIALS
                break
    return certainty


def _drop_other_forms(ours: list[str], others: list[str]) -> float:
    """Drop the given names of which one is a form of the other."""
    certainty = 1.0
    for word in tuple(ours):
        form = next((other for other in others if may_be_one_name(word, other)), None)
        if form is not None:
            ours.remove(word)
            others.remove(form)
            certainty = _OTHER_FORM
    return certainty


def _compare_longer(left: Name, right: Name, extra: list[str], certainty: float) -> Comparison:
    """Compare names of which one has all the words of the other, and some more."""
    if min(len(left.words), len(right.words)) < 2:  # noqa: PLR2004 - a given name and a surname
        return _UNKNOWN
    if not (left.given | right.given).intersection(extra):
        return Comparison(Kind.NEAR, min(certainty, _LONGER_SURNAME))
    if left.words[0] == right.words[0] or certainty < 1:
        return Comparison(Kind.NEAR, min(certainty, _LONGER_GIVEN))
    return _DIFFERENT


def _compare_rest(
    left: Name, right: Name, ours: list[str], others: list[str], certainty: float
) -> Comparison:
    """Compare names by the words in which they differ, as one of them may be mistyped."""
    rest = max(_ratio(ours, others), _ratio(sorted(ours), sorted(others)))
    if rest >= _SAME_WORD:
        differing = len(" ".join(ours)) + len(" ".join(others))
        whole = len(" ".join(left.words)) + len(" ".join(right.words))
        similarity = min(certainty, 1 - (1 - rest) * differing / whole)
        if similarity >= NEAR_ENOUGH:
            return Comparison(Kind.NEAR, similarity)
        return _UNKNOWN
    one_given = left.given == right.given and bool(left.given & GIVEN_NAMES)
    return Comparison(Kind.UNSURE, one_given=True) if one_given else _DIFFERENT


def _ratio(ours: Sequence[str], others: Sequence[str]) -> float:
    return Indel.normalized_similarity(" ".join(ours), " ".join(others))
