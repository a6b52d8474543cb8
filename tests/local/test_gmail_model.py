"""The embedded mailbox against a naive one: two lists, of drafts and of what was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from automation.local import Account
from tests.local.post import Post, encoded, letter

A_DAY = 4
words = st.sampled_from(["bleu", "vert", "rouge"])
picks = st.integers(0, 40)
waits = st.integers(0, 30)


@dataclass
class Naive:
    """A message of the naive mailbox; `hour` is when it was sent."""

    word: str
    thread: str
    hour: int = 0


@dataclass
class Model:
    """The naive mailbox: drafts by id, and what has left, the oldest first."""

    drafts: dict[str, Naive] = field(default_factory=dict)
    sent: list[Naive] = field(default_factory=list)
    spent: list[str] = field(default_factory=list)
    hour: int = 0

    def lately(self) -> int:
        """How many left in the last 24 hours."""
        return sum(one.hour > self.hour - 24 for one in self.sent)


class NaiveMailbox(RuleBasedStateMachine):
    """Every rule does the same to both mailboxes."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.post: Post

    @initialize()
    def open(self) -> None:
        self.post = Post(account=Account(messages_a_day=A_DAY))

    def teardown(self) -> None:
        self.post.session.close()

    def pick(self, number: int) -> str:
        """One of the drafts."""
        return list(self.model.drafts)[number % len(self.model.drafts)]

    @rule(word=words)
    def draft(self, word: str) -> None:
        made = self.post.draft(body=word)
        assert made["id"] not in self.model.drafts
        self.model.drafts[made["id"]] = Naive(word, made["message"]["threadId"])

    @precondition(lambda self: self.model.drafts)
    @rule(number=picks, word=words)
    def update(self, number: int, word: str) -> None:
        draft = self.pick(number)
        body = {"message": {"raw": encoded(letter(body=word))}}
        changed = self.post.ask("PUT", f"/drafts/{draft}", body).json()
        assert changed["message"]["threadId"] == self.model.drafts[draft].thread
        # A draft that changes is the newest.
        self.model.drafts[draft] = Naive(word, self.model.drafts.pop(draft).thread)

    @precondition(lambda self: self.model.drafts)
    @rule(number=picks)
    def send_draft(self, number: int) -> None:
        draft = self.pick(number)
        answer = self.post.send_draft(draft)
        if self.model.lately() >= A_DAY:
            assert answer.status_code == 429
            return
        naive = self.model.drafts.pop(draft)
        assert answer.json()["threadId"] == naive.thread
        self.model.sent.append(Naive(naive.word, naive.thread, self.model.hour))
        self.model.spent.append(draft)

    @precondition(lambda self: self.model.spent)
    @rule(number=picks)
    def send_again(self, number: int) -> None:
        spent = self.model.spent[number % len(self.model.spent)]
        assert self.post.send_draft(spent).status_code == 404

    @precondition(lambda self: self.model.drafts)
    @rule(number=picks)
    def delete(self, number: int) -> None:
        draft = self.pick(number)
        assert self.post.ask("DELETE", f"/drafts/{draft}").status_code == 204
        self.model.spent.append(draft)
        del self.model.drafts[draft]

    @rule(word=words)
    def send(self, word: str) -> None:
        answer = self.post.ask("POST", "/messages/send", {"raw": encoded(letter(body=word))})
        if self.model.lately() >= A_DAY:
            assert answer.status_code == 429
            return
        self.model.sent.append(Naive(word, answer.json()["threadId"], self.model.hour))

    @rule(hours=waits)
    def wait(self, hours: int) -> None:
        self.model.hour += hours
        self.post.clock.pass_by(hours=hours)

    @invariant()
    def both_hold_the_same(self) -> None:
        if not hasattr(self, "post"):
            return
        drafts = self.post.get("/drafts").get("drafts", [])
        assert [one["id"] for one in drafts] == list(self.model.drafts)[::-1]
        assert self.told("in:draft") == [told(one) for one in self.model.drafts.values()]
        assert self.told("in:sent") == [told(one) for one in self.model.sent]
        for word in ("bleu", "vert"):
            found = [one for one in self.model.sent if one.word == word]
            assert self.told(f"in:sent {word}") == [told(one) for one in found]

    def told(self, query: str) -> list[tuple[str, str]]:
        """Thread and word of what a search finds, the oldest first."""
        found = [self.post.get(f"/messages/{one}", format="minimal") for one in self.found(query)]
        return [(one["threadId"], one["snippet"]) for one in found][::-1]

    def found(self, query: str) -> list[Any]:
        """The ids that a search finds."""
        return list(self.post.found(query))


def told(naive: Naive) -> tuple[str, str]:
    """Thread and word of a naive message."""
    return naive.thread, naive.word


def test_the_embedded_mailbox_does_what_a_naive_one_does() -> None:
    run_state_machine_as_test(
        NaiveMailbox,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
