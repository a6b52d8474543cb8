"""A mailbox in an embedded, validated session, and short ways to use it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.conformance.validated import validated_session

if TYPE_CHECKING:
    from pathlib import Path

    import requests

    from automation.local import Account, FaultPlan

GMAIL = "https://gmail.googleapis.com/gmail/v1/users"
BEGAN = datetime(2023, 1, 16, 7, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """Let some time pass."""
        self.now += timedelta(**time)


class Post:
    """One account's mailbox."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        faults: FaultPlan | None = None,
        account: Account | None = None,
    ) -> None:
        self.clock = Clock()
        options = {} if account is None else {"account": account}
        self.session = validated_session(path, faults=faults, clock=self.clock, **options)

    def ask(
        self, method: str, path: str, body: Any = None, *, user: str = "me", **params: Any
    ) -> requests.Response:
        """Make one call below the mailbox."""
        url = f"{GMAIL}/{user}{path}"
        return self.session.request(method, url, json=body, params=params)

    def get(self, path: str, **params: Any) -> Any:
        """GET what must be there."""
        return self._json(self.ask("GET", path, **params))

    def post(self, path: str, body: Any) -> Any:
        """POST what must succeed."""
        return self._json(self.ask("POST", path, body))

    def draft(self, raw: str = "", **headers: str) -> Any:
        """Make a draft."""
        return self.post("/drafts", {"message": {"raw": encoded(raw or letter(**headers))}})

    def send(self, raw: str = "", **headers: str) -> Any:
        """Send a message at once."""
        return self.post("/messages/send", {"raw": encoded(raw or letter(**headers))})

    def send_draft(self, draft_id: str) -> requests.Response:
        """Send a draft, or be refused."""
        return self.ask("POST", "/drafts/send", {"id": draft_id})

    def found(self, query: str) -> list[str]:
        """Ids of the messages that a search finds."""
        return [one["id"] for one in self.get("/messages", q=query).get("messages", [])]

    def headers(self, message_id: str) -> dict[str, str]:
        """A message's headers, the last of each name."""
        payload = self.get(f"/messages/{message_id}", format="metadata")["payload"]
        return {one["name"]: one["value"] for one in payload["headers"]}

    @staticmethod
    def _json(response: requests.Response) -> Any:
        assert response.ok, response.text
        return response.json()


def letter(body: str = "Bonjour", **headers: str) -> str:
    """A message as it travels; `To` is Lise unless told otherwise, an underscore is a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = {"To": "Lise <lise@example.org>", "Subject": "Place offerte"} | named
    kept = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"{kept}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"


def encoded(raw: str | bytes) -> str:
    """A message as the API takes it."""
    return urlsafe_b64encode(raw.encode() if isinstance(raw, str) else raw).decode("ascii")
