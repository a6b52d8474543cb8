"""Nights that write to people: once, in time, and never what is no longer true."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from automation import local, posting
from automation.config import parse_config
from automation.config.sections import Transport
from automation.core.ledger import MailState
from automation.errors import (
    CohorteError,
    ConfigError,
    ConflictError,
    CredentialsError,
    WorkbookError,
)
from automation.local import Fault, FaultPlan
from automation.papers import pdf
from automation.workbook.layout import MAIL, MAIL_LOG
from tests.deeds import Deed, delete, sort_rows
from tests.mail.mail_server import serving
from tests.programme import NOW, ProcessDiedError, Programme, die_at, small_programme

if TYPE_CHECKING:
    from collections.abc import Iterable
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


_FOLDER_CALLS = range(4, 12)


@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", _FOLDER_CALLS)
def test_a_night_cut_anywhere_puts_each_message_into_the_folder_once(
    quiet: Programme, call: int, applied: bool
) -> None:
    programme = _with_mail(quiet, transport="folder")
    with suppress(ProcessDiedError):
        programme.night(faults=die_at(programme, call, applied=applied))

    programme.night(token="cccc", at=NOW + timedelta(minutes=20))

    files = list((quiet.path.parent / "courriels").glob("*.eml"))
    assert {file.stem for file in files} == set(programme.snapshot().mailings)
    assert set(_states(programme).values()) == {"sent"}


def _by_smtp(programme: Programme, port: int) -> Programme:
    made = _with_mail(programme)
    smtp = made.config.smtp.model_copy(update={"host": "127.0.0.1", "port": port})
    mail = made.config.mail.model_copy(update={"transport": Transport.SMTP})
    return replace(made, config=made.config.model_copy(update={"smtp": smtp, "mail": mail}))


def _recipients(taken: Iterable[bytes]) -> list[str]:
    return sorted(str(message_from_bytes(raw, policy=default)["To"]) for raw in taken)


# Whoever dies does not close their connection.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("answer", range(1, 26, 2))
def test_a_night_cut_at_any_word_of_a_mail_server_doubles_and_loses_nothing(
    quiet: Programme, answer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = 0
    listen = smtplib.SMTP.getreply

    def getreply(connection: smtplib.SMTP) -> tuple[int, bytes]:
        nonlocal heard
        heard += 1
        if heard == answer:
            raise ProcessDiedError
        return listen(connection)

    monkeypatch.setattr(smtplib.SMTP, "getreply", getreply)
    with serving(tls=False) as (office, server):
        programme = _by_smtp(quiet, server.port)
        with suppress(ProcessDiedError):
            programme.night()
        programme.night(token="cccc", at=NOW + timedelta(minutes=20))

    taken = _recipients(office.taken)
    states = _states(programme)
    assert len(taken) == len(set(taken))
    assert set(states.values()) <= {"sent", "unknown"}
    assert len(taken) + list(states.values()).count("unknown") >= len(states)


def test_a_mail_server_that_is_down_keeps_the_messages_for_later(quiet: Programme) -> None:
    with serving(tls=False) as (_, gone):
        port = gone.port

    night = _by_smtp(quiet, port).night()
    again = _with_mail(quiet).night(token="bbbb", at=NOW + timedelta(minutes=1))

    assert night.exit_code == 69
    assert again.exit_code == 0
    assert len(_sent(quiet)) == 4


def test_a_password_that_is_missing_keeps_nobody_else_out(
    quiet: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise CredentialsError("mail_credentials", detail="535")

    programme = _with_mail(quiet)
    with monkeypatch.context() as patch:
        patch.setattr(posting, "_open_transport", refuse)
        night = programme.night()
    again = programme.night(token="bbbb", at=NOW + timedelta(minutes=1))

    assert night.exit_code == 77
    assert again.exit_code == 0
    assert len(_sent(programme)) == 4


def test_two_programmes_that_write_from_one_mailbox_do_not_mind_each_other(
    quiet: Programme, tmp_path: Path
) -> None:
    ours, theirs = _with_mail(quiet), _with_mail(replace(small_programme(tmp_path)))

    nights = [ours.night(), theirs.night(token="bbbb"), ours.night(at=_NEXT)]
    ours.put_in("enrolments", ours.enrolment_row(2), "decision", "Désister")
    nights.append(ours.night(at=_NEXT + timedelta(days=1)))

    assert [night.exit_code for night in nights] == [0, 0, 0, 0]
    assert sorted(map(len, _subjects(ours).values())) == [2, 2, 3, 3]


def test_a_copy_of_the_workbook_mails_nobody_until_somebody_adopts_it(quiet: Programme) -> None:
    _with_mail(quiet, mode="review").night()
    copy = _with_mail(quiet.copied())

    with pytest.raises(WorkbookError):
        copy.night(at=_NEXT)
    before = len(_sent(copy))
    copy.adopt(at=_NEXT)
    copy.night(at=_NEXT + timedelta(hours=1), token="bbbb")

    assert before == 0
    assert len(_sent(copy)) == 4


_HAVOC = {
    "sorted whole": [sort_rows(MAIL.sheet_id, 1), sort_rows(MAIL_LOG.sheet_id, 1, last_row=99)],
    "sorted in part": [sort_rows(MAIL.sheet_id, 2, columns=(0, 11))],
    "the log sorted": [sort_rows(MAIL_LOG.sheet_id, 2, last_row=99)],
    "rows deleted": [delete(MAIL.sheet_id, "ROWS", 1), delete(MAIL.sheet_id, "ROWS", 2)],
    "a column deleted": [delete(MAIL.sheet_id, "COLUMNS", 1)],
    "the tab deleted": [{"deleteSheet": {"sheetId": MAIL.sheet_id}}],
    "a line of the log deleted": [delete(MAIL_LOG.sheet_id, "ROWS", 9)],
    "the last lines deleted": [delete(MAIL_LOG.sheet_id, "ROWS", 12 - n) for n in range(4)],
    "a line doubled": [
        {
            "copyPaste": {
                "source": {"sheetId": MAIL_LOG.sheet_id, "startRowIndex": 1, "endRowIndex": 3},
                "destination": {"sheetId": MAIL_LOG.sheet_id, "startRowIndex": 20},
            }
        }
    ],
}


@pytest.mark.parametrize("deeds", _HAVOC.values(), ids=_HAVOC)
def test_whatever_organisers_do_to_the_two_tabs_nobody_is_written_to_twice(
    programme: Programme, deeds: list[Deed]
) -> None:
    programme.night()
    before = _subjects(programme)
    with suppress(Exception):
        programme.ask(*deeds)

    with suppress(CohorteError):
        programme.night(at=_NEXT)
        programme.night(at=_NEXT + timedelta(hours=1), token="bbbb")

    assert _subjects(programme) == before


def test_a_word_of_their_own_in_action_is_told_and_does_nothing(programme: Programme) -> None:
    programme.night()
    programme.put_in("mail", 1, "action", "on verra")

    night = programme.night(at=_NEXT)

    assert len(_sent(programme)) == 4
    assert night.plan.problems
    assert programme.rows("mail")[0]["action"] == "on verra"


def test_an_action_on_a_doubled_row_acts_once_at_most(programme: Programme) -> None:
    programme.night()
    programme.put_in("mail", 1, "action", "renvoyer")
    rows = {"sheetId": MAIL.sheet_id, "startRowIndex": 1, "endRowIndex": 2}
    programme.ask(
        {
            "copyPaste": {
                "source": rows,
                "destination": {"sheetId": MAIL.sheet_id, "startRowIndex": 8},
            }
        }
    )

    programme.night(at=_NEXT)
    programme.night(at=_NEXT + timedelta(hours=1))

    assert len(_sent(programme)) == 5


@pytest.mark.parametrize(
    ("column", "cell"),
    [("state", "n’importe quoi"), ("number", 99), ("number", ""), ("template", ""), ("at", "hier")],
)
def test_a_line_of_the_log_that_somebody_changed_is_a_question_and_no_message(
    quiet: Programme, column: str, cell: str | int
) -> None:
    _with_mail(quiet, mode="review").night()
    programme = _with_mail(quiet)
    programme.put_in("mail", 1, "action", "retenir")
    _with_mail(quiet, mode="review").night(at=NOW + timedelta(minutes=1))
    # The latest line: that somebody wants a message to wait.
    programme.put_in("mail_log", 5, column, cell)

    night = programme.night(at=NOW + timedelta(minutes=2), token="bbbb")

    assert night.exit_code == 30
    assert len(_sent(programme)) == 3
    assert sorted(_states(programme).values()) == ["sent", "sent", "sent", "unknown"]


def test_a_message_of_which_no_line_can_be_read_is_told_and_not_planned_anew(
    quiet: Programme,
) -> None:
    _with_mail(quiet, mode="review").night()
    quiet.put_in("mail_log", 1, "template", "?")

    night = _with_mail(quiet).night(at=_NEXT)

    assert night.exit_code == 30
    assert len(_sent(quiet)) == 3


def test_an_address_that_is_none_stops_nobody_else(quiet: Programme) -> None:
    programme = _with_mail(quiet, mode="review")
    programme.night()
    programme.put(programme.response_tab(), 1, 3, "helene@")

    night = _with_mail(quiet).night(at=_NEXT)

    assert night.exit_code == 0
    assert _states(programme)[1, "confirmation"] == "failed"
    assert len(_sent(programme)) == 3


def test_without_what_makes_attestations_the_last_message_waits_and_says_why(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise ConfigError("no_pdf")

    programme.put_in("cohorts", 1, "attestation_at", 1)
    programme.night()
    programme.night(at=_EVE)
    programme.tick(1, 1)
    programme.call_roll(1)
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "make_pdf", fail)
        programme.night(at=_AFTER)
    held = _states(programme)[1, "farewell"]
    rows = {(row["number"], row["template"]): i for i, row in enumerate(programme.rows("mail"), 1)}
    why = programme.rows("mail")[rows[1, "farewell"] - 1]["error"]
    programme.put_in("mail", rows[1, "farewell"], "action", "approuver")

    programme.night(at=_AFTER + timedelta(days=1))

    assert held == "held"
    assert "pdf" in why
    assert _states(programme)[1, "farewell"] == "sent"
    assert any("attestation.pdf" in message.attachments for message in _sent(programme))


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
