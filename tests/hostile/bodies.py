"""Bodies for the embedded workspace's calls: nearly right, or any JSON at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from automation.local.schema import Choice, Many, Message, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from automation.local.schema import Spec

_DEEPEST: Final = 6
_ODD: Final = 0.02
"""How often any JSON at all stands where something is expected."""

TEXTS: Final = (
    *("", "a", "Réponses", "42", "-0", "1e309", "=1+1", "=A1", "=", "'", "'42", "\ud800", "\x00"),
    *("2023-01-16", "12:30", "0001-01-01", "9999-12-31", "10 %", "TRUE", "#REF!", "é" * 300),
    *("A1", "A1:B2", "A:A", "1:1", "Feuille!A1", "'Réponses'!B2:A1", "Z99999999", "A0", "!"),
    *("*", "title", "userEnteredValue", "userEnteredFormat.numberFormat", "gridProperties"),
    *("yyyy-mm-dd", "#,##0.00", "[h]:mm", "@", "0.00E+00", "lise@example.org", "me", "root"),
    *("VGVzdA==", "VG86IGFAYi5jDQoNCkJvbmpvdXI=", "SGVsbG8", "reader", "user", "((", '"'),
    "2023-01-16T07:00:00Z",
)
_NUMBERS: Final = (
    *(0, 1, 2, 3, 5, 7, 8, 9, 26, 1000, -1, 10_000_001, 10**30, 0.5, 3.0, 1e308),
    *(2**31 - 1, 2**31, -(2**31)),
)
_LEAVES: Final = (None, True, False, float("nan"), float("inf"), *_NUMBERS, *TEXTS)


class BodyMaker(Struct, frozen=True, kw_only=True):
    """Makes JSON for a message: most fields of the declared type, some of any.

    Attributes:
        hints: What is worth trying in a field of that name, such as ids that exist.
        kinds: The requests that a batch may hold, where the message is one.
    """

    random: Random
    hints: Mapping[str, tuple[Any, ...]]
    kinds: Mapping[str, Spec]

    def make_message(self, spec: Message, depth: int = 0) -> dict[str, Any]:
        """Return an object with some of the message's fields."""
        fields = sorted(name for name, inner in spec.fields.items() if inner is not Scalar.ABSENT)
        if depth > _DEEPEST or not fields:
            return {}
        wanted = self.random.choice((2, 4, len(fields)))
        chosen = [name for name in fields if self.random.random() < wanted / len(fields)]
        if depth == 0 and self.kinds:
            chosen = sorted({*chosen, "requests"})
        chosen = self._keep_one(chosen, spec.one_of)
        return {name: self._make(name, spec.fields[name], depth) for name in chosen}

    def _make(self, name: str, spec: Spec, depth: int) -> Any:
        random = self.random
        if random.random() < _ODD:
            return self._make_any(depth)
        if name == "requests" and self.kinds:
            return [self._make_request() for _ in range(random.choice((1, 1, 2, 3)))]
        if isinstance(spec, Message):
            return self.make_message(spec, depth + 1)
        if isinstance(spec, Many):
            count = random.choice((0, 1, 1, 1, 2)) if depth < _DEEPEST else 0
            return [self._make(name, spec.item, depth) for _ in range(count)]
        if isinstance(spec, Choice):
            return random.choice(sorted(spec.values))
        return self._make_scalar(name, spec, depth)

    def _make_request(self) -> dict[str, Any]:
        kind = self.random.choice(sorted(self.kinds))
        return {kind: self._make(kind, self.kinds[kind], 1)}

    def _keep_one(self, chosen: list[str], one_of: frozenset[str]) -> list[str]:
        """Leave only one of those that exclude each other, mostly."""
        rivals = [name for name in chosen if name in one_of]
        if len(rivals) < 2 or self.random.random() < _ODD:
            return chosen
        kept = self.random.choice(rivals)
        return [name for name in chosen if name == kept or name not in one_of]

    def _make_scalar(self, name: str, kind: Scalar, depth: int) -> Any:
        if name in self.hints and kind is not Scalar.ANY:
            return self.random.choice(self.hints[name])
        if kind is Scalar.BOOL:
            return self.random.choice((True, False))
        if kind is Scalar.STRING:
            return self.random.choice(TEXTS)
        return self._make_any(depth) if kind is Scalar.ANY else self.random.choice(_NUMBERS)

    def _make_any(self, depth: int) -> Any:
        kind = self.random.choice(["leaf", "leaf", "leaf", "list", "object"])
        if kind == "leaf" or depth > _DEEPEST:
            return self.random.choice(_LEAVES)
        inner = [self._make_any(depth + 2) for _ in range(self.random.randrange(3))]
        if kind == "list":
            return inner
        return dict(zip(("a", "sheetId", "values"), inner, strict=False))
