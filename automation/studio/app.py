"""The studio's pages, put together as one application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from babel.dates import format_datetime
from flask import Flask, g, redirect, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from automation import locale
from automation.core.moments import tell_day, tell_moment
from automation.errors import CohorteError
from automation.resources import data_path
from automation.studio import form, home, nights, post, sheets
from automation.telling import error_lines

if TYPE_CHECKING:
    from datetime import datetime

    from werkzeug.wrappers import Response as AnyResponse

    from automation.studio.bench import Bench
    from automation.studio.gate import Gate

_LANGUAGES: Final = ("fr", "en")
_LANGUAGE_COOKIE: Final = "cohorte_studio_language"
_CALENDARS: Final = {"fr": "fr_CA", "en": "en_CA"}
_LARGEST_BODY: Final = 1_000_000  # bytes
_TEMPLATES: Final = ("templates", "studio")


class _Studio(Flask):
    """Escapes whatever it shows, whatever its templates are called."""

    def select_jinja_autoescape(self, filename: str | None) -> bool:  # noqa: ARG002
        return True


def make_app(bench: Bench, gate: Gate, language: str) -> Flask:
    """Return the application over a workspace.

    Args:
        gate: Whoever has its token may come in.
        language: "fr" or "en", for whoever did not choose.
    """
    app = _Studio(
        "automation.studio",
        template_folder=str(data_path(*_TEMPLATES)),
        static_folder=str(data_path(*_TEMPLATES, "static")),
    )
    app.config.update(MAX_CONTENT_LENGTH=_LARGEST_BODY)
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    gate.stand_before(app)
    app.before_request(lambda: _choose_language(language))
    app.context_processor(lambda: _words(bench))
    app.register_error_handler(CohorteError, _tell_error)
    app.register_error_handler(HTTPException, _tell_refusal)
    app.add_url_rule("/language/<chosen>", "language", _keep_language, methods=["POST"])
    for pages in (home, form, sheets, post, nights):
        pages.add_pages(app, bench)
    return app


def _choose_language(fallback: str) -> None:
    chosen = request.cookies.get(_LANGUAGE_COOKIE)
    g.language = chosen if chosen in _LANGUAGES else fallback


def _keep_language(chosen: str) -> AnyResponse:
    answer = redirect(home.local_path(request.form.get("back", "/")), 303)
    if chosen in _LANGUAGES:
        answer.set_cookie(_LANGUAGE_COOKIE, chosen, httponly=True, samesite="Strict")
    return answer


def _words(bench: Bench) -> dict[str, Any]:
    """Return what every template may ask for."""
    language = g.get("language", "fr")

    def say(code: str, **values: object) -> str:
        return locale.text(language, f"studio.{code}", **values)

    def tell(instant: datetime) -> str:
        return tell_moment(instant, bench.zone, language)

    def tell_date(instant: datetime) -> str:
        return tell_day(instant.astimezone(bench.zone).date(), language)

    def tell_weekday(instant: datetime) -> str:
        wall = instant.astimezone(bench.zone)
        return str(format_datetime(wall, "EEEE", locale=_CALENDARS[language]))

    shared: dict[str, Any] = {
        "say": say,
        "tell": tell,
        "tell_date": tell_date,
        "tell_weekday": tell_weekday,
        "language": language,
        "languages": _LANGUAGES,
        "nonce": g.get("nonce", ""),
        "here": request.full_path.rstrip("?"),
        "is_open": bench.is_open,
    }
    if bench.is_open:
        shared["now"] = bench.clock()
    return shared


def _tell_error(error: CohorteError) -> tuple[str, int]:
    """Return a page for what stopped one: what happened, and what to do."""
    lines = error_lines(error, g.get("language", "fr"))
    return render_template("error.html.j2", lines=lines, title_code="error_title"), 500


def _tell_refusal(error: HTTPException) -> tuple[str, int]:
    """Return a page for a request that is refused, or for nothing."""
    code = error.code or 500
    known = {403: "refused_entry", 404: "refused_missing"}.get(code, "refused_other")
    words = locale.text(g.get("language", "fr"), f"studio.{known}")
    return render_template("refused.html.j2", words=words), code
