"""The workspace that the studio shows, its clock, and the nights that pass over it."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import RLock
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from automation import locale
from automation.config import load_config
from automation.core.attendance import starts_at
from automation.core.model import MeetingState
from automation.demo import StoryClock, find_played, open_demo, play, prepare_folder
from automation.errors import CohorteError
from automation.google.sheets import get_spreadsheet
from automation.local import LocalSession
from automation.night import plan_night, run_night
from automation.studio.clock import MORNING_HOUR, NIGHT_HOUR, StudioClock, next_at
from automation.workbook.reader import read_snapshot
from automation.workbook.sheet import read_zone
from automation.workspace import open_workspace, require_embedded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gspread import HTTPClient

    from automation.config import Config
    from automation.core.model import Meeting
    from automation.core.snapshot import Snapshot
    from automation.local.store import Store
    from automation.night import Night
    from automation.workspace import Workspace

_FILE_URL: Final = "https://www.googleapis.com/drive/v3/files/{id}"
_BOOK_URL: Final = "https://sheets.googleapis.com/v4/spreadsheets"
_DAY: Final = timedelta(days=1)
_UTC: Final = ZoneInfo("UTC")
_MOST_NIGHTS: Final = 400
"""That pass at once, at the most."""


class Passed(Struct, frozen=True, kw_only=True):
    """A night that passed, or what kept it from passing.

    Attributes:
        at: When it was; aware.
    """

    at: datetime
    outcome: Night | CohorteError

    @property
    def calm(self) -> bool:
        """Whether nothing happened to anybody."""
        if isinstance(self.outcome, CohorteError):
            return False
        return not self.outcome.plan.events and not self.outcome.delivery


class Bench(Struct, kw_only=True):
    """What the pages work on.

    Attributes:
        config_path: Of the configuration; it may not be there yet.
        folder: Where the demonstration can be made; None where a configuration was named.
        start: Where the clock starts, naive on the spreadsheet's wall; None for when the workspace
            was last written to.
        lock: Held while a night passes, and while a cell is looked up and written: neither happens
            in the middle of the other.
        passed: The nights that somebody let pass last, but for calm ones before the last of them.
        calm: How many those were.
    """

    config_path: Path
    env: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    start: datetime | None = None
    clock: StudioClock = field(
        default_factory=lambda: StudioClock(datetime(1970, 1, 1, tzinfo=UTC))
    )
    lock: RLock = field(default_factory=RLock)
    passed: tuple[Passed, ...] = ()
    calm: int = 0
    _opened: ExitStack = field(default_factory=ExitStack)
    _workspace: Workspace | None = None
    _zone: ZoneInfo = _UTC

    @property
    def is_open(self) -> bool:
        """Whether there is a workspace to show."""
        return self._workspace is not None

    @property
    def http(self) -> HTTPClient:
        """The client of the workspace."""
        return self._require().http

    @property
    def config(self) -> Config:
        """The configuration, with the spreadsheet's id."""
        return self._require().config

    @property
    def zone(self) -> ZoneInfo:
        """The spreadsheet's time zone."""
        self._require()
        return self._zone

    @property
    def spreadsheet_id(self) -> str:
        """The id of the programme's spreadsheet."""
        return self.config.workspace.spreadsheet or ""

    @property
    def store(self) -> Store:
        """The store of the workspace, for its mailbox and for answers to its forms."""
        session = self.http.session
        if not isinstance(session, LocalSession):
            raise TypeError(session)
        return session.store

    def open(self) -> None:
        """Open the workspace, unless it is one that the demonstration has yet to make.

        Raises `ConfigError` for a workspace at Google, and whatever opening one raises.
        """
        if self.folder is not None and not self.config_path.exists():
            return
        config = load_config(self.config_path, self.env)
        require_embedded(config, "studio_embedded")
        path = config.workspace.path
        if self.folder is not None and path is not None and not path.exists():
            return
        workspace = self._opened.enter_context(open_workspace(config, self.clock))
        about = get_spreadsheet(workspace.http, workspace.config.workspace.spreadsheet or "")
        self._zone = read_zone(about["properties"].get("timeZone", ""))
        self.clock.move(self._find_start(workspace))
        # Last, since whoever asks meanwhile is shown the pages from then on.
        self._workspace = workspace

    def close(self) -> None:
        """Close the workspace."""
        self._opened.close()

    def _require(self) -> Workspace:
        if self._workspace is None:
            raise LookupError("no workspace is open")
        return self._workspace

    def _find_start(self, workspace: Workspace) -> datetime:
        """Return when somebody goes on: in the morning, where a night wrote last."""
        if self.start is not None:
            return self.start.replace(tzinfo=self.start.tzinfo or self._zone)
        url = _FILE_URL.format(id=workspace.config.workspace.spreadsheet)
        answer = workspace.http.session.get(url, params={"fields": "modifiedTime"})
        answer.raise_for_status()
        written = datetime.fromisoformat(answer.json()["modifiedTime"])
        if written.astimezone(self._zone).hour < MORNING_HOUR:
            return next_at(written, MORNING_HOUR, self._zone)
        return written

    def make_demo(self, until: datetime, language: str) -> None:
        """Make the demonstration and play its story, up to an instant on the wall; then open it."""
        with self.lock:
            if self.folder is None or self.is_open:
                return
            config = load_config(prepare_folder(self.folder, language), self.env)
            clock = StoryClock()
            with open_workspace(config, clock, new=True) as workspace:
                title = locale.text(language, "demo.title")
                demo = open_demo(workspace.http, workspace.config, self.folder, title)
                about = get_spreadsheet(demo.http, demo.spreadsheet_id)
                zone = read_zone(about["properties"]["timeZone"])
                wanted = {w.night.at for w in demo.windows if w.night.at <= until}
                left = len(wanted - find_played(demo))
                for _ in islice(play(demo, clock, zone, new_token), left):
                    pass
            self.open()

    def call(self, method: str, path: str = "", **options: Any) -> Any:
        """Call the Sheets API about the spreadsheet, and return its answer."""
        url = f"{_BOOK_URL}/{self.spreadsheet_id}{path}"
        answer = self.http.session.request(method, url, **options)
        answer.raise_for_status()
        return answer.json()

    def read(self) -> Snapshot:
        """Read the workbook."""
        return read_snapshot(self.http, self.config)

    @property
    def tonight(self) -> datetime:
        """When the next night passes."""
        return next_at(self.clock(), NIGHT_HOUR, self.zone)

    def plan(self) -> Night:
        """Return what the next night would do."""
        at = self.tonight
        return plan_night(self.http, self.config, lambda _: at)

    def find_eve(self, snapshot: Snapshot) -> tuple[datetime, Meeting] | None:
        """Return the morning before the next meeting that is to come, and the meeting."""
        found = []
        for meeting in snapshot.meetings:
            begins = starts_at(meeting, self.zone)
            if begins is None or meeting.state is not MeetingState.PLANNED:
                continue
            eve = begins.astimezone(self.zone) - _DAY
            morning = eve.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0)
            if morning > self.clock():
                found.append((morning, meeting))
        return min(found, key=lambda one: one[0], default=None)

    def let_night_pass(self, digest: str | None = None, *, force: bool = False) -> None:
        """Let one night pass, and wake up in the morning; `passed` tells of it.

        Args:
            digest: The plan that was looked at; another one is refused.
            force: Whether to go on in spite of the brake.
        """
        with self.lock:
            self.passed, self.calm = (self._pass(digest, force=force),), 0

    def go_to(self, morning: datetime) -> None:
        """Let the nights pass up to a morning, or to the first one that can't; `passed` tells."""
        kept: list[Passed] = []
        calm = 0
        for passed in self._pass_until(morning):
            if kept and kept[-1].calm:
                kept.pop()
                calm += 1
            kept.append(passed)
        self.passed, self.calm = tuple(kept), calm

    def _pass_until(self, morning: datetime) -> Iterator[Passed]:
        for _ in range(_MOST_NIGHTS):
            with self.lock:
                if self.tonight > morning:
                    return
                passed = self._pass()
            yield passed
            if isinstance(passed.outcome, CohorteError):
                return

    def _pass(self, digest: str | None = None, *, force: bool = False) -> Passed:
        """Let a night pass; one that is refused leaves the clock where it is."""
        before, at = self.clock(), self.tonight
        self.clock.set(at)
        try:
            outcome: Night | CohorteError = run_night(
                self.http,
                self.config,
                event="night",
                moment=self.clock.moment,
                token=new_token(),
                digest=digest,
                force=force,
            )
        except CohorteError as error:
            self.clock.set(before)
            return Passed(at=at, outcome=error)
        self.clock.move(next_at(at, MORNING_HOUR, self.zone))
        return Passed(at=at, outcome=outcome)


def new_token() -> str:
    """Return the four random letters that tell a run from another of the same second."""
    return secrets.token_hex(2)
