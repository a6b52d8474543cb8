"""The mailbox: what left, and to whom, as whoever received it sees it."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import Response, abort, render_template, request

from automation.local import read_mailbox

if TYPE_CHECKING:
    from flask import Flask

    from automation.config import Config
    from automation.local import MailboxMessage
    from automation.studio.bench import Bench

_HREF: Final = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_CODE: Final = "CODE"
_MESSAGE_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'self';"
    " sandbox allow-same-origin allow-top-navigation-by-user-activation"
)
"""Of a message's own page: it runs nothing and loads nothing; its links may lead to our forms."""


def add_pages(app: Flask, bench: Bench) -> None:
    """Add the mailbox to an application."""

    @app.get("/mail")
    def mail() -> str:
        wanted = request.args.get("to", "")
        messages = [one for one in reversed(read_mailbox(bench.store)) if one.is_sent]
        people = sorted({one.to for one in messages})
        shown = [one for one in messages if not wanted or one.to == wanted]
        return render_template("mail.html.j2", messages=shown, people=people, wanted=wanted)

    @app.get("/mail/<message>")
    def message(message: str) -> str:
        return render_template("message.html.j2", message=_find(bench, message))

    @app.get("/mail/<message>/html")
    def message_html(message: str) -> Response:
        found = _find(bench, message)
        answer = Response(lead_links(found.html, bench.config), mimetype="text/html")
        answer.headers["Content-Security-Policy"] = _MESSAGE_POLICY
        answer.headers["X-Frame-Options"] = "SAMEORIGIN"
        return answer

    @app.get("/mail/<message>/attachments/<int:index>")
    def attachment(message: str, index: int) -> Response:
        files = list(_find(bench, message).attachments.items())
        if index >= len(files):
            abort(404)
        name, content = files[index]
        answer = Response(content, mimetype="application/octet-stream")
        shown = f"attachment; filename*=UTF-8''{quote(name)}"
        answer.headers["Content-Disposition"] = shown
        return answer


def _find(bench: Bench, message_id: str) -> MailboxMessage:
    """Return a message, or refuse a page about none; of a copy in several mailboxes, the first."""
    found = read_mailbox(bench.store, message_id=message_id)
    return found[0] if found else abort(404)


def lead_links(html: str, config: Config) -> str:
    """Return a message whose links lead to the studio's forms, or nowhere."""

    def lead(found: re.Match[str]) -> str:
        ours = find_form(unescape(found[1] or found[2] or ""), config)
        return f'href="{escape(ours)}" target="_top"' if ours else ""

    return _HREF.sub(lead, html)


def find_form(url: str, config: Config) -> str:
    """Return where in the studio a link of a message leads; "" for nowhere."""
    before, _, after = (config.ma_place.prefilled_url or _CODE).partition(_CODE)
    code = url.removeprefix(before).removesuffix(after)
    if before and url == f"{before}{code}{after}":
        return f"/place?code={quote(code)}"
    return "/form" if url == config.programme.registration_url else ""
