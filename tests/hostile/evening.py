"""A programme whose every field holds what breaks programs, after two nights of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from click.testing import CliRunner, Result
from msgspec import Struct, field

from automation import local
from automation.cli import main
from automation.config import load_config
from automation.core.instants import to_serial
from automation.google.client import Client
from automation.google.retries import ONCE
from automation.workbook.cells import to_wire
from automation.workbook.layout import COHORTS, MEETINGS, enrolment_tab, find_columns
from automation.workbook.loading import add_rows, create_spreadsheet
from automation.workspace import with_spreadsheet
from tests.hostile.strings import CONTROLS, FORMULAS, HEADERS, LONG, MARKUP, NAUGHTY, SCRIPTS
from tests.programme import NOW, TAB, Programme
from tests.world import ZONE

if TYPE_CHECKING:
    from pathlib import Path

    from automation.core.model import Cell

ODD_QUESTION: Final = "{{7*7}} <b>%s</b> =1+1 | “Quoi”, \r\n$(id)?"
THEMES: Final = ("=1+1, ou presque", "<b>Réseau</b>", "{{7*7}}; NULL")
CALM: Final = ("Hélène Fortin", "Marc Caron", "Guy Morin")
"""People who wrote nothing odd; they answered first."""

_QUESTIONS: Final = {
    "first_name": "Prénom",
    "last_name": "Nom",
    "email": "Courriel",
    "phone": "Téléphone",
    "municipality": "Municipalité",
    "cohort": "Cohorte",
    "group": "Organisme",
    "language": "Langue",
    "consent": "Nouvelles",
}
_HEADER: Final = ("Horodateur", *_QUESTIONS.values(), ODD_QUESTION, "Thèmes", "{0.x} NULL", "=1+1")
_ODD_ROLL: Final = (
    *("=1+1", "NULL", "a/b:c*d?[e]\\f", "'", "<svg onload=alert(1)>", "\u202eyoR evÈ", "👩‍👩‍👧‍👦"),
    *("../../x", "Ève\r\nBcc: tous@exemple.test", "a\x00b\x1b[31m", "{{7*7}}"),
)
"""Codes of cohorts that have a meeting, and so a tab with the code in its title."""
MAILED: Final = frozenset((*HEADERS, *MARKUP[:20], *CONTROLS, *FORMULAS[:5], *SCRIPTS[:5]))
"""Names of those who gave an address that exists: to write to all would take long."""
GUESTS: Final = ("=1+1", "<b>Ève</b>", "\x1b[31mLuc", "NULL", "\u202eyoR")


class Evening(Struct, frozen=True):
    """The programme, and the command line over it.

    Attributes:
        typed: Organisers' cells before the second night.
    """

    programme: Programme
    folder: Path
    typed: dict[str, list[list[Any]]] = field(default_factory=dict)

    @property
    def meeting(self) -> int:
        """Return the number of the meeting that those who were confirmed may come to."""
        meetings = self.programme.snapshot().meetings
        return next(m.number for m in meetings if m.cohort == "C1" and m.number is not None)

    def run(self, *words: str, at: str = "2023-01-10T02:00") -> Result:
        """Run a command of Cohorte."""
        config = str(self.folder / "cohorte.toml")
        return CliRunner().invoke(main, ["--config", config, "--at", at, *words])

    def rows(self, tab: str) -> list[dict[str, Any]]:
        """Return a tab as `show` gives it to scripts."""
        found: list[dict[str, Any]] = json.loads(self.run("show", tab, "--format", "json").stdout)
        return found


def make_evening(folder: Path) -> Evening:
    """Make the programme, and let a night pass before and after organisers write."""
    path = folder / "cohorte.toml"
    path.write_text(_config(), "utf-8")
    config = load_config(path, {})
    with local.session(config.workspace.path, clock=lambda: NOW) as session:
        http = Client(session, ONCE)
        book = create_spreadsheet(http, "Programme", TAB, _HEADER)
        config = with_spreadsheet(config, book)
        evening = Evening(Programme(config.workspace.path or folder, config), folder)
        _fill(evening.programme, 0, 1, _answers())
        header = ("Code", "Nom", "Places", "Promotion", "Réservées à", "Suite de")
        cohorts = [("C1", "Première cohorte", "600", "automatique", "", "")]
        add_rows(http, config, COHORTS.key, header, cohorts)
        meetings = ("Cohorte", "Date", "Début", "Fin", "Thème", "Lieu", "Animation")
        first = ("C1", "2023-01-11", "18:30", "21:00", "Briser l’isolement", "Salle", "Lise")
        add_rows(http, config, MEETINGS.key, meetings, [first])
    _fill(evening.programme, COHORTS.sheet_id, 2, _cohorts())
    _fill(evening.programme, MEETINGS.sheet_id, 2, _meetings())
    assert evening.run("nightly").exit_code == 30  # rows that cannot be read are told
    _annotate(evening.programme, evening.meeting)
    evening.typed.update(evening.programme.organisers_cells())
    assert evening.run("apply", "--yes").exit_code == 30
    return evening


def _config() -> str:
    fields = "\n".join(f"{key} = {json.dumps(q)}" for key, q in _QUESTIONS.items())
    return f"""
