"""Who may come in: whoever has the link that the terminal shows, from this machine, and nobody else.

The link's token is exchanged for a cookie that no other site can make the browser send
(`SameSite=Strict`) and no script can read. A request for another host is refused (DNS rebinding),
and so is a POST without the token that stands in our own pages (CSRF). Pages load nothing that is
not ours, run no script that stands in them, and are framed by nobody.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import abort, g, redirect, request

if TYPE_CHECKING:
    from flask import Flask, Response
    from werkzeug.wrappers import Response as AnyResponse

CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "X-Cohorte-Token"
_OURSELVES: Final = frozenset({"127.0.0.1", "localhost"})
_SAME: Final = frozenset({"same-origin", "none"})
_OPEN: Final = frozenset({"static", "enter"})
"""Endpoints that need no cookie: nothing of the workspace is there."""
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self';"
    " connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Gate:
    """The locks of one run of the studio.

    Attributes:
        token: What the link bears.
    """

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def csrf(self) -> str:
        """What every form of our pages bears."""
        return hmac.digest(self._secret.encode(), b"csrf", sha256).hex()

    def stand_before(self, app: Flask) -> None:
        """Let an application's requests pass through here, both ways."""
        app.add_url_rule("/enter/<token>", "enter", self._enter)
        app.before_request(self._check)
        app.after_request(_harden)
        app.context_processor(lambda: {"csrf": self.csrf, "csrf_field": CSRF_FIELD})

    def _enter(self, token: str) -> AnyResponse:
        """Exchange the link's token for the cookie."""
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            abort(403)
        answer = redirect("/", 303)
        answer.set_cookie(_cookie_name(), self._secret, httponly=True, samesite="Strict")
        return answer

    def _check(self) -> None:
        g.nonce = secrets.token_urlsafe(16)
        if urlsplit(f"//{request.host}").hostname not in _OURSELVES:
            abort(403)
        if request.endpoint in _OPEN:
            return
        given = request.cookies.get(_cookie_name(), "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            abort(403)
        if request.method not in {"GET", "HEAD"}:
            self._check_origin()

    def _check_origin(self) -> None:
        """Refuse a request that one of our pages did not make."""
        given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
        if not hmac.compare_digest(given.encode(), self.csrf.encode()):
            abort(403)
        if request.headers.get("Sec-Fetch-Site", "none") not in _SAME:
            abort(403)


def _cookie_name() -> str:
    """Return the cookie's name: browsers tell ports apart for everything but cookies."""
    return f"cohorte_studio_{urlsplit(f'//{request.host}').port or 80}"


def _harden(response: Response) -> Response:
    """Say in every answer what a browser may do with it; a page may have said stricter things."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    policy = _POLICY.format(nonce=g.get("nonce", ""))
    response.headers.setdefault("Content-Security-Policy", policy)
    return response
