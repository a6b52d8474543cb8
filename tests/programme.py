"""A whole programme on an embedded workspace, as tests of the shell need it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from automation import local
from automation.config import parse_config
from automation.google.client import Client
from automation.google.retries import ONCE
from automation.night import adopt, run_night
from automation.workbook.layout import COHORTS, MEETINGS, Owner, tabs
from automation.workbook.loading import add_responses, add_rows, create_spreadsheet
from automation.workbook.reader import read_snapshot
from automation.workbook.view import read_tab
from automation.workspace import with_spreadsheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gspread import HTTPClient

    from automation.config import Config
    from automation.google.retries import Retries
    from automation.local import FaultPlan
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

COHORT_HEADER = ("Code", "Nom", "Places", "Liste d’attente max.", "Promotion")
MEETING_HEADER = ("Cohorte", "Date", "Début", "Fin", "Thème")

# Written anew by whoever writes, and so the same in no two runs.
_VOLATILE = frozenset({"at", "run", "revision", "handled_at", "ended_at", "seal"})


@dataclass(frozen=True, slots=True)
class Programme:
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
            return adopt(http, self.config, lambda _: at, "dddd")

    def copied(self) -> Programme:
        """Let an organiser copy the spreadsheet, and return the copy."""
        with self.session() as http:
            url = f"https://www.googleapis.com/drive/v3/files/{self._id}/copy"
            copy = http.request("post", url, json={"name": "Copie"}).json()
        return replace(self, config=with_spreadsheet(self.config, copy["id"]))

    def answer(self, *rows: Sequence[str]) -> None:
        """Let answers arrive, in the order of HEADER."""
        with self.session() as http:
            add_responses(http, self._id, TAB, HEADER, rows)

    def organise(self, cohorts: Sequence[Sequence[str]], meetings: Sequence[Sequence[str]]) -> None:
        """Let the organisers fill in their tabs."""
        with self.session() as http:
            add_rows(http, self.config, COHORTS.key, COHORT_HEADER, cohorts)
            add_rows(http, self.config, MEETINGS.key, MEETING_HEADER, meetings)

    def type_in(self, tab_title: str, cell: str, value: str | float) -> None:
        """Let an organiser type in a cell, such as `type_in("Inscriptions", "P2", "Désister")`."""
        with self.session() as http:
            http.values_update(
                self._id,
                f"'{tab_title}'!{cell}",
                params={"valueInputOption": "RAW"},
                body={"values": [[value]]},
            )

    def ask(self, *requests: dict[str, Any]) -> None:
        """Let an organiser do something to the grid, as requests of batchUpdate."""
        with self.session() as http:
            http.batch_update(self._id, {"requests": list(requests)})

    def rows(self, key: str) -> list[dict[str, Any]]:
        """Return a tab's rows by column key."""
        with self.session() as http:
            tab = next(tab for tab in tabs(self.config.rules.fields.extra) if tab.key == key)
            return [dict(row) for row in read_tab(http, self.config, tab)]

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Return all that a run leaves, without what differs from run to run.

        Instants do, and so do the seals that cover them: what they guard must be whole.
        """
        with self.session() as http:
            assert all(e.damage is None for e in read_snapshot(http, self.config).register)
        found = {}
        for tab in tabs(self.config.rules.fields.extra):
            rows = [
                {key: value for key, value in row.items() if key not in _VOLATILE}
                for row in self.rows(tab.key)
            ]
            # A run's own line says how much it had left to do.
            found[tab.key] = [r for r in rows if r.get("event") not in {"night", "apply", "made"}]
        return found

    def organisers_cells(self) -> dict[str, list[list[Any]]]:
        """Return every cell that Cohorte must not touch, by tab."""
        found = {}
        for tab in tabs(self.config.rules.fields.extra):
            keys = [c.key for c in tab.columns if c.owner is Owner.ORGANISER]
            found[tab.key] = [[row.get(key) for key in keys] for row in self.rows(tab.key)]
        return found

    @property
    def _id(self) -> str:
        return self.config.workspace.spreadsheet or ""


def new_programme(folder: Path) -> Programme:
    """Make a workspace with an empty response tab and no tabs of ours."""
    config = parse_config(_CONFIG.encode(), folder / "cohorte.toml", {})
    path = folder / "programme.db"
    with local.session(path, clock=lambda: NOW) as session:
        spreadsheet_id = create_spreadsheet(Client(session, ONCE), "Programme", TAB, HEADER)
    return Programme(path, with_spreadsheet(config, spreadsheet_id))


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
