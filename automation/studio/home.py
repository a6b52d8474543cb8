"""The first page: where the programme stands, and what there is to try; or how to make one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask import abort, g, redirect, render_template, request

from automation.core.moments import tell_day
from automation.studio.nights import show_seats

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as AnyResponse

    from automation.studio.bench import Bench

_STARTS: Final = {
    "before": datetime(2023, 1, 13),  # noqa: DTZ001 - on the wall
    "after": datetime(2023, 4, 1),  # noqa: DTZ001
    "whole": datetime.max,  # noqa: DTZ901
}
"""Up to when the demonstration's story is played before somebody goes on with it."""


def add_pages(app: Flask, bench: Bench) -> None:
    """Add the first page to an application."""

    @app.get("/")
    def home() -> str:
        if not bench.is_open:
            return render_template("welcome.html.j2", folder=str(bench.folder), starts=[*_STARTS])
        return render_template("home.html.j2", **_overview(bench))

    @app.post("/demo")
    def make_demo() -> AnyResponse:
        start = request.form.get("start", "")
        if start not in _STARTS:
            abort(400)
        bench.make_demo(_STARTS[start], g.language)
        return redirect("/", 303)

    @app.before_request
    def require_workspace() -> AnyResponse | None:
        """Lead every other page back to the first, as long as there is nothing to show."""
        free = {"static", "enter", "home", "make_demo", "language", None}
        return None if bench.is_open or request.endpoint in free else redirect("/", 303)


def _overview(bench: Bench) -> dict[str, Any]:
    snapshot = bench.read()
    eve = bench.find_eve(snapshot)
    meeting = eve[1] if eve else None
    return {
        "programme": bench.config.programme.name or "",
        "seats": show_seats(snapshot.cohorts, {c.code: c.seats for c in snapshot.cohorts}),
        "meeting": meeting,
        "day": tell_day(meeting.day, g.language) if meeting and meeting.day else "",
    }


def local_path(target: str) -> str:
    """Return where to go back to, on this site alone."""
    parts = urlsplit(target)
    ours = not parts.scheme and not parts.netloc and target.startswith("/")
    return target if ours and not target.startswith(("//", "/\\")) else "/"
