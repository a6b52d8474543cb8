"""Google on this machine: tokens from a server on loopback, and behind them the embedded workspace.

google-auth's own classes sign, ask and renew; what they are given is only good where the real one
would be: signed by the right key, at the right time, for the right scopes.
"""

from __future__ import annotations

import json
import threading
import time
from base64 import b64decode, b64encode
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from google.auth import crypt, jwt
from requests.adapters import HTTPAdapter

from automation import local
from automation.local.server import listen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    import pytest

ROBOT = "cohorte@example.iam.gserviceaccount.com"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_AUTH = "https://www.googleapis.com/auth/"
_NEEDS = {
    "sheets.googleapis.com": ("spreadsheets",),
    "gmail.googleapis.com": ("gmail.compose", "gmail.readonly"),
    "forms.googleapis.com": ("forms.body", "forms.responses.readonly"),
    "www.googleapis.com": ("drive.metadata.readonly", "drive.readonly"),
}


def make_key() -> str:
    """A private key, as a service account's file holds it."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@dataclass
class Google:
    """What this Google grants, and what it was asked.

    Attributes:
        key: The service account's private key.
        ahead: Seconds that its clock is ahead of this machine's.
        refresh: The refresh tokens that are good, with the scopes that people granted.
        delegated: Scopes for which the service account may act for people of its domain.
        signs: Whether it signs for a service account without its key.
        off: APIs that nobody enabled.
        shared: Whether the spreadsheet is shared with us.
        offline: Whether nothing answers.
        calls: Each call to an API that got through, such as "GET sheets.googleapis.com/v4/…".
        tokens: Each token that was granted, with its scopes.
        asked: The forms that tokens were asked with.
    """

    key: str
    ahead: float = 0.0
    refresh: dict[str, set[str]] = field(default_factory=dict)
    delegated: set[str] = field(default_factory=set)
    signs: bool = True
    off: set[str] = field(default_factory=set)
    shared: bool = True
    offline: bool = False
    calls: list[str] = field(default_factory=list)
    tokens: dict[str, set[str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    challenge: str = ""

    def robot(self, **fields: object) -> str:
        """The service account's file."""
        made = {
            "type": "service_account",
            "client_email": ROBOT,
            "token_uri": "https://oauth2.googleapis.com/token",
            "private_key": self.key,
        }
        return json.dumps(made | fields)

    def person(self, *names: str) -> str:
        """The file of a person who granted scopes."""
        self.refresh["r3fresh"] = set(names)
        made = {
            "type": "authorized_user",
            "client_id": "client.apps.googleusercontent.com",
            "client_secret": "s3cret",
            "refresh_token": "r3fresh",
        }
        return json.dumps(made)

    def grant(self, scopes: set[str], **more: object) -> tuple[int, dict[str, Any]]:
        """A new token."""
        token = f"t0ken-{len(self.tokens)}"
        self.tokens[token] = scopes
        answer = {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}
        return 200, answer | {"scope": " ".join(_AUTH + name for name in sorted(scopes))} | more

    def answer(self, host: str, path: str, body: str) -> tuple[int, dict[str, Any]]:
        """What the endpoints for tokens answer."""
        if host == "iamcredentials.googleapis.com":
            return self._vouch(path, json.loads(body))
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.asked.append(form)
        if host == "sts.googleapis.com":
            known = form["subject_token"] == "the-runner-s-word"  # noqa: S105 - of a test
            return self.grant({"iam", "spreadsheets"}) if known else _refused("invalid_grant")
        if form["grant_type"] == "refresh_token":
            return self._renew(form)
        if form["grant_type"] == "authorization_code":
            return self._redeem(form)
        return self._trust(form["assertion"]) if form["grant_type"] == _GRANT else _refused("")

    def _trust(self, assertion: str) -> tuple[int, dict[str, Any]]:
        """A token for a signed assertion (RFC 7523)."""
        claims = jwt.decode(assertion, verify=False)  # type: ignore[no-untyped-call]
        now = time.time() + self.ahead
        if not claims["iat"] - 300 <= now <= claims["exp"]:
            return _refused("invalid_grant", "Invalid JWT: Token must be a short-lived token")
        signed, _, signature = assertion.rpartition(".")
        padded = signature + "=" * (-len(signature) % 4)
        # What RS256 signs, it signs in one way only.
        if b64decode(padded, altchars=b"-_") != self._sign(signed.encode()):
            return _refused("invalid_grant", "Invalid JWT Signature.")
        wanted = {scope.removeprefix(_AUTH) for scope in claims["scope"].split()}
        if "sub" in claims and not wanted <= self.delegated:
            return _refused("unauthorized_client", "Client is unauthorized to retrieve tokens")
        if claims.get("sub", "").startswith("inconnu"):
            return _refused("invalid_grant", "Invalid email or User ID")
        return self.grant(wanted)

    def _sign(self, content: bytes) -> bytes:
        signer = crypt.RSASigner.from_string(self.key)  # type: ignore[no-untyped-call]
        return bytes(signer.sign(content))

    def _renew(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        granted = self.refresh.get(form["refresh_token"])
        if granted is None:
            return _refused("invalid_grant", "Token has been expired or revoked.")
        wanted = {scope.removeprefix(_AUTH) for scope in form["scope"].split()}
        return self.grant(wanted) if wanted <= granted else _refused("invalid_scope", "Bad")

    def _redeem(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """A refresh token for a code, to whoever knows the verifier (RFC 7636, section 4.6)."""
        digest = sha256(form["code_verifier"].encode()).digest()
        proof = b64encode(digest, altchars=b"-_").decode().rstrip("=")
        if form["code"] != "c0de" or proof != self.challenge:
            return _refused("invalid_grant", "Malformed auth code.")
        return self.grant(self.refresh["r3fresh"], refresh_token="r3fresh")

    def _vouch(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What a service account lets those do who may stand for it."""
        if path.endswith(":signBlob") and not self.signs:
            return _error(403, "PERMISSION_DENIED")
        if path.endswith(":signBlob"):
            signed = self._sign(b64decode(body["payload"]))
            return 200, {"keyId": "1", "signedBlob": b64encode(signed).decode()}
        _, answer = self.grant({scope.removeprefix(_AUTH) for scope in body["scope"]})
        until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        return 200, {"accessToken": answer["access_token"], "expireTime": until}

    def refuse(self, request: requests.PreparedRequest) -> tuple[int, dict[str, Any]] | None:
        """Why an API does not even look at a call."""
        url = urlsplit(str(request.url))
        host = str(url.hostname)
        service = "drive.googleapis.com" if host.startswith("www.") else host
        token = str(request.headers.get("authorization", "")).removeprefix("Bearer ")
        if token not in self.tokens:
            return _error(401, "UNAUTHENTICATED")
        if service in self.off:
            return _error(403, "PERMISSION_DENIED", "SERVICE_DISABLED", service)
        if not set(_NEEDS[host]) & self.tokens[token]:
            return _error(403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", service)
        if not self.shared and host == "sheets.googleapis.com":
            return _error(403, "PERMISSION_DENIED")
        return None


def _refused(code: str, description: str = "Bad Request") -> tuple[int, dict[str, Any]]:
    return 400, {"error": code, "error_description": description}


def _error(
    code: int, status: str, reason: str = "", service: str = ""
) -> tuple[int, dict[str, Any]]:
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": {"service": service},
        }
    ]
    about: dict[str, Any] = {"code": code, "message": "…", "status": status}
    return code, {"error": about | ({"details": details} if reason else {})}


@contextmanager
def serve_google(
    google: Google, path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Google]:
    """Let every call to Google's hosts go to this machine, over HTTP."""
    with ExitStack() as opened:
        tokens = opened.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(google)))
        session = opened.enter_context(local.session(path, clock=lambda: now))
        apis = opened.enter_context(listen(session.store, clock=lambda: now))
        for server in (tokens, apis):
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            opened.callback(server.shutdown)
        send = HTTPAdapter.send

        def reroute(
            adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any
        ) -> requests.Response:
            url = urlsplit(str(request.url))
            if url.hostname == "127.0.0.1":
                return send(adapter, request, **options)
            assert str(url.hostname).endswith(".googleapis.com"), url
            if google.offline:
                raise requests.ConnectionError("no route to host")
            ours = str(url.hostname) not in _NEEDS
            server: ThreadingHTTPServer = tokens if ours else apis
            refusal = None if ours else google.refuse(request)
            if not ours:
                google.calls.append(f"{request.method} {url.hostname}{url.path}")
            there = request.copy()
            there.url = f"http://127.0.0.1:{server.server_port}/{url.hostname}{url.path}"
            there.url += f"?{url.query}" if url.query else ""
            if refusal is not None:
                there.url = f"http://127.0.0.1:{tokens.server_port}/refusal"
                there.method = "POST"
                there.prepare_body(json.dumps(refusal), None)
            answer = send(adapter, there, **options)
            answer.url, answer.request = str(request.url), request
            return answer

        monkeypatch.setattr(HTTPAdapter, "send", reroute)
        # For a service account google-auth asks in the background where calls may be answered.
        monkeypatch.setattr(
            "google.auth.credentials.CredentialsWithRegionalAccessBoundary._after_refresh",
            lambda *_: None,
        )
        yield google


def _handler_of(google: Google) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def date_time_string(self, timestamp: float | None = None) -> str:
            return formatdate((timestamp or time.time()) + google.ahead, usegmt=True)

        def do_GET(self) -> None:  # the runner's word for a job
            self._send(200, {"value": "the-runner-s-word"})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            if self.path == "/refusal":
                self._send(*json.loads(body))
                return
            host, _, path = self.path.removeprefix("/").partition("/")
            self._send(*google.answer(host, path, body))

        def _send(self, status: int, answer: dict[str, Any]) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler
