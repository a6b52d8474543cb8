"""The `requests` adapter that answers Google's calls from the store, and the session around it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import local
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from automation.local.account import DEFAULT_ACCOUNT, Account
from automation.local.errors import INTERNAL, QUOTA, UNAVAILABLE, ApiError
from automation.local.faults import APPLIED, Fault, FaultPlan
from automation.local.gmail.refusals import RATE_LIMIT, rate_limited
from automation.local.gmail.routes import GMAIL
from automation.local.route import Media
from automation.local.routes import answer
from automation.local.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_JSON = {"Content-Type": "application/json; charset=UTF-8"}
_HTML = {"Content-Type": "text/html; charset=UTF-8"}
_BAD_GATEWAY = b"<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title></html>"
_QUOTA_DETAILS = (
    {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {"service": "sheets.googleapis.com", "quota_limit_value": "60"},
    },
)


class Call(NamedTuple):
    """A line of the call log.

    Attributes:
        method: Of HTTP.
        path: Quoted, with the query.
        request_bytes: Size of the body sent.
        response_bytes: Size of the body answered; 0 when the connection broke.
        status: HTTP status; 0 when the connection broke.
    """

    method: str
    path: str
    request_bytes: int
    response_bytes: int
    status: int


class Reply(NamedTuple):
    """An HTTP answer."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def utc_now() -> datetime:
    """The time of the machine, in UTC."""
    return datetime.now(UTC)


def reply_to(  # noqa: PLR0913, PLR0917 - what a call is made of
    store: Store, account: Account, now: datetime, method: str, url: str, body: bytes
) -> Reply:
    """Answer one call, whichever way it came in; refusals are answers too.

    Args:
        account: Whose call it is.
        now: The clock's time, with a time zone.
        url: As Google's clients know it: absolute, with Google's host.
    """
    stamp = _rfc3339(now.astimezone(UTC))
    try:
        found = answer(store, account, method, url, body, stamp)
    except ApiError as error:
        return refusal(error)
    if isinstance(found, Media):
        return Reply(200, found.body, {"Content-Type": found.mime})
    return Reply(204, b"", {}) if method == "DELETE" else Reply(200, _dump(found), _JSON)


def _rfc3339(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def refusal(error: ApiError) -> Reply:
    """Return a refusal as it is sent."""
    return Reply(error.code, _dump(error.body()), _JSON)


class LocalAdapter(HTTPAdapter):
    """Answers Google's hosts from a store; refuses every other host, so nothing leaves the process."""

    def __init__(
        self, store: Store, account: Account, clock: Callable[[], datetime], faults: FaultPlan
    ) -> None:
        super().__init__()
        self.store = store
        self.account = account
        self.calls: list[Call] = []
        self._clock = clock
        self.faults = faults
        self._count = 0
        self._inside = local()

    def send(  # noqa: PLR0913, PLR0917 - the signature of requests
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002, ARG002 - the signature of requests
        timeout: Any = None,  # noqa: ARG002 - nothing here takes long
        verify: Any = True,  # noqa: FBT002, ARG002 - no certificates
        cert: Any = None,  # noqa: ARG002
        proxies: Any = None,  # noqa: ARG002 - no network
    ) -> requests.Response:
        """Answer one call, or spoil it as the plan says."""
        if getattr(self._inside, "hook", False):
            return self._respond(request, self._apply(request))
        self._count += 1
        number = self._count
        self._inside.hook = True
        try:
            self.faults.on_call(number, request)
        finally:
            self._inside.hook = False
        return self._spoil(request, self.faults.fault(number))

    def close(self) -> None:
        """Close the store."""
        super().close()
        self.store.close()

    def _apply(self, request: requests.PreparedRequest) -> Reply:
        method, url = request.method or "GET", request.url or ""
        now = self._clock()
        return reply_to(self.store, self.account, now, method, url, _body(request))

    def _spoil(self, request: requests.PreparedRequest, fault: Fault | None) -> requests.Response:
        applied = self._apply(request) if fault is None or fault in APPLIED else None
        if fault in {Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER}:
            self._log(request, Reply(0, b"", {}))
            raise requests.exceptions.ReadTimeout("Read timed out.", request=request)
        if fault in {Fault.DROPPED_BEFORE, Fault.DROPPED_AFTER}:
            self._log(request, Reply(0, b"", {}))
            raise requests.exceptions.ConnectionError(
                "('Connection aborted.', RemoteDisconnected())", request=request
            )
        if fault is Fault.SLOW:
            self.faults.sleep(self.faults.delay)
        if applied and fault in {None, Fault.SLOW}:
            reply = applied
        else:
            reply = self._spoilt(request, fault, applied)
        self._log(request, reply)
        return self._respond(request, reply)

    def _spoilt(
        self, request: requests.PreparedRequest, fault: Fault | None, applied: Reply | None
    ) -> Reply:
        if fault is Fault.CUT and applied:
            return applied._replace(body=applied.body[: len(applied.body) // 2])
        if fault is Fault.BAD_GATEWAY:
            return Reply(502, _BAD_GATEWAY, _HTML)
        if fault in {Fault.RATE_LIMIT, Fault.RATE_LIMIT_RETRY_AFTER}:
            spent = self._spent(request)
            asked = {"Retry-After": str(self.faults.retry_after)}
            headers = _JSON | (asked if fault is Fault.RATE_LIMIT_RETRY_AFTER else {})
            return Reply(429, _dump(spent.body()), headers)
        if fault is Fault.SERVER_ERROR:
            return refusal(ApiError(500, INTERNAL))
        return refusal(ApiError(503, UNAVAILABLE))

    def _spent(self, request: requests.PreparedRequest) -> ApiError:
        if urlsplit(request.url or "").hostname == GMAIL:
            until = self._clock().astimezone(UTC) + timedelta(seconds=self.faults.retry_after)
            return rate_limited(RATE_LIMIT, _rfc3339(until))
        return ApiError(429, QUOTA, details=_QUOTA_DETAILS)

    def _log(self, request: requests.PreparedRequest, reply: Reply) -> None:
        parts = urlsplit(request.url or "")
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        sent = len(_body(request))
        self.calls.append(Call(request.method or "GET", path, sent, len(reply.body), reply.status))

    def _respond(self, request: requests.PreparedRequest, reply: Reply) -> requests.Response:
        raw = HTTPResponse(
            body=BytesIO(reply.body),
            headers=dict(reply.headers),
            status=reply.status,
            preload_content=False,
        )
        return self.build_response(request, raw)


def _body(request: requests.PreparedRequest) -> bytes:
    body = request.body or b""
    return body.encode() if isinstance(body, str) else bytes(body)


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


class LocalSession(requests.Session):
    """A session that reaches the embedded workspace and nothing else."""

    def __init__(self, adapter: LocalAdapter) -> None:
        super().__init__()
        self.trust_env = False
        self._local = adapter
        for prefix in ("https://", "http://"):
            self.mount(prefix, adapter)

    @property
    def store(self) -> Store:
        """Where the workspace is kept."""
        return self._local.store

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls made so far, oldest first, without those of a fault plan's hook."""
        return tuple(self._local.calls)


def adapter(
    path: Path | None = None,
    *,
    clock: Callable[[], datetime] = utc_now,
    faults: FaultPlan | None = None,
    account: Account = DEFAULT_ACCOUNT,
) -> LocalAdapter:
    """An adapter to mount on any `requests` session, google-auth's included.

    Args:
        path: The workspace's SQLite file, made when missing; None for a fresh one in memory.
        clock: The time, with a time zone, that files are stamped with.
        faults: What should go wrong.
        account: Who calls: whose mailbox `me` is, and what Google grants them.

    Raises:
        WorkbookError: When the file was made by another version.
    """
    return LocalAdapter(Store(path), account, clock, faults or FaultPlan())


def session(
    path: Path | None = None,
    *,
    clock: Callable[[], datetime] = utc_now,
    faults: FaultPlan | None = None,
    account: Account = DEFAULT_ACCOUNT,
) -> LocalSession:
    """A session over the embedded workspace, for `gspread.Client(auth=None, session=…)`.

    Takes and raises what `adapter` does. Closing it closes the workspace.
    """
    return LocalSession(adapter(path, clock=clock, faults=faults, account=account))
