"""The studio shows what people wrote, and none of its pages obeys it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from automation.config import load_config
from automation.night import run_night
from automation.workbook.loading import add_responses, add_rows
from automation.workspace import open_workspace
from tests.hostile.strings import CODE, CONTROLS, HEADERS, MARKUP
from tests.papers.reading import Reading
from tests.studio.test_gate import PAGES
from tests.studio.town import COHORTS, HEADER, MEETINGS, NIGHT, TAB, found_town, visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.studio.town import Visit

_SHOWN: Final = ("<script>alert('naughty')</script>", "{{7*7}}")
_TEXTS: Final = (*_SHOWN, *(*MARKUP, *CODE, *HEADERS, *CONTROLS)[::3])
_MOST: Final = 60
"""Pages that are looked at: one of a kind would do."""
_KNOWN: Final = frozenset(
    {"www.google.com", "docs.google.com", "calendar.google.com", "fonts.gstatic.com"}
)


@pytest.fixture(name="calm", scope="module")
def fixture_calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found_town(tmp_path_factory.mktemp("calm"))


@pytest.fixture(name="odd", scope="module")
def fixture_odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town after everybody wrote what breaks programs, and a night."""
    path = found_town(tmp_path_factory.mktemp("odd"))
    later = NIGHT + timedelta(days=1)
    with open_workspace(load_config(path, {}), lambda: later) as workspace:
        http, config = workspace.http, workspace.config
        book = config.workspace.spreadsheet or ""
        add_responses(http, book, TAB, HEADER, list(_answers()))
        opened, closed = "2022-12-01 08:00", "2023-02-01 23:59"
        rows = [(text, text, "3", "10", opened, closed, text) for text in _TEXTS[::4]]
        add_rows(http, config, "cohorts", COHORTS, rows)
        met = [("C1", "2023-01-17", "18:30", "21:00", text, text) for text in _TEXTS[::4]]
        add_rows(http, config, "meetings", MEETINGS, met)
        run_night(http, config, event="night", moment=lambda _: later, token="bbbb")
    return path


def _answers() -> Iterator[tuple[str, ...]]:
    for index, text in enumerate(_TEXTS):
        stamp = f"2023-01-10 09:{index // 60:02}:{index % 60:02}"
        yield (stamp, f"p{index}@example.com", text, f"Nom{index} {text}", text, text, "Oui")


def _crawl(guest: Visit) -> dict[str, tuple[Reading, str]]:
    """Return the pages that can be reached, one by one, and what each forbids."""
    found: dict[str, tuple[Reading, str]] = {}
    ahead = [*PAGES, "/sheets/7101", "/sheets/7102", "/sheets/7106", "/sheets/0"]
    while ahead and len(found) < _MOST:
        path = ahead.pop(0)
        if path in found or path.startswith(("/static", "/enter")):
            continue
        answer = guest.get(path)
        if answer.mimetype != "text/html" or answer.status_code >= 300:
            continue
        page = Reading(answer.text)
        found[path] = page, answer.headers["Content-Security-Policy"]
        links = [value for _, name, value in page.attributes if name in {"href", "src"}]
        ahead += [link.partition("#")[0] for link in links if link.startswith("/")]
    return found


@pytest.fixture(name="pages", scope="module")
def fixture_pages(odd: Path) -> dict[str, tuple[Reading, str]]:
    guest = visit(odd)
    found = _crawl(guest)
    guest.bench.close()
    return found


def test_pages_of_every_sort_are_looked_at(pages: dict[str, tuple[Reading, str]]) -> None:
    sorts = {re.sub(r"/[\w-]*\d[\w-]*", "/X", path.partition("?")[0]) for path in pages}

    assert {"/", "/form", "/sheets/X", "/mail", "/mail/X", "/mail/X/html", "/plan"} <= sorts


def test_no_page_has_elements_or_attributes_of_anybody_else(
    calm: Path, pages: dict[str, tuple[Reading, str]]
) -> None:
    guest = visit(calm)
    usual = [page for page, _ in _crawl(guest).values()]
    guest.bench.close()
    elements = {name for page in usual for name in page.elements}
    attributes = {name for page in usual for _, name, _ in page.attributes}

    for path, (page, _) in pages.items():
        assert set(page.elements) <= elements, path
        assert {name for _, name, _ in page.attributes} <= attributes, path


def test_no_page_runs_a_script_but_its_own(pages: dict[str, tuple[Reading, str]]) -> None:
    for path, (page, policy) in pages.items():
        scripts = [
            value
            for element, name, value in page.attributes
            if (element, name) == ("script", "src")
        ]
        assert len(scripts) == page.elements.count("script"), path
        assert set(scripts) <= {"/static/studio.js"}, path
        assert not [one for one in page.attributes if one[1].startswith("on")], path
        assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0], path
        assert "default-src 'none'" in policy, path


def test_no_link_leads_where_somebody_wrote(pages: dict[str, tuple[Reading, str]]) -> None:
    for path, (page, _) in pages.items():
        for _element, name, value in page.attributes:
            if name in {"href", "src", "action", "formaction"}:
                link = urlsplit(value)
                assert link.scheme in {"", "http", "https", "mailto", "data", "cid"}, (path, value)
                assert link.netloc in _KNOWN | {""}, (path, value)
                assert link.scheme != "data" or value.startswith("data:image/"), (path, value)


def test_the_register_shows_what_was_written(odd: Path) -> None:
    guest = visit(odd)

    page = guest.read("/sheets/7103")

    guest.bench.close()
    for text in _SHOWN:
        assert text in unescape(page)
    assert "<script>alert" not in page
