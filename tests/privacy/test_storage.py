"""Whatever storage holds, in whatever letters: nothing of somebody erased is among it."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from automation import local, locale
from automation.cli import main
from automation.config.sections import MailMode
from automation.local import FaultPlan
from automation.workbook.layout import MEETINGS
from tests.privacy.search import shown_in, storage_of
from tests.privacy.story import (
    CONFIG,
    EMAIL,
    FIRST,
    LAST,
    NOTES,
    PHONE,
    REGISTER,
    TOWN,
    TRADE,
    WISH,
)
from tests.programme import NOW, ProcessDiedError, Programme
from tests.world import SECRET

if TYPE_CHECKING:
    from pathlib import Path

_WHOLE: Final = f"{FIRST} {LAST}"
_HERS: Final = (_WHOLE, f"{LAST} {FIRST}", EMAIL, PHONE, TOWN, TRADE, WISH, *NOTES)
_DAY: Final = timedelta(days=1)


def run(programme: Programme, *words: str, day: str = "2023-01-10T12:00") -> Result:
    config = programme.path.with_name("cohorte.toml")
    env = {"COHORTE_MA_PLACE_SECRET": SECRET.decode()}
    result = CliRunner(env=env).invoke(main, ["--config", str(config), "--at", day, *words])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module", name="drafted")
def fixture_drafted(lived: Programme, tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """Return a programme whose drafts were made when the night died; none has left."""
    programme = lived.forked(tmp_path_factory.mktemp("drafted") / "programme.db")
    mail = programme.config.mail.model_copy(update={"mode": MailMode.AUTOMATIC})
    automatic = replace(programme, config=programme.config.model_copy(update={"mail": mail}))
    with pytest.raises(ProcessDiedError):
        automatic.night(at=NOW + timedelta(hours=1), faults=FaultPlan(on_call=_die))
    return programme


def _die(_: int, request: Any) -> None:
    if "/drafts/send" in request.url:
        raise ProcessDiedError


@pytest.fixture(name="programme")
def fixture_programme(drafted: Programme, tmp_path: Path) -> Programme:
    (tmp_path / "cohorte.toml").write_text(CONFIG, "utf-8")
    return drafted.forked(tmp_path / "programme.db")


def delete_answers(programme: Programme) -> None:
    """Do what the organisers are asked for."""
    programme.ask({"deleteSheet": {"sheetId": programme.response_tab()}})


def test_before_anybody_is_erased_storage_holds_them_in_several_disguises(
    programme: Programme,
) -> None:
    shown = shown_in(storage_of(programme), _HERS)

    assert {value for value, _ in shown} == {*_HERS} - {f"{LAST} {FIRST}"}
    assert {"plain", "quoted-printable"} <= {name.rstrip(" 012") for _, name in shown}


def test_whom_the_committee_erases_is_in_no_storage_in_any_disguise(programme: Programme) -> None:
    run(programme, "person", "erase", EMAIL, "--yes")
    delete_answers(programme)

    assert shown_in(storage_of(programme), _HERS) == set()


def test_whom_the_retention_period_erases_is_in_no_storage_in_any_disguise(
    programme: Programme,
) -> None:
    others = (
        "Hélène Fortin",
        "helene.fortin@exemple.test",
        "zephirine.quevillon+midi@exemple.test",
    )
    before = programme.snapshot()

    asked = run(programme, "purge", "--months", "12", "--yes", day="2024-02-01T12:00")
    after = programme.snapshot()
    delete_answers(programme)

    assert "5" in asked.output
    assert shown_in(storage_of(programme), (*_HERS, *others)) == set()
    assert [r.present for n in after.rolls for r in after.rolls[n].rows] == [
        r.present for n in before.rolls for r in before.rolls[n].rows
    ]


def test_a_file_that_another_program_has_open_keeps_no_byte_of_hers(programme: Programme) -> None:
    with ExitStack() as stack:
        other = stack.enter_context(local.session(programme.path, clock=lambda: NOW))
        other.get(f"https://sheets.googleapis.com/v4/spreadsheets/{programme.spreadsheet_id}")
        programme.put_in("enrolments", programme.enrolment_row(2), "note", NOTES[0])

        run(programme, "person", "erase", "2", "--yes")

        folder = programme.path.parent
        files = [file for file in folder.iterdir() if file.name.startswith(programme.path.name)]
        raw = b"".join(file.read_bytes() for file in files)
    assert len(files) > 1
    assert [note for note in NOTES if note.encode() in raw] == []


def _places() -> list[dict[str, Any]]:
    """Return what organisers do by which a name stands somewhere, as requests of batchUpdate."""
    hers = _cells(REGISTER, 2, 2)
    prefilled = f"https://docs.google.com/forms/d/e/1/viewform?entry.1={quote_plus(_WHOLE)}"
    linked = {"textFormat": {"link": {"uri": f"mailto:{EMAIL}"}}}
    choices = [{"userEnteredValue": _WHOLE}]
    rule = {"condition": {"type": "ONE_OF_LIST", "values": choices}}
    equals = {"type": "TEXT_EQ", "values": [{"userEnteredValue": EMAIL}]}
    bold = {"format": {"textFormat": {"bold": True}}, "condition": equals}
    note = {"metadataKey": "qui", "visibility": "DOCUMENT"}
    rows = {"sheetId": MEETINGS.sheet_id, "dimension": "ROWS", "startIndex": 30, "endIndex": 31}
    anchor = {"sheetId": MEETINGS.sheet_id, "rowIndex": 40, "columnIndex": 1}
    return [
        _write(20, {"userEnteredValue": {"formulaValue": f'=IF(1;"";"{EMAIL}")'}}),
        _write(21, {"userEnteredValue": {"stringValue": "voir"}, "userEnteredFormat": linked}),
        _write(22, {"userEnteredValue": {"stringValue": prefilled}}),
        _write(23, {"userEnteredValue": {"stringValue": f"{LAST.upper()}, {FIRST.upper()}"}}),
        _write(24, {"userEnteredValue": {"stringValue": "Tél. (418) 555.0177, le soir"}}),
        _write(25, {"note": f"Amie de {_WHOLE}"}),
        {"setDataValidation": {"range": _cells(MEETINGS.sheet_id, 26, 7), "rule": rule}},
        {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    **note,
                    "metadataValue": EMAIL,
                    "location": {"dimensionRange": rows},
                }
            }
        },
        {"addNamedRange": {"namedRange": {"name": f"{LAST}_{FIRST}", "range": hers}}},
        {
            "addProtectedRange": {
                "protectedRange": {"range": hers, "description": _WHOLE, "warningOnly": True}
            }
        },
        {
            "addSlicer": {
                "slicer": {
                    "spec": {"title": _WHOLE, "dataRange": _cells(MEETINGS.sheet_id, 0, 1)},
                    "position": {"overlayPosition": {"anchorCell": anchor}},
                }
            }
        },
        {
            "addConditionalFormatRule": {
                "rule": {"ranges": [_cells(7101, 2, 2)], "booleanRule": bold},
                "index": 0,
            }
        },
        {
            "addChart": {
                "chart": {
                    "spec": {"title": _WHOLE, "basicChart": {"chartType": "COLUMN"}},
                    "position": {"newSheet": True},
                }
            }
        },
    ]


def _cells(sheet_id: int, row: int, column: int) -> dict[str, int]:
    return {
        "sheetId": sheet_id,
        "startRowIndex": row,
        "endRowIndex": row + 1,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }


def _write(row: int, cell: dict[str, Any]) -> dict[str, Any]:
    fields = "userEnteredValue,note,userEnteredFormat.textFormat.link"
    rows = [{"values": [cell]}]
    where = _cells(MEETINGS.sheet_id, row, 7)
    return {"updateCells": {"range": where, "rows": rows, "fields": fields}}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_cohorte_can_not_empty_is_told_place_by_place(
    programme: Programme, language: str
) -> None:
    for deed in _places():
        programme.ask(deed)

    result = run(programme, "--lang", language, "person", "erase", "2", "--yes")

    told = " ".join(result.output.replace("\N{NO-BREAK SPACE}", " ").split())
    word = {"fr": "Rencontres, ligne", "en": "Rencontres, row"}[language]
    for row in (21, 22, 23, 24, 25, 26, 27, 31):
        assert f"{word} {row}" in told
    for place in ("Inscriptions.", "Rencontres.", "Cohortes.", "Chart1."):
        assert place in told
    for code in ("erase.file", "erase.elsewhere", "erase.history"):
        assert " ".join(locale.text(language, code).split())[:60] in told
