"""Nobody comes into the studio but by the link, and no other page makes it do anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.studio.town import ORIGIN

if TYPE_CHECKING:
    from tests.studio.town import Visit

PAGES = (
    "/",
    "/form",
    "/place?code=1-0-ABC",
    "/thanks/form",
    "/sheets/7103",
    "/sheets/7105",
    "/mail",
    "/plan",
    "/passed",
    "/journal",
)
FORMS = ("/form", "/place", "/night", "/eve", "/demo", "/language/en", "/sheets/7103/cell")


def test_every_page_that_changes_anything_is_tried_here(guest: Visit) -> None:
    posts = {
        re.sub(r"<[^>]+>", "X", rule.rule)
        for rule in guest.app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    }

    assert posts == {re.sub(r"(?<=/)(en|\d+)\b", "X", path) for path in FORMS}


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com", "10.0.0.1:8712", "[::1"])
def test_another_host_is_refused(guest: Visit, host: str) -> None:
    answer = guest.get("/", headers={"Host": host})

    assert answer.status_code in {400, 403}
    assert "Hugo" not in answer.text


def test_nothing_is_shown_without_the_cookie(guest: Visit) -> None:
    stranger = guest.app.test_client()

    for path in PAGES:
        answer = stranger.get(path, base_url=ORIGIN)

        assert answer.status_code == 403, path
        assert "terminal" in answer.text


def test_the_link_gives_a_cookie_that_no_script_reads_and_no_other_site_sends(guest: Visit) -> None:
    stranger = guest.app.test_client()

    wrong = stranger.get("/enter/guessed", base_url=ORIGIN)
    right = stranger.get(f"/enter/{guest.gate.token}", base_url=ORIGIN)

    cookie = right.headers["Set-Cookie"]
    assert wrong.status_code == 403
    assert "Set-Cookie" not in wrong.headers
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert guest.gate.token not in cookie
    assert stranger.get("/", base_url=ORIGIN).status_code == 200


def test_a_form_that_is_not_from_our_pages_is_refused(guest: Visit) -> None:
    for path in FORMS:
        for given in ({}, {"csrf": "guessed"}):
            answer = guest.client.post(path, base_url=ORIGIN, data=given)

            assert answer.status_code == 403, path
    assert guest.bench.passed == ()


def test_a_form_that_another_site_makes_the_browser_send_is_refused(guest: Visit) -> None:
    answer = guest.post("/night", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert guest.bench.passed == ()


def test_every_answer_says_what_a_browser_may_not_do(guest: Visit) -> None:
    for path in (*PAGES, "/nothing", "/static/studio.js"):
        with guest.get(path) as answer:
            headers = answer.headers

        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_no_page_holds_a_script_or_a_style_or_loads_anything_of_others(guest: Visit) -> None:
    for path in PAGES:
        page = guest.read(path)

        assert re.findall(r"<script(?![^>]* src=\"/static/)", page) == [], path
        assert re.findall(r"<[^>]+\s(?:style|on\w+)=", page) == [], path
        assert re.findall(r"(?:src|href|action)=\"(?!/|#)[^\"]*\"", page) == [], path


def test_two_visits_of_a_page_have_different_nonces(guest: Visit) -> None:
    nonces = [
        re.search(r"'nonce-([^']+)'", guest.get("/").headers["Content-Security-Policy"])
        for _ in range(2)
    ]

    assert nonces[0] is not None
    assert nonces[1] is not None
    assert nonces[0][1] != nonces[1][1]


def test_going_back_leads_nowhere_else(guest: Visit) -> None:
    for back in ("//example.com", "https://example.com/", "javascript:alert(1)", "/\\example.com"):
        answer = guest.post("/language/en", {"back": back})

        assert answer.headers["Location"] == "/", back
