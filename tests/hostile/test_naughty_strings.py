"""What breaks programs stands in every field: it is shown as written, and moves nobody else."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from automation.core.text import tidy
from tests.hostile.evening import CALM, GUESTS, MAILED, make_evening
from tests.hostile.strings import NAUGHTY
from tests.papers.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.hostile.evening import Evening

_TABS = (
    *("cohorts", "meetings", "enrolments", "duplicates", "journal", "mail"),
    *("attendance", "summary", "comments"),
)
_EVALUATED = re.compile(
    r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]"
)
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module", name="evening")
def fixture_evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    return make_evening(tmp_path_factory.mktemp("evening"))


def test_everybody_who_wrote_nothing_odd_has_a_place_and_a_message(evening: Evening) -> None:
    rows = evening.rows("enrolments")
    calm = [row for row in rows if f"{row['first_name']} {row['last_name']}" in CALM]

    assert [row["status"] for row in calm] == ["confirmed"] * len(CALM)
    assert [row["email"] for row in calm] == [f"calme{n}@exemple.test" for n in range(3)]
    sent = {letter["To"] for letter in _letters(evening)}
    assert {f"{n} <calme{i}@exemple.test>" for i, n in enumerate(CALM)} <= sent


def test_names_are_shown_on_a_line_as_written(evening: Evening) -> None:
    shown = {row["last_name"]: row["first_name"] for row in evening.rows("enrolments")}

    for index, text in enumerate(NAUGHTY):
        assert (shown[f"Nom{index}"] or "") == tidy(text)


def test_notes_of_organisers_are_theirs_and_stay_as_typed(evening: Evening) -> None:
    cells = evening.programme.organisers_cells()

    for tab, rows in evening.typed.items():
        assert [row for row in cells[tab] if row] == [row for row in rows if row]
    notes = [row["note"] for row in evening.rows("enrolments")]
    assert notes[: len(NAUGHTY)] == [text.strip() or None for text in NAUGHTY]


def test_the_next_apply_finds_nothing_to_do(evening: Evening) -> None:
    result = evening.run("plan", "--json")

    assert '"empty": true' in result.stdout


@pytest.mark.parametrize("tab", _TABS)
def test_no_cell_of_a_csv_is_a_formula_and_a_terminal_obeys_none(
    evening: Evening, tab: str
) -> None:
    written = evening.run("show", tab, "--format", "csv")
    shown = evening.run("show", tab)

    assert (written.exit_code, shown.exit_code) == (0, 0)
    cells = [cell for line in csv.reader(io.StringIO(written.stdout, newline="")) for cell in line]
    assert cells
    assert not [c for c in cells if _EVALUATED.match(c) and not _NUMBER.fullmatch(c)]
    assert not _OBEYED.search(shown.output)


def test_the_csv_says_what_the_json_says_but_for_the_apostrophe(evening: Evening) -> None:
    exact = [row["note"] or "" for row in evening.rows("enrolments")]

    text = evening.run("show", "enrolments", "--format", "csv").stdout_bytes.decode()

    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [re.sub("^'(?=.)", "", line["Note"]) for line in lines] == [
        re.sub("^'(?=.)", "", _UNSHOWN.sub("", note)) for note in exact
    ]


def test_the_excel_file_opens_and_evaluates_nothing(evening: Evening, tmp_path: Path) -> None:
    result = evening.run("export", str(tmp_path / "programme.xlsx"))

    assert result.exit_code == 0
    texts: set[str] = set()
    with zipfile.ZipFile(tmp_path / "programme.xlsx") as file:
        for name in file.namelist():
            root = ET.fromstring(file.read(name))  # noqa: S314 - we wrote it
            elements = [element.tag.rpartition("}")[2] for element in root.iter()]
            formulas = {"f"} if "worksheets/" in name else set()  # charts name their data so
            assert not ({"hyperlink", "externalReference"} | formulas) & set(elements), name
            texts |= {t.text or "" for t in root.iter() if t.tag.endswith("}t")}
    assert {"=cmd|'/C calc'!A0", "{{7*7}}", "<script>alert('naughty')</script>"} <= texts


def test_a_sheet_of_paper_has_only_its_own_elements_and_all_its_names(
    evening: Evening, tmp_path: Path
) -> None:
    page = tmp_path / "feuille.html"

    result = evening.run("papers", "sign-in", "--meeting", str(evening.meeting), "--out", str(page))

    assert result.exit_code == 0
    paper = Reading(page.read_text("utf-8"))
    assert not {"script", "img", "a", "b", "iframe", "form", "input"} & set(paper.elements)
    assert not [one for one in paper.attributes if one[1].startswith("on")]
    words = " ".join(paper.pages)
    for text in ("=1+1", "<script>alert('naughty')</script>", "{{7*7}}", "Robert'); DROP TABLE"):
        assert text in words


def test_the_report_has_only_its_own_elements(evening: Evening, tmp_path: Path) -> None:
    page = tmp_path / "bilan.html"

    result = evening.run("report", "--out", str(page))

    assert result.exit_code == 0, result.output
    paper = Reading(page.read_text("utf-8"))
    assert not {"script", "img", "iframe", "form", "input"} & set(paper.elements)
    assert not [one for one in paper.attributes if one[1].startswith("on")]


def test_each_message_has_one_recipient_and_no_header_of_anybody_else(evening: Evening) -> None:
    letters = list(_letters(evening))

    assert len(letters) == len(CALM) + len(MAILED)
    assert len({letter["To"].addresses[0].addr_spec for letter in letters}) == len(letters)
    for letter in letters:
        assert len(letter["To"].addresses) == 1
        assert letter["To"].addresses[0].domain == "exemple.test"
        assert not {"bcc", "cc", "x-autre"} & {name.casefold() for name in letter}
        assert not letter.defects
        body = letter.get_body(("html",))
        assert body is not None
        html = body.get_content()
        assert not {"script", "img", "svg", "form"} & set(Reading(html).elements)
        assert "exemple.test/" not in "".join(
            v for _, n, v in Reading(html).attributes if n == "href"
        )


def test_guests_are_counted_under_any_name(evening: Evening) -> None:
    roll = evening.programme.snapshot().rolls[evening.meeting]

    assert [guest.name for guest in roll.guests] == list(GUESTS)


def test_what_is_told_of_a_person_is_told(evening: Evening) -> None:
    for number in ("4", "5", "40"):
        for words in (("explain", number), ("person", "show", number)):
            result = evening.run(*words)
            assert result.exit_code == 0, result.output
            assert not _OBEYED.search(result.output)


def _letters(evening: Evening) -> Iterator[email.message.EmailMessage]:
    for path in sorted((evening.folder / "courriels").glob("*.eml")):
        yield email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
