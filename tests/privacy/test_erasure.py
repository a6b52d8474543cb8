"""Somebody is erased: nothing of theirs is left in any storage, nor comes back."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

import pytest
import requests
from click.testing import CliRunner, Result
from msgspec.structs import replace

from automation import local
from automation.cli import main
from automation.config.sections import MailMode
from automation.core.erasure import count_pending
from automation.core.ledger import MailState
from automation.core.model import HandledState, Number
from automation.core.replies import make_code
from automation.errors import ConflictError, UnreachableError
from automation.forgetting import Erased, erase_people
from automation.google.drive import export_xlsx
from automation.google.sheets import create_spreadsheet
from automation.local import FaultPlan
from automation.workbook.layout import HANDLED, JOURNAL, MAIL, MAIL_LOG, MEETINGS
from tests.deeds import delete, sort_rows
from tests.privacy.search import everything, found_in
from tests.privacy.story import (
    EMAIL,
    FIRST,
    HERS,
    LAST,
    REGISTER,
    hers,
    row,
)
from tests.programme import NOW, ProcessDiedError, Programme, die_at
from tests.world import PLACE_FORM, SECRET

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NOON = NOW + timedelta(hours=10)
_NEXT = NOW + timedelta(days=1)


def erase(
    programme: Programme,
    *numbers: int,
    faults: FaultPlan | None = None,
    confirm: Callable[[object], bool] = lambda _: True,
) -> Erased | None:
    with programme.session(faults) as http:
        return erase_people(
            http,
            programme.config,
            lambda *_: [Number(number) for number in numbers or (2,)],
            moment=lambda _: _NOON,
            token="eeee",
            confirm=confirm,
        )


def rows_of(programme: Programme, key: str, number: int = 2) -> list[dict[str, Any]]:
    return [one for one in programme.rows(key) if one["number"] == number]


def statuses(programme: Programme) -> dict[int, str]:
    return {int(e.number): e.status.value for e in programme.snapshot().register}


def run(programme: Programme, *words: str, day: str = "2023-01-10T12:00") -> Result:
    config = programme.path.with_name("cohorte.toml")
    env = {"COHORTE_MA_PLACE_SECRET": SECRET.decode()}
    return CliRunner(env=env).invoke(main, ["--config", str(config), "--at", day, *words])


def test_before_she_is_erased_every_tab_of_people_names_her(programme: Programme) -> None:
    told = {title: found_in(sheet) for title, sheet in everything(programme).items()}

    named = {title for title, values in told.items() if values}
    assert {"Inscriptions", "Courriels", "Commentaires", "Doublons"} <= named
    assert any(title.startswith("Présences") for title in named)
    assert set().union(*told.values()) == set(HERS)


def test_no_value_of_hers_is_left_in_any_tab(programme: Programme) -> None:
    erased = erase(programme)

    assert erased is not None
    assert {t: v for t, sheet in everything(programme).items() if (v := found_in(sheet))} == {}
    assert erased.leftovers == ()
    assert erased.whole


def test_nobody_else_loses_a_word(programme: Programme) -> None:
    before = {e.number: e for e in programme.snapshot().register}

    erase(programme)

    after = {e.number: e for e in programme.snapshot().register}
    assert {n: e for n, e in after.items() if n != 2} == {n: e for n, e in before.items() if n != 2}
    notes = {one["number"]: one["note"] for one in programme.rows("enrolments")}
    assert notes == {1: "À rappeler", 2: None, 3: None, 4: None, 5: None}


def test_no_value_of_hers_is_left_in_an_export(programme: Programme) -> None:
    erase(programme)
    programme.ask({"deleteSheet": {"sheetId": programme.response_tab()}})

    with programme.session() as http:
        xlsx = export_xlsx(http, programme.spreadsheet_id)

    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        texts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    assert found_in("".join(texts)) == set()


def test_the_file_of_an_embedded_workspace_holds_no_byte_of_hers(programme: Programme) -> None:
    erase(programme)
    programme.ask({"deleteSheet": {"sheetId": programme.response_tab()}})

    files = [f for f in programme.path.parent.iterdir() if f.name.startswith(programme.path.name)]
    raw = b"".join(file.read_bytes() for file in files)

    shown = {value for value in HERS if value.encode() in raw}
    assert shown | {v for v in HERS if json.dumps(v)[1:-1].encode() in raw} == set()


def test_her_row_is_a_tombstone_that_keeps_its_number(programme: Programme) -> None:
    erase(programme)

    (tombstone,) = rows_of(programme, "enrolments")
    told = {key for key, value in tombstone.items() if value not in {None, 0}}
    assert tombstone["status"] == "erased"
    assert told == {
        "number",
        "person",
        "cohort",
        "registered_at",
        "status",
        "reason",
        "queued_at",
        "ended_at",
        "step",
        "seal",
    }


def test_the_journal_says_who_did_it_with_numbers_only(programme: Programme) -> None:
    erase(programme)

    *_, ended, erased = rows_of(programme, JOURNAL.key)
    assert (ended["to"], erased["from"], erased["to"]) == ("withdrawn", "withdrawn", "erased")
    assert erased["by"] == "organiser"


def test_her_seat_is_free_for_who_was_held_for_her_double(programme: Programme) -> None:
    before = statuses(programme)[5]

    erase(programme)
    programme.night(at=_NEXT)

    assert before == "to_review"
    assert statuses(programme)[5] == "confirmed"


def test_an_erasure_leaves_the_next_night_nothing_to_say_of_her(programme: Programme) -> None:
    erase(programme)
    night = programme.night(at=_NEXT)
    assert not [event for event in night.plan.events if event.number == 2]

    again = programme.night(at=_NEXT, event="apply")

    assert again.plan.empty


def test_her_answer_in_the_sheet_registers_nobody_and_is_asked_for(programme: Programme) -> None:
    erase(programme)

    night = programme.night(at=_NEXT)

    assert set(statuses(programme)) == {1, 2, 3, 4, 5}
    codes = [(p.message.code, p.row) for p in night.plan.problems]
    assert ("problem.erasure_pending", 3) in codes
    assert night.plan.summary is not None
    assert night.plan.summary.today.figure("erasures", "count") == 1


@pytest.mark.parametrize(
    "changed",
    [{"phone": "418 555-0199"}, {"email": "z.q@exemple.test"}, {"trade": "Facteur d’orgues"}, {}],
)
def test_an_edit_of_her_answer_brings_nothing_back(
    programme: Programme, changed: dict[str, str]
) -> None:
    erase(programme)
    edited = hers("2023-01-10 20:00:00", **changed)
    programme.put(programme.response_tab(), 2, 0, 44936.83, *edited[1:])

    night = programme.night(at=_NEXT)

    assert set(statuses(programme)) == {1, 2, 3, 4, 5}
    assert found_in(everything(programme)) == set()
    assert [p.row for p in night.plan.problems if "erasure" in p.message.code] == [3]


def test_an_edit_under_another_name_goes_to_review(programme: Programme) -> None:
    erase(programme)
    edited = hers("2023-01-10 20:00:00", first="Ludovic")
    programme.put(programme.response_tab(), 2, 0, 44936.83, *edited[1:])

    programme.night(at=_NEXT)

    assert statuses(programme)[6] == "to_review"


def test_once_the_answer_is_deleted_its_key_is_forgotten(programme: Programme) -> None:
    erase(programme)
    kept = [one["key"] for one in rows_of(programme, HANDLED.key)]
    programme.ask(delete(programme.response_tab(), "ROWS", 2))

    night = programme.night(at=_NEXT)

    assert any(kept)
    assert {one["key"] for one in rows_of(programme, HANDLED.key)} == {None}
    assert {one["answer_hash"] for one in rows_of(programme, HANDLED.key)} == {None}
    assert not [p for p in night.plan.problems if "erasure" in p.message.code]


def test_a_new_registration_later_is_a_new_person(programme: Programme) -> None:
    erase(programme)
    programme.ask(delete(programme.response_tab(), "ROWS", 2))
    programme.night(at=_NEXT)
    programme.answer(hers("2023-01-11 09:00:00"))

    programme.night(at=_NEXT + timedelta(days=1))

    newcomer = next(e for e in programme.snapshot().register if e.number == 6)
    assert (newcomer.person, newcomer.name) == (6, f"{FIRST} {LAST}")
    assert statuses(programme)[2] == "erased"


def test_an_answer_that_no_night_has_read_yet_goes_with_the_others(programme: Programme) -> None:
    programme.answer(hers("2023-01-10 09:00:00", trade="Autre chose"))

    erase(programme)
    programme.night(at=_NEXT)

    assert set(statuses(programme)) == {1, 2, 3, 4, 5}


def test_a_tombstone_that_was_deleted_comes_back_as_one(programme: Programme) -> None:
    erase(programme)
    programme.ask(delete(REGISTER, "ROWS", programme.enrolment_row(2)))

    programme.night(at=_NEXT)

    assert statuses(programme)[2] == "erased"
    assert found_in(everything(programme)) == set()


@pytest.mark.parametrize("name", ["first_name", "status", "queued_at"])
def test_what_is_typed_on_a_tombstone_brings_nobody_back(programme: Programme, name: str) -> None:
    erase(programme)
    programme.put_in("enrolments", programme.enrolment_row(2), name, FIRST)

    programme.night(at=_NEXT)

    (tombstone,) = rows_of(programme, "enrolments")
    assert (tombstone["status"], tombstone["first_name"]) == ("erased", None)


def test_a_torn_row_is_erased_all_the_same(programme: Programme) -> None:
    programme.put_in("enrolments", programme.enrolment_row(2), "step", 40)
    programme.ask(delete(programme.response_tab(), "ROWS", 2))

    erase(programme)

    assert found_in(everything(programme)) == set()
    assert statuses(programme)[2] == "erased"


def test_all_enrolments_of_a_person_go_together(programme: Programme) -> None:
    programme.answer(hers("2023-01-10 08:00:00", trade="Autre chose"))
    programme.night(at=NOW + timedelta(hours=7))
    merged = statuses(programme)[6]

    erase(programme, 6)

    assert merged == "merged"
    assert (statuses(programme)[2], statuses(programme)[6]) == ("erased", "erased")
    assert found_in(everything(programme)) == set()


def test_a_decision_on_a_tombstone_asks_and_does_nothing(programme: Programme) -> None:
    erase(programme)
    programme.put_in("enrolments", programme.enrolment_row(2), "decision", "Confirmer")

    programme.night(at=_NEXT)

    assert statuses(programme)[2] == "erased"
    assert rows_of(programme, "enrolments")[0]["alerts"]


def test_ticks_stay_as_figures_without_a_name(programme: Programme) -> None:
    before = programme.snapshot()

    erase(programme)

    after = programme.snapshot()
    for number, roll in before.rolls.items():
        theirs = [one for one in after.rolls[number].rows if one.number == 2]
        ticks = [(one.present, one.excused) for one in roll.rows if one.number == 2]
        assert [(one.present, one.excused) for one in theirs] == ticks
        assert all(not (one.name or one.business or one.note) for one in theirs)


def test_messages_that_wait_lapse(programme: Programme) -> None:
    erase(programme)

    letters = rows_of(programme, MAIL.key)
    assert letters
    assert {one["state"] for one in letters} == {"expired"}
    night = programme.night(at=_NEXT)
    assert not [m for m in night.plan.mail.due if m.number == 2]


def drafts(programme: Programme) -> list[str]:
    found = (message for message in local.read_mailbox(programme.path) if not message.is_sent)
    return [parseaddr(message.to)[1] for message in found]


def automatic(programme: Programme) -> Programme:
    mail = programme.config.mail.model_copy(update={"mode": MailMode.AUTOMATIC})
    return replace(programme, config=programme.config.model_copy(update={"mail": mail}))


def _cut_after(programme: Programme, path: str) -> None:
    """Let a night die right before its first call to a path."""

    def hook(_: int, request: Any) -> None:
        if path in request.url:
            raise ProcessDiedError

    with pytest.raises(ProcessDiedError):
        automatic(programme).night(at=NOW + timedelta(hours=1), faults=FaultPlan(on_call=hook))


def test_drafts_that_did_not_leave_are_deleted(programme: Programme) -> None:
    _cut_after(programme, "/drafts/send")
    before = drafts(programme)

    erased = erase(programme)

    assert EMAIL in before
    assert EMAIL not in drafts(programme)
    assert len(drafts(programme)) < len(before)
    assert erased is not None
    assert erased.drafts is not None
    assert erased.drafts.deleted == before.count(EMAIL)
    assert {one["draft"] for one in rows_of(programme, MAIL_LOG.key)} == {None}


def test_what_left_is_known_to_have_left(programme: Programme) -> None:
    automatic(programme).put_in("mail", 1, "action", "approuver")
    automatic(programme).night(at=NOW + timedelta(hours=1))

    erase(programme)

    states = {m.state for m in programme.snapshot().mailings.values() if m.number == 2}
    assert states <= {MailState.SENT, MailState.EXPIRED}


def test_a_mailbox_that_does_not_answer_is_told_and_asked_again(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.google.retries.Pauses.wait", _lose_patience)
    _cut_after(programme, "/drafts/send")
    with pytest.raises(UnreachableError):
        erase(programme, faults=FaultPlan(on_call=_no_mailbox))
    assert statuses(programme)[2] == "confirmed"

    erase(programme)
    again = erase(programme)

    assert again is not None
    assert EMAIL not in drafts(programme)


def _lose_patience(_: object, error: Exception) -> None:
    raise error


def _no_mailbox(_: int, request: Any) -> None:
    if "gmail" in request.url:
        raise requests.ConnectionError


def test_a_run_cut_off_before_its_drafts_is_finished_by_asking_again(
    programme: Programme,
) -> None:
    _cut_after(programme, "/drafts/send")
    dead = {"calls": 0}

    def hook(_: int, request: Any) -> None:
        dead["calls"] += request.method == "DELETE"
        if dead["calls"]:
            raise ProcessDiedError

    with pytest.raises(ProcessDiedError):
        erase(programme, faults=FaultPlan(on_call=hook))
    assert EMAIL in drafts(programme)

    erase(programme)

    assert EMAIL not in drafts(programme)


def test_a_run_cut_off_before_its_write_has_done_nothing(programme: Programme) -> None:
    before = programme.picture()

    for call in range(1, 5):
        with pytest.raises(ProcessDiedError):
            erase(programme, faults=die_at(programme, call))

    assert programme.picture() == before


def test_another_run_that_writes_first_keeps_her(programme: Programme) -> None:
    def meanwhile(_: object) -> bool:
        programme.answer(row("2023-01-10 09:00:00", "Lise", "Morin"))
        return True

    def hook(_: int, request: Any) -> None:
        if request.url.endswith(":batchUpdate") and 6 not in statuses(programme):
            programme.night(at=_NOON, token="bbbb")

    with pytest.raises(ConflictError):
        erase(programme, faults=FaultPlan(on_call=hook), confirm=meanwhile)

    assert statuses(programme)[2] == "confirmed"


def test_sorting_while_the_question_stands_harms_nobody(programme: Programme) -> None:
    def sort(_: object) -> bool:
        programme.ask(sort_rows(REGISTER, 0))
        return True

    erase(programme, confirm=sort)

    names = {int(e.number): e.name for e in programme.snapshot().register}
    assert names[2] == ""
    assert all(name for number, name in names.items() if number != 2)
    assert found_in(everything(programme)) == set()


def test_who_says_no_erases_nobody(programme: Programme) -> None:
    before = programme.picture()

    erased = erase(programme, confirm=lambda _: False)

    assert erased is None
    assert programme.picture() == before


def test_what_organisers_wrote_elsewhere_is_pointed_at(programme: Programme) -> None:
    programme.put_in("meetings", 2, "host", f"{LAST.upper()} {FIRST}")

    erased = erase(programme)

    assert erased is not None
    assert [(one.tab, one.row) for one in erased.leftovers] == [("Rencontres", 3)]


def test_a_tab_that_names_her_twice_beside_its_cells_is_pointed_at_once(
    programme: Programme,
) -> None:
    sheet = MEETINGS.sheet_id
    column = {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    note = {"metadataKey": "qui", "metadataValue": f"{FIRST} {LAST}", "visibility": "DOCUMENT"}
    places = ({"sheetId": sheet}, {"dimensionRange": column})
    notes = ({"developerMetadata": {**note, "location": place}} for place in places)
    programme.ask(*({"createDeveloperMetadata": note} for note in notes))

    erased = erase(programme)

    assert erased is not None
    assert [(one.tab, one.row) for one in erased.leftovers] == [("Rencontres", None)]


@pytest.mark.parametrize("merged_first", [False, True], ids=["then merged", "merged before"])
def test_an_answer_of_hers_that_a_merge_hides_for_a_while_brings_nobody_back(
    programme: Programme, merged_first: bool
) -> None:
    before, answers = statuses(programme), programme.response_tab()
    row = programme.grids()[answers][2]
    cells = {"sheetId": answers, "startRowIndex": 2, "endRowIndex": 3, "endColumnIndex": 3}
    merge = {"mergeCells": {"range": cells, "mergeType": "MERGE_ALL"}}
    if merged_first:
        programme.ask(merge)
    erase(programme)
    if not merged_first:
        programme.ask(merge)
    programme.night(at=NOW + timedelta(days=1))

    programme.ask({"unmergeCells": {"range": {"sheetId": answers}}})
    programme.put(answers, 2, 0, *row)
    programme.night(at=NOW + timedelta(days=2))

    after = statuses(programme)
    assert (set(after), after[2]) == (set(before), "erased")
    assert count_pending(programme.snapshot()) == 1


def test_partners_see_her_no_more(programme: Programme) -> None:
    with programme.session() as http:
        shared = create_spreadsheet(http, {"properties": {"title": "Partenaires"}})
    told = programme.config.summary.model_copy(
        update={"partners_spreadsheet": shared, "suppress_below": 1}
    )
    open_ = replace(programme, config=programme.config.model_copy(update={"summary": told}))
    open_.night(at=NOW + timedelta(hours=1))
    before = found_in(everything(replace_id(open_, shared)))

    erase(open_)

    assert before
    assert found_in(everything(replace_id(open_, shared))) == set()


def replace_id(programme: Programme, spreadsheet_id: str) -> Programme:
    workspace = programme.config.workspace.model_copy(update={"spreadsheet": spreadsheet_id})
    config = programme.config.model_copy(update={"workspace": workspace})
    return replace(programme, config=config)


def test_replies_under_her_code_act_no_more(programme: Programme) -> None:
    erase(programme)
    code = make_code(Number(2), 0, SECRET)
    programme.reply(("2023-01-10 20:00:00", code, PLACE_FORM.withdraw))

    night = programme.night(at=_NEXT)

    assert not [event for event in night.plan.events if event.number == 2]


def test_the_command_names_nobody_where_a_log_may_listen(programme: Programme) -> None:
    result = run(programme, "person", "erase", EMAIL, "--yes")

    assert result.exit_code == 0
    assert found_in(result.output) == set()
    assert "1" in result.output


def test_no_message_is_shown_for_somebody_who_is_erased(programme: Programme) -> None:
    erase(programme)

    result = run(programme, "mail", "preview", "2", "offer", "--out", "-")

    assert (result.exit_code, result.stdout) == (2, "")


def test_no_message_leaves_once_more_for_somebody_who_is_erased(programme: Programme) -> None:
    reference = next(r.reference for r in programme.snapshot().mail_rows if r.number == 2)
    erase(programme)

    result = run(programme, "mail", "resend", reference, "--yes")

    assert result.exit_code == 2
    assert "n°\N{NO-BREAK SPACE}2" in result.stderr


def test_the_command_asks_first(programme: Programme) -> None:
    result = run(programme, "person", "erase", EMAIL)

    assert result.exit_code == 2
    assert statuses(programme)[2] == "confirmed"


def test_status_says_what_is_left_to_delete(programme: Programme) -> None:
    erase(programme)

    told = json.loads(run(programme, "status", "--json").stdout)

    assert told["erasures_awaited"] == 1


def test_an_export_holds_all_of_hers_and_nobody_elses(programme: Programme, tmp_path: Path) -> None:
    programme.reply(("2023-01-10 08:00:00", make_code(Number(2), 0, SECRET), "Autre chose"))
    target = tmp_path / "elle.json"
    target.touch(mode=0o644)

    result = run(programme, "person", "export", EMAIL, "--out", str(target))

    assert result.exit_code == 0
    held = json.loads(target.read_text("utf-8"))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert found_in(held, (*HERS[:7], "NOTE-ONGLET")) >= set(HERS[:7])
    assert not found_in(held, ("Fortin", "Caron", "Roy", "helene.fortin@exemple.test"))
    assert {key: bool(value) for key, value in held.items()} == {
        "person": True,
        "enrolments": True,
        "answers": True,
        "replies": True,
        "attendance": True,
        "guests": True,
        "pairs": True,
        "messages": True,
        "mail_log": True,
        "journal": True,
        "handled": True,
    }
    assert all(one["event"] != "meeting" for one in held["journal"])


def test_a_response_of_hers_is_remembered_by_hashes_alone(programme: Programme) -> None:
    erase(programme)

    lines = [h for h in programme.snapshot().handled.values() if h.number == 2]
    assert [line.state for line in lines] == [HandledState.ERASED]
    assert lines[0].answer_hash == ""


def test_the_retention_period_erases_nobody_before_somebody_says_so(programme: Programme) -> None:
    before = statuses(programme)

    asked = run(programme, "purge", "--months", "12", day="2024-02-01T12:00")
    early = run(programme, "purge", "--months", "24", "--yes", day="2024-02-01T12:00")

    assert (asked.exit_code, early.exit_code) == (2, 0)
    assert statuses(programme) == before


def test_only_an_enrolment_whose_cohort_is_under_way_is_said_to_end(programme: Programme) -> None:
    during = run(programme, "person", "erase", EMAIL)
    afterwards = run(programme, "purge", "--months", "12", day="2024-02-01T12:00")

    assert "Inscriptions en cours qui prennent fin" in during.output
    assert "prennent fin" not in afterwards.output


def test_the_retention_period_takes_everybody_whom_it_reached_out_of_every_tab(
    programme: Programme,
) -> None:
    result = run(programme, "purge", "--months", "12", "--yes", day="2024-02-01T12:00")

    assert result.exit_code == 0, result.output
    assert set(statuses(programme).values()) == {"erased"}
    assert {
        tab: found for tab, texts in everything(programme).items() if (found := found_in(texts))
    } == {}


def test_answers_that_are_left_to_delete_are_told_in_one_line(programme: Programme) -> None:
    erase(programme, 2)
    erase(programme, 3)

    problems = programme.night(at=_NEXT).plan.problems

    told = [
        dict(p.message.values) for p in problems if p.message.code.startswith("problem.erasure")
    ]
    assert told == [{"count": 2, "rows": "3, 4"}]
