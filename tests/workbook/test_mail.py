"""Nights that write to people: once, in time, and never what is no longer true."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest

from automation import local
from automation.config import parse_config
from automation.core.ledger import MailState
from automation.errors import CohorteError, ConflictError, WorkbookError
from automation.local import Fault, FaultPlan
from automation.workbook.layout import MAIL, MAIL_LOG
from tests.deeds import delete
from tests.programme import NOW, ProcessDiedError, Programme, die_at, small_programme

if TYPE_CHECKING:
    from pathlib import Path

    from requests import PreparedRequest

    from automation.local import MailboxMessage

_NEXT = NOW + timedelta(days=1)
_EVE = datetime(2023, 1, 15, 7, tzinfo=UTC)
_AFTER = datetime(2023, 1, 17, 7, tzinfo=UTC)
_MAIL = """
[mail]
mode = "{mode}"
transport = "{transport}"
folder = "courriels"
sender = "Le comité <comite@example.org>"
postal_address = "100, rue Principale, Saint-Exemple (Québec)  G0R 0A0"
[committee]
digest_to = ["lise@example.org"]
"""


def _with_mail(
    programme: Programme, mode: str = "automatic", transport: str = "gmail", digest: bool = False
) -> Programme:
    words = _MAIL.format(mode=mode, transport=transport)
    if not digest:
        words = words.partition("[committee]")[0]
    text = (programme.path.with_name("cohorte.toml")).read_text("utf-8") + words
    config = parse_config(text.encode(), programme.path.with_name("cohorte.toml"), {})
    workspace = programme.config.workspace
    return replace(programme, config=config.model_copy(update={"workspace": workspace}))


@pytest.fixture
def quiet(tmp_path: Path) -> Programme:
    """Return a programme of five people and three places, whose config stands in a file."""
    made = small_programme(tmp_path)
    (tmp_path / "cohorte.toml").write_text(
        '[workspace]\nkind = "embedded"\npath = "programme.db"\n'
        '[responses]\ntabs = ["Réponses au formulaire 1"]\n'
        '[fields]\nfirst_name = "Prénom"\nlast_name = "Nom"\n'
        'email = "Courriel"\nphone = "Téléphone"\n[fields.extra]\ntrade = "Métier"\n',
        "utf-8",
    )
    return made


@pytest.fixture
def programme(quiet: Programme) -> Programme:
    return _with_mail(quiet)


def _sent(programme: Programme) -> list[MailboxMessage]:
    return [message for message in local.read_mailbox(programme.path) if message.is_sent]


def _subjects(programme: Programme) -> dict[str, list[str]]:
    """Return the subjects that left, by recipient."""
    found: dict[str, list[str]] = {}
    for message in _sent(programme):
        found.setdefault(message.to, []).append(message.subject)
    return found


def _states(programme: Programme) -> dict[tuple[int | None, str], str]:
    mailings = programme.snapshot().mailings.values()
    return {(m.number, m.template.value): m.state.value for m in mailings}


def test_everybody_gets_one_message_about_where_they_stand(programme: Programme) -> None:
    night = programme.night()

    assert night.delivery is not None
    assert night.delivery.halted is None
    assert _states(programme) == {
        (1, "confirmation"): "sent",
        (2, "confirmation"): "sent",
        (5, "waiting"): "sent",
        (6, "waiting"): "sent",
    }
    assert sorted(len(subjects) for subjects in _subjects(programme).values()) == [1, 1, 1, 1]


def test_a_second_night_writes_nothing_and_mails_nobody(programme: Programme) -> None:
    programme.night()
    before = len(_sent(programme))

    night = programme.night(at=NOW, event="apply")

    assert night.plan.empty
    assert len(_sent(programme)) == before


def test_without_a_sender_nobody_is_written_to(quiet: Programme) -> None:
    night = quiet.night()

    assert night.delivery is None
    assert _sent(quiet) == []
    assert quiet.snapshot().mailings == {}


def test_in_review_a_message_waits_for_an_organiser(quiet: Programme) -> None:
    programme = _with_mail(quiet, mode="review")
    programme.night()
    waiting = _sent(programme)
    rows = {(row["number"], row["template"]): i for i, row in enumerate(programme.rows("mail"), 1)}
    programme.put_in("mail", rows[2, "confirmation"], "action", "approuver")
    programme.put_in("mail", rows[1, "confirmation"], "action", "retenir")

    programme.night(at=_NEXT)

    assert waiting == []
    assert list(_subjects(programme)) == ["Marc Caron <marc@example.com>"]
    assert _states(programme)[1, "confirmation"] == "held"
    shown = {(row["number"], row["template"]): row for row in programme.rows("mail")}
    assert shown[2, "confirmation"]["state"] == "sent"
    assert shown[2, "confirmation"]["sent_at"] is not None


def test_an_action_acts_once(quiet: Programme) -> None:
    programme = _with_mail(quiet)
    programme.night()
    row = next(i for i, r in enumerate(programme.rows("mail"), 1) if r["number"] == 2)
    programme.put_in("mail", row, "action", "renvoyer")

    programme.night(at=_NEXT)
    programme.night(at=_NEXT + timedelta(days=1))

    assert len(_subjects(programme)["Marc Caron <marc@example.com>"]) == 2


def test_an_offer_carries_its_deadline_and_its_window_runs_from_the_sending(
    quiet: Programme,
) -> None:
    programme = _with_mail(quiet)
    programme.put_in("cohorts", 1, "promotion", "offre")
    programme.night()
    programme.put_in("enrolments", programme.enrolment_row(1), "decision", "Désister")

    programme.night(at=_NEXT)
    programme.night(at=_NEXT + timedelta(days=1))

    offered = next(e for e in programme.snapshot().register if e.status == "offered")
    mailing = next(m for m in programme.snapshot().mailings.values() if m.template == "offer")
    assert mailing.deadline is not None
    assert offered.deadline == mailing.deadline
    assert offered.deadline >= _NEXT + timedelta(hours=72)
    body = next(m for m in _sent(programme) if "place est libre" in m.subject.lower()).text
    assert "14\xa0janvier" in body


def test_an_offer_that_could_not_leave_for_two_days_goes_to_the_next(quiet: Programme) -> None:
    programme = _with_mail(quiet)
    programme.put_in("cohorts", 1, "promotion", "offre")
    programme.night()
    review = _with_mail(quiet, mode="review")
    programme.put_in("enrolments", programme.enrolment_row(1), "decision", "Désister")
    review.night(at=_NEXT)
    review.night(at=_NEXT + timedelta(hours=48))

    states = {int(e.number): (e.status.value, e.hold) for e in programme.snapshot().register}
    assert states[5] == ("waiting", "unreachable")
    assert states[6][0] == "offered"


def test_a_reminder_leaves_before_the_meeting_and_never_after(programme: Programme) -> None:
    programme.night()
    programme.night(at=_EVE)
    programme.night(at=_EVE + timedelta(days=1))

    reminders = [key for key in _states(programme) if key[1] == "reminder"]
    assert sorted(number for number, _ in reminders if number) == [1, 2]


def test_a_reminder_that_nobody_approved_in_time_does_not_leave(quiet: Programme) -> None:
    programme = _with_mail(quiet, mode="review")
    programme.night()
    programme.night(at=_EVE)
    rows = [i for i, r in enumerate(programme.rows("mail"), 1) if r["template"] == "reminder"]
    for row in rows:
        programme.put_in("mail", row, "action", "approuver")

    programme.night(at=_AFTER)

    assert _states(programme)[1, "reminder"] == "expired"
    assert _sent(programme) == []


def test_a_meeting_that_moves_is_told_once_with_a_higher_sequence(programme: Programme) -> None:
    programme.night()
    programme.put_in("meetings", 1, "date", "2023-01-23")

    programme.night(at=_NEXT)
    programme.night(at=_NEXT + timedelta(hours=1))

    (row,) = programme.rows("meetings")
    assert row["sequence"] == 1
    told = [
        message
        for message in _sent(programme)
        if any(b"SEQUENCE:1" in content for content in message.attachments.values())
    ]
    assert sorted(message.to.split("<")[1] for message in told) == [
        "helene@example.com>",
        "marc@example.com>",
    ]
    assert "16\xa0janvier" in told[0].text
    assert "23\xa0janvier" in told[0].text


def test_a_cancelled_meeting_is_told_and_not_reminded_of(programme: Programme) -> None:
    programme.night()
    programme.put_in("meetings", 1, "state", "annulée")

    programme.night(at=_NEXT)
    programme.night(at=_EVE)

    templates = {template for _, template in _states(programme)}
    assert "cancelled" in templates
    assert "reminder" not in templates


def test_thanks_and_missed_you_follow_the_roll_and_its_correction_sends_nothing(
    programme: Programme,
) -> None:
    programme.night()
    programme.night(at=_EVE)
    programme.tick(1, 1)
    programme.call_roll(1)
    programme.night(at=_AFTER)
    programme.tick(1, 2)

    programme.night(at=_AFTER + timedelta(days=1))

    states = _states(programme)
    assert states[1, "thanks"] == "sent"
    assert states[2, "missed_you"] == "sent"
    assert (2, "thanks") not in states


def test_nobody_is_thanked_before_the_roll_is_called(programme: Programme) -> None:
    programme.night()
    programme.night(at=_EVE)
    programme.tick(1, 1)

    programme.night(at=_AFTER)

    assert not {"thanks", "missed_you"} & {template for _, template in _states(programme)}


def test_who_withdraws_gets_nothing_but_the_notice_of_it(quiet: Programme) -> None:
    programme = _with_mail(quiet, mode="review")
    programme.night()
    programme.put_in("enrolments", programme.enrolment_row(2), "decision", "Désister")
    row = next(i for i, r in enumerate(programme.rows("mail"), 1) if r["number"] == 2)
    programme.put_in("mail", row, "action", "approuver")

    programme.night(at=_NEXT)

    assert _sent(programme) == []
    states = _states(programme)
    assert states[2, "confirmation"] == "expired"
    assert states[2, "withdrawn"] == "planned"


def test_the_committee_gets_its_digest_when_there_is_news_and_not_otherwise(
    quiet: Programme,
) -> None:
    programme = _with_mail(quiet, digest=True)
    programme.night()
    programme.night(at=_NEXT)

    digests = [m for m in _sent(programme) if "lise@example.org" in m.to]
    assert len(digests) == 1
    assert "Places confirmées (3)" in digests[0].text
    assert "Hélène" not in digests[0].text


def test_over_the_cap_the_rest_waits_for_the_next_night(quiet: Programme) -> None:
    programme = _with_mail(quiet)
    mail = programme.config.mail.model_copy(update={"daily_cap": 3})
    programme = replace(programme, config=programme.config.model_copy(update={"mail": mail}))

    programme.night()
    first = len(_sent(programme))
    programme.night(at=NOW + timedelta(hours=12))
    same_day = len(_sent(programme))
    programme.night(at=NOW + timedelta(hours=25))

    assert (first, same_day, len(_sent(programme))) == (3, 3, 4)


def test_messages_in_a_folder_are_files_named_by_their_key(quiet: Programme) -> None:
    programme = _with_mail(quiet, transport="folder")

    programme.night()

    files = sorted((quiet.path.parent / "courriels").glob("*.eml"))
    assert {file.stem for file in files} == set(programme.snapshot().mailings)
    parsed = message_from_bytes(files[0].read_bytes(), policy=default)
    assert parsed["From"].addresses[0].addr_spec == "comite@example.org"


@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(4, 24))
def test_a_night_cut_anywhere_writes_to_everybody_once(
    programme: Programme, call: int, applied: bool
) -> None:
    try:
        programme.night(faults=die_at(programme, call, applied=applied))
    except ProcessDiedError:
        # Its lease may still keep others out, for a quarter of an hour.
        with suppress(ConflictError):
            programme.night(token="bbbb", at=NOW + timedelta(minutes=1))

    programme.night(token="cccc", at=NOW + timedelta(minutes=20))
    programme.night(token="dddd", at=NOW + timedelta(minutes=40))

    assert set(_states(programme).values()) == {"sent"}
    assert sorted(len(subjects) for subjects in _subjects(programme).values()) == [1, 1, 1, 1]


@pytest.mark.parametrize("fault", tuple(Fault), ids=lambda fault: fault.value)
@pytest.mark.parametrize("call", range(6, 18, 3))
def test_a_fault_anywhere_doubles_no_message(programme: Programme, call: int, fault: Fault) -> None:
    faults = FaultPlan(at={call: fault}, sleep=lambda _: None)

    with suppress(CohorteError):  # the night may fail; what counts is what it leaves
        programme.night(faults=faults)
    programme.night(token="bbbb", at=NOW + timedelta(minutes=20))
    programme.night(token="cccc", at=NOW + timedelta(minutes=40))

    assert max(len(subjects) for subjects in _subjects(programme).values()) == 1
    assert set(_states(programme).values()) <= {"sent", "unknown"}


def test_a_run_that_mails_keeps_others_out(programme: Programme) -> None:
    others: list[BaseException] = []

    def hook(_: int, request: PreparedRequest) -> None:
        if "gmail" in str(request.url) and not others:
            try:
                programme.night(token="bbbb", at=NOW + timedelta(minutes=1))
            except ConflictError as error:
                others.append(error)

    programme.night(faults=FaultPlan(on_call=hook))

    assert len(others) == 1
    assert sorted(len(subjects) for subjects in _subjects(programme).values()) == [1, 1, 1, 1]


def test_a_ledger_that_lost_its_events_lets_nothing_leave(programme: Programme) -> None:
    programme.night()
    rows = len(programme.grids()[MAIL_LOG.sheet_id])
    for _ in range(rows - 1):
        programme.ask(delete(MAIL_LOG.sheet_id, "ROWS", 1))
    programme.put_in("enrolments", programme.enrolment_row(2), "decision", "Désister")
    before = len(_sent(programme))

    night = programme.night(at=_NEXT)

    assert night.delivery is not None
    assert isinstance(night.delivery.halted, WorkbookError)
    assert len(_sent(programme)) == before


def test_whatever_happens_to_courriels_it_is_drawn_anew_from_the_ledger(
    programme: Programme,
) -> None:
    programme.night()
    before = {row["key"]: row for row in programme.rows("mail")}
    programme.ask(delete(MAIL.sheet_id, "ROWS", 2))
    programme.put_in("mail", 1, "state", "n’importe quoi")

    programme.night(at=_NEXT)

    after = {row["key"]: row for row in programme.rows("mail")}
    assert after == before
    assert MailState.SENT.value in {row["state"] for row in after.values()}
