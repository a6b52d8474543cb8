"""Random histories of a whole workbook: real reads and writes, and organisers who type anything."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from automation import locale
from automation.core.instants import to_serial
from automation.core.replies import make_code
from automation.errors import CohorteError, ConflictError, UnreachableError
from automation.google.retries import Retries
from automation.google.sheets import read_ranges
from automation.local import FaultPlan
from automation.posting import open_post_office
from automation.workbook.layout import COHORTS, MEETINGS, find_columns, tabs
from tests.deeds import delete, insert, move, rename, sort_rows
from tests.programme import (
    ProcessDiedError,
    die_at,
    essence,
    full_programme,
    with_mail,
)
from tests.properties.sheet_claims import check_cells, check_mail, check_written, tell_plan
from tests.properties.test_histories import PEOPLE
from tests.world import PLACE_FORM, REPLY_HEADER, SECRET, ZONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests import PreparedRequest

    from automation.core.model import Cell, Number, Status
    from automation.core.snapshot import Snapshot
    from automation.night import Night
    from automation.workbook.layout import Tab
    from tests.programme import Programme
    from tests.world import Answer

_MEMORY = next((p for p in ("/dev/shm",) if Path(p).is_dir()), None)  # noqa: S108 - only for speed
"""Where files cost no wait for a disk, if there is such a place."""

_START = datetime(2023, 11, 3, 14, tzinfo=UTC)
"""Two nights before the hour that comes twice."""

_REFUSALS = {
    "missing_column",
    "missing_question",
    "missing_response_tab",
    "memory_gone",
    "restored",
    "copied",
    "brake",
    "lease",
}
_DECISIONS = (
    *(locale.text("fr", f"decision.{word}") for word in ("confirm", "offer", "wait", "restore")),
    *(locale.text("en", f"decision.{word}") for word in ("withdraw", "remove")),
    "",
    "annulé",
    3,
)
_VERDICTS = (
    *(locale.text("fr", f"verdict.{verdict}") for verdict in ("same", "different")),
    "",
    "peut-être",
)
_ANYTHING = (
    *(
        "",
        " ",
        "x",
        "C2",
        "=1+1",
        "oui",
        "2023-11-05 01:30",
        "9999-12-31T23:59:59-05:00",
        "1-42325487d82bfd2e",
        "é" * 300,
    ),
    *(0, 1, 2, 3, -1, 2.5, 45235.0625, 2958464.5, 1e300, True, False),
    *(locale.text("fr", f"status.{status}") for status in ("confirmed", "withdrawn", "waiting")),
)
_COHORT_CELLS: dict[str, tuple[Cell, ...]] = {
    "places": (0, 1, 2, 4, "", "trois", "--5", -1, "2"),
    "waiting_limit": ("", 0, 1, 2, "non"),
    "opens": ("", "2023-11-04", 45233.5, "bientôt"),
    "closes": ("", "2023-11-05", 45236.25, True),
    "reserved": (0, 1, 2, "un", ""),
    "reserved_for": ("Chambre", "chambre", "", 3),
    "reserved_until": ("", "2023-11-06", "jeudi"),
    "promotion": ("offre", "automatique", "automatic", "", "?"),
    "window_hours": ("", 1, 24, "0,5", "longtemps", -3),
    "last_offer": ("", "2023-11-08", 45237),
    "follows": ("", "C1", "c2", "C9"),
    "paused": (True, False, "oui", ""),
    "code": ("C1", "C2", "C3", "", 7),
    "name": ("", "Groupe d’automne", "C1"),
}
_MEETING_CELLS: dict[str, tuple[Cell, ...]] = {
    "cohort": ("C1", "c2", "C9", ""),
    "date": ("2023-11-20", 45250, "lundi", ""),
    "start": (0.75, "18 h 30", "tôt", ""),
    "state": ("prévue", "annulée", "?", ""),
    "number": (1, 2, "", "x"),
    "seal": ("", "x"),
}
_ACTIONS = (
    *(locale.text("fr", f"mail_action.{word}") for word in ("approve", "hold", "resend", "gone")),
    "",
    "peut-être",
)
_CALLS: tuple[Cell | timedelta, ...] = (
    timedelta(hours=-30),
    timedelta(hours=-1),
    timedelta(hours=20),
    timedelta(days=100),
    "2023-11-05",
    45234,
    "hier soir",
    True,
    "",
)
_CODES = ("genuine", "genuine", "stale", "forged", "mangled")

some = st.integers(0, 63)
people = st.sampled_from(PEOPLE)


class WorkbookHistories(RuleBasedStateMachine):
    """A workbook in a file, and everybody around it. All that is true stands in the file."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="cohorte-histories-", dir=_MEMORY))
        self.book: Programme = with_mail(full_programme(self.folder))
        self.policy = open_post_office(self.book.config).rules
        self.tabs: dict[str, Tab] = {tab.key: tab for tab in tabs(self.policy.fields.extra)}
        self.answers = self.book.response_tab()
        self.replies = self.book.response_tab(PLACE_FORM.tab)
        self.at = _START
        self.deleted: list[list[Cell]] = []
        self.ledger_is_whole = True
        self.known: dict[Number, Status] = {}
        self.journal_is_whole = True

    @initialize(
        places=st.integers(0, 3),
        second=st.booleans(),
        promotion=st.sampled_from(("offre", "automatique")),
        follows=st.sampled_from(("", "C1")),
        crowd=st.lists(st.tuples(people, st.sampled_from(("C1", "C1", "C2"))), max_size=6),
    )
    def begin(
        self,
        *,
        places: int,
        second: bool,
        promotion: str,
        follows: str,
        crowd: list[tuple[Answer, str]],
    ) -> None:
        """Let the organisers fill in their tabs, and a first night make the others."""
        cohorts = [("C1", "Première cohorte", str(places), "", promotion)]
        if second:
            cohorts.append(("C2", "Groupe d’automne", "1", "1", promotion))
        meetings = [("C1", "2023-11-20", "18:30", "21:00", "Briser l’isolement")]
        self.book.organise(cohorts, meetings)
        if second and follows:
            self.book.put_in("cohorts", 2, "follows", follows)
        for who, choice in crowd:
            self.somebody_answers(who, choice, 1, "", dated=True)
        self.night()

    # What participants do.

    @rule(
        who=people,
        choice=st.sampled_from(("", "C1", "C1", "Groupe d’automne (c2)", "Cohorte 9")),
        minutes=st.sampled_from((-90, 0, 0, 1, 600)),
        group=st.sampled_from(("", "", "Chambre", "Autre, Chambre")),
        dated=st.sampled_from((True, True, True, True, False)),
    )
    def somebody_answers(
        self, who: Answer, choice: str, minutes: int, group: str, *, dated: bool
    ) -> None:
        self.at += timedelta(minutes=max(0, minutes))
        stamp = to_serial(self.at + timedelta(minutes=min(0, minutes)), ZONE) if dated else "hier"
        told = (stamp, *who.cells[1:6], choice, "Boulangère", group)
        self.submit(self.answers, dict(zip(self.book.header, told, strict=True)))

    def submit(self, sheet_id: int, told: Mapping[str, Cell]) -> None:
        """Let a form write below the last row that holds anything, each answer in its column."""
        grid = self.grid(sheet_id)
        cells = [told.get(str(title), "") for title in grid[0]]
        self.book.put(sheet_id, len(grid), 0, *cells)

    @rule(
        which=some,
        who=people,
        what=st.sampled_from(("Téléphone", "Courriel", "Prénom", "Cohorte", "Métier")),
        stamped=st.sampled_from((True, True, False)),
    )
    def an_answer_is_edited(self, which: int, who: Answer, what: str, *, stamped: bool) -> None:
        grid = self.grid(self.answers)
        row = self.row(grid, which)
        if row is None or what not in grid[0] or "Horodateur" not in grid[0]:
            return
        self.at += timedelta(minutes=1)
        self.deleted.append(list(grid[row]))
        told = dict(zip(self.book.header, who.cells, strict=True)) | {"Cohorte": "C2"}
        self.book.put(self.answers, row, grid[0].index(what), told[what])
        if stamped:
            stamp = to_serial(self.at, ZONE)
            self.book.put(self.answers, row, grid[0].index("Horodateur"), stamp)

    @rule(which=some)
    def an_answer_is_deleted(self, which: int) -> None:
        grid = self.grid(self.answers)
        row = self.row(grid, which)
        if row is not None:
            self.deleted.append(list(grid[row]))
            self.book.ask(delete(self.answers, "ROWS", row))

    @precondition(lambda self: self.deleted)
    @rule(which=some)
    def an_answer_is_restored(self, which: int) -> None:
        cells = self.deleted.pop(which % len(self.deleted))
        self.book.put(self.answers, len(self.grid(self.answers)), 0, *cells)

    @precondition(lambda self: self.known)
    @rule(
        which=some,
        kind=st.sampled_from(_CODES),
        wish=st.sampled_from((PLACE_FORM.accept, PLACE_FORM.withdraw, PLACE_FORM.no_news, "?")),
        minutes=st.integers(-30, 90),
    )
    def somebody_replies(self, which: int, kind: str, wish: str, minutes: int) -> None:
        number = sorted(self.known)[which % len(self.known)]
        offers = {entry["offer"] for entry in self.book.rows("enrolments")}
        offer = max((o for o in offers if isinstance(o, int)), default=0)
        row = next((r for r in self.book.rows("enrolments") if r["number"] == number), {})
        if kind == "genuine" and isinstance(row.get("offer"), int):
            offer = row["offer"]
        code = make_code(number, max(0, offer), SECRET)
        if kind == "forged":
            code = f"{number + 1}{code[code.index('-') :]}"
        if kind == "mangled":
            code = f" {code.lower()[:4]} {code.lower()[4:]}"
        self.at += timedelta(minutes=max(0, minutes))
        stamp = to_serial(self.at + timedelta(minutes=min(0, minutes)), ZONE)
        told: tuple[Cell, ...] = (stamp, code, wish)
        self.submit(self.replies, dict(zip(REPLY_HEADER, told, strict=True)))

    # What organisers mean to do.

    @precondition(lambda self: self.known)
    @rule(which=some, word=st.sampled_from(_DECISIONS))
    def an_organiser_decides(self, which: int, word: Cell) -> None:
        self.type_in("enrolments", which, "decision", word)

    @precondition(lambda self: self.known)
    @rule(which=some, priority=st.sampled_from((-1, 0, 2.5, "1,5", "très", "")))
    def an_organiser_sets_a_priority(self, which: int, priority: Cell) -> None:
        self.type_in("enrolments", which, "priority", priority)

    @precondition(lambda self: self.known)
    @rule(which=some, other=st.sampled_from((1, 2, 3, 4, 99, "", "x")))
    def an_organiser_merges(self, which: int, other: Cell) -> None:
        self.type_in("enrolments", which, "merge_with", other)

    @precondition(lambda self: self.known)
    @rule(which=some, verdict=st.sampled_from(_VERDICTS))
    def an_organiser_judges_a_pair(self, which: int, verdict: str) -> None:
        self.type_in("duplicates", which, "verdict", verdict)

    @precondition(lambda self: self.known)
    @rule(which=some, called=st.sampled_from(_CALLS))
    def an_organiser_notes_a_call(self, which: int, called: Cell | timedelta) -> None:
        cell = to_serial(self.at + called, ZONE) if isinstance(called, timedelta) else called
        self.type_in("enrolments", which, "offered_by_phone", cell)

    @rule(which=st.integers(0, 63), data=st.data())
    def a_cohort_is_added_or_changed(self, which: int, data: st.DataObject) -> None:
        if which > 60 and len(self.grid(COHORTS.sheet_id)) <= 4:
            self.append("cohorts", {"code": "C3", "places": 2, "promotion": "offre"})
        key = data.draw(st.sampled_from(sorted(_COHORT_CELLS)))
        self.type_in("cohorts", which, key, data.draw(st.sampled_from(_COHORT_CELLS[key])))

    @rule(which=some, data=st.data())
    def a_meeting_is_added_or_changed(self, which: int, data: st.DataObject) -> None:
        if len(self.grid(MEETINGS.sheet_id)) <= 3:
            self.append("meetings", {"cohort": "c1", "date": 45260, "theme": "?"})
        key = data.draw(st.sampled_from(sorted(_MEETING_CELLS)))
        self.type_in("meetings", which, key, data.draw(st.sampled_from(_MEETING_CELLS[key])))

    # What organisers do to the sheets themselves.

    @rule(
        key=st.sampled_from(
            (
                "enrolments",
                "enrolments",
                "duplicates",
                "cohorts",
                "meetings",
                "mail",
                "journal",
                "?",
            )
        ),
        column=some,
        part=st.none() | st.tuples(some, some),
        descending=st.booleans(),
    )
    def a_tab_is_sorted(
        self, key: str, column: int, part: tuple[int, int] | None, *, descending: bool
    ) -> None:
        sheet_id = self.sheet(key)
        grid = self.grid(sheet_id)
        width = max(map(len, grid), default=0)
        if len(grid) < 2 or not width:
            return
        first, last = 0, width
        if part is not None:
            first, last = sorted(index % (width + 1) for index in part)
            last += first == last
            self.journal_is_whole &= key != "journal"
        at = first + column % (last - first)
        reach = (first, last) if part else None
        rows = len(grid)
        deed = sort_rows(sheet_id, at, last_row=rows, columns=reach, descending=descending)
        self.book.ask(deed)

    @rule(
        key=st.sampled_from(
            ("enrolments", "duplicates", "cohorts", "meetings", "journal", "handled", "?", "!")
        ),
        source=some,
        destination=st.none() | some,
        dimension=st.sampled_from(("ROWS", "COLUMNS")),
        header=st.sampled_from(("", "", "Vu", "Statut", "N°", "Seal")),
    )
    def something_is_inserted_or_moved(
        self, key: str, source: int, destination: int | None, dimension: str, header: str
    ) -> None:
        sheet_id = self.sheet(key)
        grid = self.grid(sheet_id)
        first, size = (1, len(grid)) if dimension == "ROWS" else (0, len(grid[0]))
        if destination is None:
            index = first + source % (size - first + 1)
            self.book.ask(insert(sheet_id, dimension, index))
            if dimension == "COLUMNS" and index == size:
                self.book.put(sheet_id, 0, index, header)
        elif size - first > 1:
            source, destination = (first + n % (size - first) for n in (source, destination))
            if source != destination:
                self.book.ask(move(sheet_id, dimension, source, destination))

    @rule(which=some, action=st.sampled_from(_ACTIONS))
    def an_organiser_says_of_a_message(self, which: int, action: str) -> None:
        self.type_in("mail", which, "action", action)

    @precondition(lambda self: self.known)
    @rule(
        key=st.sampled_from(
            ("enrolments", "enrolments", "duplicates", "mail", "mail_log", "journal", "handled")
        ),
        index=some,
    )
    def a_row_of_ours_is_deleted(self, key: str, index: int) -> None:
        grid = self.grid(self.sheet(key))
        row = self.row(grid, index)
        if row is not None:
            self.book.ask(delete(self.sheet(key), "ROWS", row))
            self.ledger_is_whole &= key != "mail_log"
            self.journal_is_whole &= key not in {"journal", "handled"}

    @rule(
        key=st.sampled_from(
            (
                *("enrolments", "enrolments", "journal", "handled", "cohorts"),
                *("duplicates", "mail", "mail_log"),
            )
        ),
        row=some,
        column=some,
        cell=st.sampled_from(_ANYTHING),
    )
    def a_cell_is_typed_over(self, key: str, row: int, column: int, cell: Cell) -> None:
        grid = self.grid(self.sheet(key))
        at = self.row(grid, row)
        if at is not None:
            self.book.put(self.sheet(key), at, column % len(grid[0]), cell)
            self.ledger_is_whole &= key != "mail_log"
            self.journal_is_whole &= key not in {"journal", "handled", "cohorts"}

    @precondition(lambda self: self.known)
    @rule(
        row=some,
        key=st.sampled_from(("number", "person", "cohort", "status", "seal", "step", "offer")),
        cell=st.sampled_from(_ANYTHING),
    )
    def a_cell_that_matters_is_typed_over(self, row: int, key: str, cell: Cell) -> None:
        self.type_in("enrolments", row, key, cell)

    @precondition(lambda self: self.known)
    @rule(
        key=st.sampled_from(("enrolments", "enrolments", "duplicates", "journal", "handled")),
        source=some,
        destination=some,
    )
    def a_row_is_copied(self, key: str, source: int, destination: int) -> None:
        grid = self.grid(self.sheet(key))
        of = self.row(grid, source)
        if of is not None:
            onto = 1 + destination % len(grid)
            self.book.put(self.sheet(key), onto, 0, *grid[of])
            self.journal_is_whole &= key in {"enrolments", "duplicates"}

    @rule(
        key=st.sampled_from(
            ("enrolments", "enrolments", "duplicates", "cohorts", "meetings", "journal", "?")
        ),
        what=st.sampled_from(("a column goes", "a header is typed over", "a tab is renamed")),
        index=some,
    )
    def a_table_is_spoilt_for_a_night(self, key: str, what: str, index: int) -> None:
        self.keep()
        sheet_id = self.sheet(key)
        column = index % len(self.grid(sheet_id)[0])
        if what == "a column goes":
            self.book.ask(delete(sheet_id, "COLUMNS", column))
        elif what == "a header is typed over":
            self.book.put(sheet_id, 0, column, "Autre chose")
        else:
            self.book.ask(rename(sheet_id, f"{key} {index}", hidden=index > 40))
        self.a_night_passes("night")

    # Time, and nights.

    @rule(hours=st.sampled_from((1, 24, 24, 72, -3)))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(event=st.sampled_from(("night", "night", "apply")))
    def a_night_passes(self, event: str) -> None:
        self.at += timedelta(hours=11)
        self.night(event)

    @rule(
        how=st.sampled_from(("cut before", "cut after", "faults", "another run")),
        call=st.integers(1, 5),
    )
    def a_night_goes_wrong(self, how: str, call: int) -> None:
        """13: on a copy; it ends where a calm one does, once it has run again."""
        self.at += timedelta(hours=11)
        rough = self.book.forked(self.folder / "rough.db")
        if not self.night():
            return
        with suppress(ProcessDiedError, UnreachableError, ConflictError):
            if how == "faults":
                rough.night(at=self.at, faults=_faults(call), retries=_retries())
            elif how == "another run":
                rough.night(at=self.at, faults=self.let_in(rough, call))
            else:
                dying = die_at(rough, call, applied=how == "cut after")
                rough.night(at=self.at, faults=dying)
        try:
            rough.night(at=self.at)
        except ConflictError:  # it died while it mailed: its lease keeps others out for a while
            self.at += timedelta(minutes=20)
            rough.night(at=self.at)
        ends = [_without_instants(essence(book.snapshot())) for book in (rough, self.book)]
        assert ends[0] == ends[1], "13"
        shutil.copyfile(rough.path, self.book.path)

    def let_in(self, rough: Programme, call: int) -> FaultPlan:
        def hook(number: int, _request: PreparedRequest) -> None:
            if number == call:
                rough.night(at=self.at, token="bbbb")

        return FaultPlan(on_call=hook)

    def night(self, event: str = "night") -> bool:
        """Let a night pass, and check it; tell whether it went on without organisers' help."""
        before, picture = self.book.grids(), self.book.picture()
        try:
            night = self.book.night(at=self.at, event=event)
        except CohorteError as error:
            assert error.code in _REFUSALS, error  # noqa: PT017 - organisers may have spoilt a table
            assert self.book.picture() == picture, "14: a refused night wrote something"
            self.heal(error)
            self.night(event)
            return False
        self.check(night, before)
        self.keep()
        return True

    def heal(self, error: CohorteError) -> None:
        if error.code == "lease":
            self.at += timedelta(minutes=20)
        elif error.code == "brake":
            self.book.night(at=self.at, force=True)
        elif error.code in {"restored", "copied"}:
            assert self.book.adopt(self.at)
        else:
            shutil.copyfile(self.folder / "good.db", self.book.path)

    def check(self, night: Night, before: dict[int, list[list[Any]]]) -> None:
        self.check_known(night.snapshot)
        check_cells(before, self.book.grids(), self.policy)
        after = self.book.snapshot()
        if night.receipt is not None:
            assert not night.receipt.misplaced
        check_written(night.snapshot, night.plan, after, self.policy)
        left = self.folder / "courriels" if self.ledger_is_whole else None
        check_mail(night, after, left)
        again = self.book.night(at=self.at, event="apply")
        assert again.plan.empty, ("4: planning again decides something", tell_plan(again.plan))
        # A torn row that the journal has forgotten is nobody's until somebody puts it right.
        ours = (e for e in after.register if not e.frozen or e.number in after.journal)
        self.known = {e.number: e.status for e in ours}

    def check_known(self, read: Snapshot) -> None:
        """2: whatever organisers did to the sheets, everybody has the state of the last night."""
        found = {e.number: e.status for e in read.register}
        if self.journal_is_whole:
            known = {n: s for n, s in found.items() if n in self.known}
            assert known == self.known, (known, self.known)
        self.journal_is_whole = True

    def keep(self) -> None:
        shutil.copyfile(self.book.path, self.folder / "good.db")

    # Hands.

    def sheet(self, key: str) -> int:
        """Return the sheet id of one of our tabs; "?" and "!" are the participants'."""
        theirs = {"?": self.answers, "!": self.replies}
        return theirs[key] if key in theirs else self.tabs[key].sheet_id

    def grid(self, sheet_id: int) -> list[list[Any]]:
        spreadsheet_id = self.book.config.workspace.spreadsheet or ""
        with self.book.session() as http:
            (grid,) = read_ranges(http, spreadsheet_id, [{"sheetId": sheet_id}])
        return grid

    def row(self, grid: list[list[Any]], index: int) -> int | None:
        """Return the index of a row below the header, None where there is none."""
        return 1 + index % (len(grid) - 1) if len(grid) > 1 else None

    def type_in(self, key: str, index: int, name: str, cell: Cell) -> None:
        tab = self.tabs[key]
        grid = self.grid(tab.sheet_id)
        row, places = self.row(grid, index), find_columns(tab, grid[0])
        if row is not None and name in places:
            self.book.put(tab.sheet_id, row, places[name], cell)

    def append(self, key: str, cells: dict[str, Cell]) -> None:
        tab = self.tabs[key]
        grid = self.grid(tab.sheet_id)
        places = find_columns(tab, grid[0])
        for name, cell in cells.items():
            if name in places:
                self.book.put(tab.sheet_id, len(grid), places[name], cell)

    def teardown(self) -> None:
        try:
            for _ in range(2):
                self.at += timedelta(hours=24)
                self.night()
        finally:
            shutil.rmtree(self.folder)


def _without_instants(told: object) -> str:
    return re.sub(r"datetime\.datetime\([^()]*(\([^()]*\))?[^()]*\)", "…", repr(told))


def _faults(seed: int) -> FaultPlan:
    return FaultPlan(chance=0.4, seed=seed, sleep=lambda _: None)


def _retries() -> Retries:
    waits: list[float] = []
    return Retries(sleep=waits.append, clock=lambda: sum(waits), jitter=lambda: 0.5)


TestWorkbookHistories = WorkbookHistories.TestCase
TestWorkbookHistories.settings = settings(
    max_examples=int(os.environ.get("COHORTE_TEST_EXAMPLES", "12"))
)
