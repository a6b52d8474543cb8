"""The search language of the embedded mailbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.local.post import Post

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFER, THANKS, DRAFT = "offer", "thanks", "draft"


@pytest.fixture(name="post", scope="module")
def fixture_post() -> Iterator[Post]:
    """Three messages, an hour apart, the first at 07:00 UTC on 16 January 2023."""
    made = Post()
    made.send(
        Subject="Place offerte : réseautage",
        body="Bonjour Lise, une place vous est offerte. Référence : R-7K3F9Q.",
        From="Le comité <comite@example.org>",
    )
    made.clock.pass_by(hours=1)
    made.send(
        Subject="Merci!",
        body="Merci d’être venu. Référence : R-8M2A1B.",
        To="Marc Côté <marc@example.com>",
        Cc="lise@example.org",
    )
    made.clock.pass_by(hours=1)
    made.draft(Subject="Rappel", body="Demain : R-9.")
    yield made
    made.session.close()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "draft thanks offer"),
        ("in:sent", "thanks offer"),
        ("in:drafts", "draft"),
        ("label:draft", "draft"),
        ("-in:sent", "draft"),
        ("in:anywhere", "draft thanks offer"),
        ('"R-7K3F9Q"', "offer"),
        ("R-7K3F9Q", "offer"),
        ("r-7k3f9q in:sent", "offer"),
        ("7K3F9", ""),
        ("R-9", "draft"),
        ('"place vous est offerte"', "offer"),
        ('"offerte une place"', ""),
        ("place offerte", "offer"),
        ("RESEAUTAGE", "offer"),
        ("subject:merci", "thanks"),
        ("subject:(place offerte)", "offer"),
        ("subject:(merci OR rappel)", "draft thanks"),
        ('subject:"place offerte"', "offer"),
        ('-subject:"place offerte"', "draft thanks"),
        ('-"place offerte" in:sent', "thanks"),
        ("{subject:merci subject:rappel}", "draft thanks"),
        ("subject:merci OR subject:rappel", "draft thanks"),
        ("in:sent subject:merci OR subject:rappel", "thanks"),
        ("-{subject:merci subject:rappel}", "offer"),
        ("from:comite@example.org", "draft thanks offer"),
        ('from:"Le comité"', "offer"),
        ("to:marc", "thanks"),
        ("to:marc@example.com", "thanks"),
        ("to:lise@example.org", "draft thanks offer"),
        ("cc:lise", "thanks"),
        ("to:example", "draft thanks offer"),
        ("after:2023/01/16", "draft thanks"),
        ("before:2023-01-16", "offer"),
        ("after:1673856000", "draft thanks"),
        ("before:1673856000", "offer"),
        ("newer_than:1d", "draft thanks offer"),
        ("older_than:1d", ""),
        ("has:attachment", ""),
        ("Référence:R-7K3F9Q", "offer"),
        ("(in:sent", "thanks offer"),
        ("in:sent)", "thanks offer"),
    ],
)
def test_a_query_finds_what_gmail_would(post: Post, query: str, names: str) -> None:
    known = {"Place": OFFER, "Merci!": THANKS, "Rappel": DRAFT}

    found = [known[post.headers(one)["Subject"].split()[0]] for one in post.found(query)]

    assert found == names.split()


def test_days_begin_at_midnight_in_california(post: Post) -> None:
    # 07:00 and 08:00 UTC are 23:00 the day before and midnight there; the draft came at 09:00.
    assert len(post.found("before:2023/01/16")) == 1


@pytest.mark.parametrize("query", ["size:5", "has:drive", "after:demain", "newer_than:2w"])
def test_what_is_not_offered_is_refused(post: Post, query: str) -> None:
    assert post.ask("GET", "/messages", q=query).status_code == 501


@given(query=st.text(alphabet='ab -"(){}ORin:sent', max_size=20))
def test_no_query_is_too_strange_to_be_read(post: Post, query: str) -> None:
    assert post.ask("GET", "/messages", q=query).status_code in {200, 501}
