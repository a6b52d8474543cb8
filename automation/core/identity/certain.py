"""Rule 1: who is certainly whom, by exact composite keys only.

Equal name and equal e-mail, with phones that are not both present and different; or an identical
resubmission, to the letter, from somebody who gave a phone. A missed match costs an organiser one
click; a false one loses a registration, so nothing fuzzy decides here.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from msgspec import Struct, field

from automation.core.identity.keys import email_key, name_key, phone_keys


class Likeness(NamedTuple):
    """What is compared of a registration: see the keys above.

    Attributes:
        answers: Hash of all that was answered, to the letter; "" where it is not known.
    """

    name: str
    email: str
    phones: frozenset[str]
    answers: str = ""


def likeness(name: str, email: str, phone: str, answer_hash: str = "") -> Likeness:
    """Return the keys of a registration from what the person wrote.

    Args:
        answer_hash: Hash of the answers beside name, e-mail and phone; "" where it is not known.
    """
    answers = f"{answer_hash}\x1f{email}\x1f{phone}" if answer_hash else ""
    return Likeness(name_key(name), email_key(email), phone_keys(phone), answers)


class _Trace(NamedTuple):
    """What one registration told of somebody."""

    source: int
    person: Any
    phones: frozenset[str]


class _Group(Struct):
    """Those of one name and mailbox.

    Attributes:
        traces: By source.
        since: The oldest source of each person.
        phones: Those of each person.
        holders: Who has a phone; "" for those who have none.
    """

    traces: dict[int, _Trace] = field(default_factory=dict)
    since: dict[Any, int] = field(default_factory=dict)
    phones: dict[Any, frozenset[str]] = field(default_factory=dict)
    holders: defaultdict[str, set[Any]] = field(default_factory=lambda: defaultdict(set))

    def add(self, trace: _Trace) -> None:
        """Add what a registration told."""
        person = trace.person
        self.traces[trace.source] = trace
        self.since[person] = min(trace.source, self.since.get(person, trace.source))
        self.phones[person] = self.phones.get(person, frozenset()) | trace.phones
        for phone in trace.phones:
            self.holders[phone].add(person)
        if self.phones[person]:
            self.holders[""].discard(person)
        else:
            self.holders[""].add(person)

    def without(self, source: int) -> _Group:
        """Return the group without what a registration told."""
        rest = _Group()
        for trace in self.traces.values():
            if trace.source != source:
                rest.add(trace)
        return rest

    def find(self, phones: frozenset[str]) -> Any | None:
        """Return the oldest person with one of these phones, else the oldest without a clash."""
        shared = {person for phone in phones for person in self.holders.get(phone, ())}
        open_ended = self.holders.get("", ()) if phones else self.since
        return min(shared or open_ended, key=self.since.__getitem__, default=None)


class Directory(Struct):
    """The people known so far, found by exact composite keys.

    Where a group of equal names and e-mails holds clashing phones, an answer without a phone
    belongs to whom the oldest registration of the group does.
    """

    _by_key: defaultdict[tuple[str, ...], _Group] = field(
        default_factory=lambda: defaultdict(_Group)
    )
    _keys: dict[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def find(self, who: Likeness) -> Any | None:
        """Return the person that this surely is, else None."""
        for key in _keys(who):
            group = self._by_key.get(key)
            person = group.find(who.phones) if group else None
            if person is not None:
                return person
        return None

    def put(self, source: int, person: Any, *told: Likeness) -> None:
        """Remember what a registration says of somebody, instead of what it said before.

        Args:
            source: The registration's number; the lower, the older.
            told: Its likeness, once for each answer that led to it.
        """
        for key in self._keys.get(source, ()):
            self._by_key[key] = self._by_key[key].without(source)
        phones = frozenset().union(*(who.phones for who in told))
        self._keys[source] = tuple(dict.fromkeys(key for who in told for key in _keys(who)))
        for key in self._keys[source]:
            self._by_key[key].add(_Trace(source, person, phones))


def _keys(who: Likeness) -> tuple[tuple[str, ...], ...]:
    """Return what must be equal: name and mailbox; else, to the letter, an answer with a phone."""
    if not who.name:
        return ()
    if who.email:
        return ((who.name, who.email),)
    return ((who.name, "", who.answers),) if who.phones and who.answers else ()
