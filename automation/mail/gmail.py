"""Messages that leave by the Gmail API: as drafts first, since a draft can be sent only once.

Gmail rewrites our Message-ID, so a message is known again by its key, in a header of its own, and
by the thread of its draft, which sending does not change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import requests
from msgspec import Struct

from automation.core.model import phrase
from automation.google.calls import LostAnswerError, TurnedAwayError
from automation.google.gmail import Gmail, NotTakenError
from automation.google.pacing import Pace
from automation.google.retries import PATIENT, Retries, TransientError
from automation.mail.transport import (
    KEY_HEADER,
    Again,
    Fate,
    Parcel,
    Prepared,
    Sent,
    Trace,
    Unknown,
    Unsent,
    to_wire,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from automation.core.model import Phrase
    from automation.google.gmail import Draft, Found

_KEY: Final = KEY_HEADER.lower()
_A_MINUTE: Final = 54
"""Messages: Google grants 6,000 units a minute, and a draft that is made and sent costs 110."""


class Discarded(Struct, frozen=True, kw_only=True):
    """What became of drafts that were not to be kept.

    Attributes:
        deleted: How many are gone.
        left: References of those whose fate is not certain: a human looks.
    """

    deleted: int = 0
    left: tuple[str, ...] = ()


class GmailTransport:
    """Sends from the mailbox of the account whose session it is given."""

    def __init__(
        self,
        session: requests.Session,
        *,
        retries: Retries = PATIENT,
        pace: Pace | None = None,
    ) -> None:
        self._gmail = Gmail(session, retries)
        self._pace = pace or Pace(a_minute=_A_MINUTE)
        # What a message says never changes under one id: each draft is looked at once.
        self._keys: dict[str, str] = {}

    def prepare(self, parcels: Sequence[Parcel]) -> Mapping[str, Prepared | Unsent]:
        """Make a draft of each message, or take over the one that a crash left behind."""
        left_behind = self._find_drafts({parcel.key for parcel in parcels})
        return {parcel.key: self._draft(parcel, left_behind) for parcel in parcels}

    def _draft(self, parcel: Parcel, left_behind: Mapping[str, Draft]) -> Prepared | Unsent:
        raw = to_wire(parcel)
        former = left_behind.get(parcel.key)
        try:
            # What was left behind may promise a deadline that is no longer the one we record.
            draft = (
                self._gmail.update_draft(former.id, raw)
                if former
                else self._create(parcel.key, raw)
            )
        except NotTakenError as error:
            again = Again.LATER if error.code == requests.codes.not_found else Again.NEVER
            return Unsent(reason=_refused(error), again=again)
        self._keys[draft.message] = parcel.key
        return Prepared(
            key=parcel.key, reference=parcel.reference, draft=draft.id, thread=draft.thread
        )

    def _create(self, key: str, raw: bytes) -> Draft:
        """Make one draft; after a lost answer, see first whether there is one now."""

        def attempt() -> Draft:
            try:
                return self._gmail.create_draft(raw)
            except LostAnswerError:
                made = self._find_drafts({key}).get(key)
                if made is None:
                    raise
                return made

        return self._gmail.retries.persist(attempt, TransientError)

    def _find_drafts(self, keys: Collection[str]) -> dict[str, Draft]:
        """Return the drafts of ours that bear one of the keys."""
        found: dict[str, Draft] = {}
        for draft in self._gmail.list_drafts():
            key = self._key_of(draft.message)
            if key in keys:
                found[key] = draft
        return found

    def _key_of(self, message_id: str) -> str:
        """Return a message's key; "" where it bears none, or is gone."""
        if message_id not in self._keys:
            message = self._gmail.read_message(message_id, (KEY_HEADER,))
            self._keys[message_id] = message.headers.get(_KEY, "") if message else ""
        return self._keys[message_id]

    def send(self, parcel: Parcel, prepared: Prepared) -> Fate:  # noqa: ARG002 - the draft says it
        """Send the draft once; unless Gmail says that it did, look what became of it."""
        self._pace.wait()
        refusal: Unsent | Unknown | None
        try:
            return Sent(id=self._gmail.send_draft(prepared.draft))
        except NotTakenError as error:
            refusal = _refusal(error, prepared)
        except TurnedAwayError as error:
            detail = str(error.values.get("detail", ""))
            refusal = Unsent(reason=phrase("sending.limit", detail=detail), again=Again.HALT)
        except LostAnswerError:
            refusal = None
        fate = self.find(prepared)
        return refusal if refusal and isinstance(fate, Unsent) else fate

    def find(self, prepared: Prepared) -> Fate:
        """Look in the thread of the draft, then for the message's reference among what was sent."""
        return (
            self._find_in_thread(prepared)
            or self._find_by_reference(prepared)
            or Unknown(reason=phrase("sending.draft_gone", reference=prepared.reference))
        )

    def _find_in_thread(self, prepared: Prepared) -> Fate | None:
        """Return what the thread tells; None where it tells nothing."""
        if not prepared.thread:
            return None
        # Gmail may put messages of ours that are alike into one thread; a human who changed the
        # draft by hand may have lost its key.
        ours = [
            message
            for message in self._gmail.read_thread(prepared.thread, (KEY_HEADER,))
            if message.headers.get(_KEY, prepared.key) == prepared.key
        ]
        sent = [message for message in ours if message.is_sent]
        drafts = [message for message in ours if message.is_draft]
        certain = [message for message in sent if _KEY in message.headers]
        if certain or (sent and not drafts):
            return _sent(*certain, *sent)
        if sent:
            return _touched(prepared)
        return Unsent(reason=phrase("sending.still_a_draft")) if drafts else None

    def _find_by_reference(self, prepared: Prepared) -> Fate | None:
        if not prepared.reference:
            return None
        for message_id in self._gmail.search(f'in:sent "{prepared.reference}"'):
            message = self._gmail.read_message(message_id, (KEY_HEADER,))
            # A reply to ours quotes the reference, and bears no key.
            if message and message.is_sent and message.headers.get(_KEY) == prepared.key:
                return _sent(message)
        return None

    def discard(self, messages: Mapping[str, str], doubtful: Collection[str]) -> Discarded:
        """Delete the drafts of messages that certainly did not leave, for ever.

        Args:
            messages: Their references, by key.
            doubtful: Keys of those whose fate nobody knows: their drafts are left alone.
        """
        deleted, left = 0, []
        ours = [(draft, self._key_of(draft.message)) for draft in self._gmail.list_drafts()]
        for draft, key in ours:
            if key not in messages:
                continue
            reference = messages[key]
            prepared = Prepared(key=key, reference=reference, draft=draft.id, thread=draft.thread)
            if key in doubtful or not isinstance(self.find(prepared), Unsent):
                left.append(reference)
                continue
            self._gmail.delete_draft(draft.id)
            deleted += 1
        return Discarded(deleted=deleted, left=tuple(left))

    def sent_since(self, instant: datetime) -> tuple[Trace, ...]:
        """Return what left, by the keys in the messages that were sent."""
        query = f"in:sent after:{int(instant.timestamp())}"
        found = (
            self._gmail.read_message(message_id, (KEY_HEADER,))
            for message_id in self._gmail.search(query)
        )
        return tuple(
            Trace(key=message.headers[_KEY], id=message.id, at=message.at)
            for message in found
            if message and message.is_sent and _KEY in message.headers
        )


def _sent(message: Found, *_others: Found) -> Sent:
    return Sent(id=message.id, at=message.at)


def _touched(prepared: Prepared) -> Unknown:
    return Unknown(reason=phrase("sending.touched", reference=prepared.reference))


def _refusal(error: NotTakenError, prepared: Prepared) -> Unsent | Unknown:
    """Return what it means that Gmail does not send a draft whose text is a draft all the same."""
    if error.code == requests.codes.not_found:
        # It is not our draft any more: somebody has it open.
        return _touched(prepared)
    return Unsent(reason=_refused(error), again=Again.NEVER)


def _refused(error: NotTakenError) -> Phrase:
    return phrase("sending.refused", detail=error.detail)
