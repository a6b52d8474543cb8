"""A whole programme on an embedded workspace, as tests of the shell need it."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from automation import local
from automation.config import parse_config
from automation.config.sections import Mail
from automation.core.model import Number
from automation.google.client import Client
from automation.google.retries import ONCE
from automation.google.sheets import get_spreadsheet, read_ranges
from automation.local import FaultPlan
from automation.night import adopt, run_night
from automation.workbook.cells import to_wire
from automation.workbook.layout import COHORTS, MEETINGS, Owner, find_columns, roll_tab, tabs
from automation.workbook.loading import add_responses, add_rows, create_spreadsheet
from automation.workbook.reader import read_snapshot
from automation.workbook.sheet import open_sheet
from automation.workbook.view import read_tab, to_value
from automation.workspace import with_spreadsheet
from tests.world import HEADER as FULL_HEADER
from tests.world import PLACE_FORM, REPLY_HEADER, SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gspread import HTTPClient
    from requests import PreparedRequest

    from automation.config import Config
    from automation.core.model import Cell
    from automation.core.snapshot import Snapshot
    from automation.google.retries import Retries
    from automation.night import Night

NOW = datetime(2023, 1, 10, 7, 0, tzinfo=UTC)
TAB = "Réponses au formulaire 1"
HEADER = ("Horodateur", "Prénom", "Nom", "Courriel", "Téléphone", "Métier")

_CONFIG = f"""
[workspace]
kind = "embedded"
path = "programme.db"
[responses]
tabs = ["{TAB}"]
[fields]
first_name = "Prénom"
last_name = "Nom"
email = "Courriel"
phone = "Téléphone"
[fields.extra]
trade = "Métier"
"""

_FULL_CONFIG = f"""
[workspace]
kind = "embedded"
path = "programme.db"
[responses]
tabs = ["{TAB}"]
[fields]
first_name = "Prénom"
last_name = "Nom"
email = "Courriel"
phone = "Téléphone"
municipality = "Municipalité"
cohort = "Cohorte"
group = "Organisme"
[fields.extra]
trade = "Métier"
[ma_place]
tab = "{PLACE_FORM.tab}"
code = "{PLACE_FORM.code}"
choice = "{PLACE_FORM.choice}"
accept = "{PLACE_FORM.accept}"
withdraw = "{PLACE_FORM.withdraw}"
no_news = "{PLACE_FORM.no_news}"
"""

COHORT_HEADER = ("Code", "Nom", "Places", "Liste d’attente max.", "Promotion")
MEETING_HEADER = ("Cohorte", "Date", "Début", "Fin", "Thème")

# Written anew by whoever writes, and so the same in no two runs.
_VOLATILE = frozenset({"at", "run", "revision", "handled_at", "ended_at", "seal"})


class ProcessDiedError(BaseException):
    """The process is gone; nothing of ours may catch this."""


def die_at(programme: Programme, call: int, *, applied: bool = False) -> FaultPlan:
    """Let the process die at a call: before it has its effect, or after."""

    def hook(number: int, request: PreparedRequest) -> None:
        if number != call:
            return
        if applied:
            with local.session(programme.path, clock=lambda: NOW) as other:
                other.send(request.copy())
        raise ProcessDiedError

    return FaultPlan(on_call=hook)


def essence(snapshot: Snapshot) -> object:
    """Return what two nights must agree on: all that the next one reads, but for run and rows."""
    return (
        {e.number: e for e in snapshot.register},
        {number: (entry.kind, entry.state) for number, entry in snapshot.journal.items()},
        {key: (line.number, line.state) for key, line in snapshot.handled.items()},
        [(cohort.code, cohort.seats) for cohort in snapshot.cohorts],
        snapshot.meetings,
        snapshot.pairings,
        {row.key: row for row in snapshot.pair_rows},
        snapshot.rolls,
    )


class Programme(Struct, frozen=True):
    """An embedded workspace in a file, with one spreadsheet."""

    path: Path
    config: Config

    @contextmanager
    def session(
        self, faults: FaultPlan | None = None, retries: Retries = ONCE
    ) -> Iterator[HTTPClient]:
        """Open the workspace as one process would."""
        with local.session(self.path, clock=lambda: NOW, faults=faults) as session:
            yield Client(session, retries)

    def night(
        self,
        *,
        at: datetime = NOW,
        event: str = "night",
        faults: FaultPlan | None = None,
        token: str = "aaaa",
        retries: Retries = ONCE,
        force: bool = False,
    ) -> Night:
        """Let a night pass."""
        with self.session(faults, retries) as http:
            return run_night(
                http,
                self.config,
                event=event,
                moment=lambda _: at,
                token=token,
                force=force,
            )

    def adopt(self, at: datetime = NOW) -> bool:
        """Let somebody say that this is the workbook."""
        with self.session() as http:
            return adopt(http, self.config, lambda _: at, "dddd") is not None

    def copied(self) -> Programme:
        """Let an organiser copy the spreadsheet, and return the copy."""
        with self.session() as http:
            url = f"https://www.googleapis.com/drive/v3/files/{self.spreadsheet_id}/copy"
            copy = http.request("post", url, json={"name": "Copie"}).json()
        return replace(self, config=with_spreadsheet(self.config, copy["id"]))

    def forked(self, path: Path) -> Programme:
        """Return a programme that goes on from here in a file of its own."""
        shutil.copyfile(self.path, path)
        return replace(self, path=path)

    def answer(self, *rows: Sequence[str]) -> None:
        """Let answers arrive, in the order of the form's questions."""
        with self.session() as http:
            add_responses(http, self.spreadsheet_id, TAB, self.header, rows)

    def reply(self, *rows: Sequence[Cell]) -> None:
        """Let replies to "Ma place" arrive: when, under which code, which choice."""
        with self.session() as http:
            add_responses(http, self.spreadsheet_id, PLACE_FORM.tab, REPLY_HEADER, rows)

    def organise(self, cohorts: Sequence[Sequence[str]], meetings: Sequence[Sequence[str]]) -> None:
        """Let the organisers fill in their tabs."""
        with self.session() as http:
            add_rows(http, self.config, COHORTS.key, COHORT_HEADER, cohorts)
            add_rows(http, self.config, MEETINGS.key, MEETING_HEADER, meetings)

    def type_in(self, tab_title: str, cell: str, value: str | float) -> None:
        """Let an organiser type in a cell, such as `type_in("Inscriptions", "P2", "Désister")`."""
        with self.session() as http:
            http.values_update(
                self.spreadsheet_id,
                f"'{tab_title}'!{cell}",
                params={"valueInputOption": "RAW"},
                body={"values": [[value]]},
            )

    def ask(self, *requests: dict[str, Any]) -> None:
        """Let an organiser do something to the grid, as requests of batchUpdate."""
        with self.session() as http:
            http.batch_update(self.spreadsheet_id, {"requests": list(requests)})

    def grids(self) -> dict[int, list[list[Any]]]:
        """Return every tab's cells as they stand, by sheet id."""
        with self.session() as http:
            about = get_spreadsheet(http, self.spreadsheet_id)
            properties = [sheet["properties"] for sheet in about["sheets"]]
            ids = [int(one["sheetId"]) for one in properties if "gridProperties" in one]
            found = read_ranges(
                http, self.spreadsheet_id, [{"sheetId": sheet_id} for sheet_id in ids]
            )
        return dict(zip(ids, found, strict=True))

    def picture(self) -> object:
        """Return all that a run could change, guards included."""
        with self.session() as http:
            return get_spreadsheet(http, self.spreadsheet_id), self.grids()

    def response_tab(self, title: str = TAB) -> int:
        """Return the sheet id of a response tab."""
        with self.session() as http:
            about = get_spreadsheet(http, self.spreadsheet_id)
        properties = [sheet["properties"] for sheet in about["sheets"]]
        return next(int(p["sheetId"]) for p in properties if p["title"] == title)

    def put(self, sheet_id: int, row: int, column: int, *cells: Cell) -> None:
        """Let an organiser type over cells of a row, both indexes from 0, whatever stands where."""
        start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
        rows = [{"values": [to_wire(cell) for cell in cells]}]
        self.ask({"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}})

    def put_in(self, key: str, row: int, name: str, cell: Cell) -> None:
        """Let an organiser type in one of our columns, wherever it stands; rows are from 0."""
        tab = next(tab for tab in tabs(self.config.rules.fields.extra) if tab.key == key)
        header = self.grids()[tab.sheet_id][0]
        self.put(tab.sheet_id, row, find_columns(tab, header)[name], cell)

    def tick(self, meeting: int, who: int | str, box: str = "present", cell: Cell = True) -> None:
        """Let an organiser tick a box beside somebody's number, or write a guest's name."""
        standing = self.snapshot().roll_standings[meeting]
        column = standing.columns[box]
        if isinstance(who, str):
            row = next(
                index
                for index in range(standing.last + 2, standing.row_count)
                if index >= len(standing.grid) or not any(standing.grid[index])
            )
            self.put(standing.sheet_id, row, standing.columns["name"], who)
        else:
            row = standing.rows[Number(who)]
        self.put(standing.sheet_id, row, column, cell)

    def call_roll(self, meeting: int, cell: Cell = True) -> None:
        """Let an organiser tick "Appel terminé"."""
        standing = self.snapshot().roll_standings[meeting]
        box = roll_tab(meeting).columns.index(roll_tab(meeting).column("present"))
        self.put(standing.sheet_id, standing.heading[-1] + 1, box, cell)

    def enrolment_row(self, number: int) -> int:
        """Return the row, from 0, of an enrolment."""
        return self.snapshot().standings["enrolments"].rows[number]

    def snapshot(self) -> Snapshot:
        """Return what a night would read."""
        with self.session() as http:
            return read_snapshot(http, self.config)

    def rows(self, key: str) -> list[dict[str, Any]]:
        """Return a tab's rows by column key."""
        with self.session() as http:
            tab = next(tab for tab in tabs(self.config.rules.fields.extra) if tab.key == key)
            return [dict(row) for row in read_tab(http, self.config, tab)]

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Return all that a run leaves, without what differs from run to run.

        Instants do, and so do the seals that cover them: what they guard must be whole.
        """
        snapshot, found = self.snapshot(), {}
        damaged = {e.number: e.damage for e in snapshot.register if e.frozen}
        assert not damaged, damaged
        grids, about = self.grids(), {"title": ""}
        for tab in tabs(self.config.rules.fields.extra):
            sheet = open_sheet(tab, about, grids[tab.sheet_id])
            columns = [tab.column(key) for key in sheet.standing.columns if key not in _VOLATILE]
            rows = [
                {c.key: to_value(c, row.get(c.key), snapshot.zone) for c in columns}
                for row in sheet.rows()
            ]
            # A run's own line says how much it had left to do.
            found[tab.key] = [r for r in rows if r.get("event") not in {"night", "apply", "made"}]
        for number, standing in snapshot.roll_standings.items():
            roll = snapshot.rolls[number]
            assert not any(row.torn for row in roll.rows), roll
            found[f"roll {number}"] = [{"cells": repr((standing.title, standing.grid))}]
        for key, board in snapshot.boards.items():
            found[f"board {key}"] = [{"cells": repr((board.grid, sorted(board.charts)))}]
        return found

    def organisers_cells(self) -> dict[str, list[list[Any]]]:
        """Return every cell that Cohorte must not touch, by tab."""
        found = {}
        for tab in tabs(self.config.rules.fields.extra):
            keys = [c.key for c in tab.columns if c.owner is Owner.ORGANISER]
            found[tab.key] = [[row.get(key) for key in keys] for row in self.rows(tab.key)]
        for number, roll in self.snapshot().rolls.items():
            ticks = [[row.number, row.present, row.excused, row.note] for row in roll.rows]
            guests = [[guest.name, guest.present, guest.note] for guest in roll.guests]
            found[f"roll {number}"] = [[roll.called], *ticks, *guests]
        return found

    @property
    def header(self) -> tuple[str, ...]:
        """The form's questions."""
        return HEADER if self.config.ma_place.tab is None else FULL_HEADER

    @property
    def spreadsheet_id(self) -> str:
        """The spreadsheet's id."""
        return self.config.workspace.spreadsheet or ""


def new_programme(folder: Path) -> Programme:
    """Make a workspace with an empty response tab and no tabs of ours."""
    config = parse_config(_CONFIG.encode(), folder / "cohorte.toml", {})
    path = folder / "programme.db"
    with local.session(path, clock=lambda: NOW) as session:
        spreadsheet_id = create_spreadsheet(Client(session, ONCE), "Programme", TAB, HEADER)
    return Programme(path, with_spreadsheet(config, spreadsheet_id))


def full_programme(folder: Path) -> Programme:
    """Make an empty programme with every question of `tests.world`, and with "Ma place"."""
    env = {"COHORTE_MA_PLACE_SECRET": SECRET.decode()}
    config = parse_config(_FULL_CONFIG.encode(), folder / "cohorte.toml", env)
    path = folder / "programme.db"
    with local.session(path, clock=lambda: NOW) as session:
        http = Client(session, ONCE)
        spreadsheet_id = create_spreadsheet(http, "Programme", TAB, FULL_HEADER)
        add_responses(http, spreadsheet_id, PLACE_FORM.tab, REPLY_HEADER, ())
    return Programme(path, with_spreadsheet(config, spreadsheet_id))


def with_mail(programme: Programme, mode: str = "automatic") -> Programme:
    """Return the programme with messages that leave into a folder beside it."""
    mail = Mail.model_validate(
        {
            "mode": mode,
            "transport": "folder",
            "folder": programme.path.parent / "courriels",
            "sender": "Le comité <comite@example.org>",
            "postal_address": "100, rue Principale, Saint-Exemple (Québec)",
        }
    )
    return replace(programme, config=programme.config.model_copy(update={"mail": mail}))


def small_programme(folder: Path) -> Programme:
    """Make a programme of one cohort of three places, two meetings and five people."""
    programme = new_programme(folder)
    programme.answer(
        ("2023-01-02 09:00:00", "Hélène", "Fortin", "helene@example.com", "418 555-0101", "a"),
        ("2023-01-03 09:00:00", "Marc", "Caron", "marc@example.com", "418 555-0102", "b"),
        ("2023-01-03 10:00:00", "Marc", "Caron", "marc@example.com", "", "b"),
        ("2023-01-04 09:00:00", "Josée", "Dubé", "", "418 555-0103", "c"),
        ("2023-01-05 09:00:00", "Guy", "Roy", "guy@example.com", "418 555-0104", "d"),
        ("2023-01-06 09:00:00", "Ève", "Morin", "eve@example.com", "418 555-0105", "e"),
    )
    programme.organise(
        [("C1", "Première cohorte", "3", "", "automatique")],
        [("C1", "2023-01-16", "18:30", "21:00", "Briser l’isolement")],
    )
    return programme