[workspace]
kind = "embedded"
path = "programme.db"
[responses]
tabs = [{json.dumps(TAB)}]
[fields]
{fields}
[fields.extra]
odd = {json.dumps(ODD_QUESTION)}
null = "{{0.x}} NULL"
[fields.choices]
themes = {{ question = "Thèmes", options = {json.dumps(THEMES, ensure_ascii=False)} }}
[mail]
mode = "automatic"
transport = "folder"
folder = "courriels"
daily_cap = 2000
sender = "Le comité <comite@example.org>"
postal_address = "100, rue Principale, Saint-Exemple (Québec)"
"""


def _answers() -> list[list[Cell]]:
    rows: list[list[Cell]] = []

    def add(*cells: str) -> None:
        at = to_serial(datetime(2023, 1, 2, 12, len(rows) // 60, len(rows) % 60, tzinfo=UTC), ZONE)
        rows.append([at, *cells])

    for index, name in enumerate(CALM):
        first, last = name.split()
        calm = (f"calme{index}@exemple.test", f"418 555-010{index}", "L’Islet", "C1", "", "", "oui")
        add(first, last, *calm, "Potière", "", "", "")
    for index, text in enumerate(NAUGHTY):
        other = NAUGHTY[(index * 7 + 3) % len(NAUGHTY)]
        themes = ", ".join((THEMES[index % 3], other))
        address = f"p{index}@exemple.test" if text in MAILED else ""
        named = (text, f"Nom{index}", address, other, text, "C1", other, other)
        add(*named, text, text, themes, other, text)
        if index % 3 == 0 and text not in LONG:
            named = (f"Prénom{index}", other, text, f"418 555-{index:04}", other, text, text, "")
            add(*named, "", other, "", text, "")
    return rows


def _cohorts() -> list[list[Cell]]:
    keys = [column.key for column in COHORTS.columns]
    rows: list[list[Cell]] = []
    for text in dict.fromkeys((*_ODD_ROLL, *NAUGHTY[::4])):
        cells = dict.fromkeys(keys, None) | {
            "code": text,
            "name": text,
            "places": text,
            "opens": text,
            "reserved": text,
            "reserved_for": text,
            "promotion": text,
            "last_offer": text,
            "follows": text,
        }
        rows.append(_placed(COHORTS.sheet_id, cells))
    return rows


def _meetings() -> list[list[Cell]]:
    rows = []
    for index, text in enumerate((*_ODD_ROLL, *NAUGHTY[::4])):
        near = index < len(_ODD_ROLL)
        cells: dict[str, Cell] = {
            "cohort": text if near else ("C1", text)[index % 2],
            "date": 44_937 if near else 45_300 + index,
            "start": 0.75 if near else text,
            "theme": text,
            "place": text,
            "host": text,
            "state": None if near else text,
        }
        rows.append(_placed(MEETINGS.sheet_id, cells))
    return rows


def _annotate(programme: Programme, meeting: int) -> None:
    """Let organisers write odd notes beside everybody, and odd guests at the first meeting."""
    tab = enrolment_tab(programme.config.rules.fields.extra)
    grid = programme.grids()[tab.sheet_id]
    column = find_columns(tab, grid[0])["note"]
    notes: list[list[Cell]] = [[NAUGHTY[i % len(NAUGHTY)]] for i in range(len(grid) - 1)]
    _fill(programme, tab.sheet_id, 1, notes, column)
    standing = programme.snapshot().roll_standings[meeting]
    guests: list[list[Cell]] = [[text] for text in GUESTS]
    _fill(programme, standing.sheet_id, standing.last + 2, guests, standing.columns["name"])
    _fill(
        programme,
        standing.sheet_id,
        standing.last + 2,
        [[True] for _ in GUESTS],
        standing.columns["present"],
    )


def _placed(sheet_id: int, cells: dict[str, Cell]) -> list[Cell]:
    tab = COHORTS if sheet_id == COHORTS.sheet_id else MEETINGS
    return [cells.get(column.key) for column in tab.columns]


def _fill(
    programme: Programme, sheet_id: int, row: int, rows: list[list[Cell]], column: int = 0
) -> None:
    """Let somebody type rows of cells, from a row and column counted from 0, nothing evaluated."""
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    lines = [{"values": [to_wire(cell) for cell in cells]} for cells in rows]
    programme.ask({"updateCells": {"start": start, "rows": lines, "fields": "userEnteredValue"}})
