"""Files come in as a form or an organiser would bring them, and once only."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from gspread import HTTPClient

from automation import local
from automation.config import Config, parse_config
from automation.core.instants import wall_serial
from automation.errors import WorkbookError
from automation.google.sheets import apply_batch, get_spreadsheet, read_ranges
from automation.workbook.layout import COHORTS, MEETINGS
from automation.workbook.loading import (
    Loaded,
    add_responses,
    add_rows,
    create_spreadsheet,
    resembles,
)
from automation.workbook.loading.csv_table import CsvTable, read_csv
from automation.workbook.loading.typed import read_dates, type_text
from automation.workbook.view import read_tab
from automation.workspace import with_spreadsheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TAB = "Réponses"
HEADER = ("Horodateur", "Nom complet", "Téléphone", "Note", "Note")
ROWS = (
    ("2022-11-28 19:42:07", "Hélène Fortin", "4185550101", "a", "b"),
    ("2022-11-29 08:00:00", "=1+1", "0185550102", "", "+c"),
)
CONFIG = b"""
[workspace]
kind = "embedded"
path = "x.db"
[responses]
tabs = ["R"]
[fields]
name = "Nom complet"
"""


@pytest.fixture(name="http")
def fixture_http() -> Iterator[HTTPClient]:
    with local.session() as session:
        yield HTTPClient(auth=None, session=session)  # type: ignore[arg-type]


@pytest.fixture(name="book")
def fixture_book(http: HTTPClient) -> str:
    return create_spreadsheet(http, "Essai", TAB, HEADER)


def configure(book: str, language: str = "fr") -> Config:
    text = f'language = "{language}"\n'.encode() + CONFIG
    return with_spreadsheet(parse_config(text, Path("cohorte.toml"), {}), book)


def grid(http: HTTPClient, book: str, sheet_id: int = 0) -> list[list[Any]]:
    (rows,) = read_ranges(http, book, [{"sheetId": sheet_id}])
    return rows


def at(*parts: int) -> float:
    return wall_serial(datetime(*parts))  # type: ignore[arg-type]  # noqa: DTZ001 - on the wall


def load(http: HTTPClient, book: str, rows: Sequence[Sequence[str]] = ROWS) -> Loaded:
    return add_responses(http, book, TAB, HEADER, rows)


def save(folder: Path, content: bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(content)
    return path


# Reading a file


@pytest.mark.parametrize(
    "content",
    [
        "Prénom,Nom\nÈve,Côté\n".encode(),
        "Prénom;Nom\r\nÈve;Côté\r\n".encode("utf-8-sig"),
        "Prénom\tNom\nÈve\tCôté\n".encode("utf-16"),
        "Prénom;Nom\nÈve;Côté\n".encode("cp1252"),
        "\n,,\nPrénom,Nom,\n\nÈve,Côté\n,,\n".encode(),
    ],
)
def test_a_table_is_read_whatever_its_encoding_and_delimiter(
    tmp_path: Path, content: bytes
) -> None:
    assert read_csv(save(tmp_path, content)) == CsvTable(
        header=("Prénom", "Nom"), rows=(("Ève", "Côté"),)
    )


def test_the_delimiter_is_the_one_by_which_rows_are_alike(tmp_path: Path) -> None:
    text = "Nom;Quels thèmes, selon vous, les jours, et les heures\nA;x\nB;y, z\n"

    table = read_csv(save(tmp_path, text.encode()))

    assert table.header == ("Nom", "Quels thèmes, selon vous, les jours, et les heures")


def test_a_cell_may_hold_line_breaks_and_commas(tmp_path: Path) -> None:
    table = read_csv(save(tmp_path, b'"A\nB",C\n"x, y\nz",1\n'))

    assert table == CsvTable(header=("A\nB", "C"), rows=(("x, y\nz", "1"),))


def test_ragged_rows_are_made_even_and_lose_nothing(tmp_path: Path) -> None:
    table = read_csv(save(tmp_path, b"A,B\n1\n1,2,3\n"))

    assert table == CsvTable(header=("A", "B", ""), rows=(("1", "", ""), ("1", "2", "3")))


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "empty_csv", None),
        (b"\n ,\n", "empty_csv", None),
        (b"A,B\n1,\x00\n", "bad_csv", 2),
        (b"\x81\x8d\xff", "bad_csv", 1),
        (b'A,B\n1,"2\n', "bad_csv", 2),
    ],
)
def test_what_is_no_table_is_refused(
    tmp_path: Path, content: bytes, code: str, line: int | None
) -> None:
    with pytest.raises(WorkbookError) as caught:
        read_csv(save(tmp_path, content))

    assert (caught.value.code, caught.value.values.get("line")) == (code, line)


# Typing


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2022-11-28 19:42:07", (2022, 11, 28, 19, 42, 7)),
        ("2022/11/28 7:42:07 PM EST", (2022, 11, 28, 19, 42, 7)),
        ("2022/11/28 12:05:00 a.m. UTC−5", (2022, 11, 28, 0, 5)),
        ("28/11/2022 19:42:07", (2022, 11, 28, 19, 42, 7)),
        ("11/28/2022 19:42:07", (2022, 11, 28, 19, 42, 7)),
        ("28/11/2022", (2022, 11, 28)),
        ("lun. 16 janv. 2023", (2023, 1, 16)),
        ("1er août 2023, 18 h 30", (2023, 8, 1, 18, 30)),
        ("16 December 2023", (2023, 12, 16)),
    ],
)
def test_a_date_is_understood(text: str, parts: tuple[int, ...]) -> None:
    assert read_dates([text], day_first=True) == [datetime(*parts)]  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize("text", ["", "demain", "2022-13-40", "31/31/2022", "12", "3 lune 2023"])
def test_what_is_no_date_is_not_forced_into_one(text: str) -> None:
    assert read_dates([text], day_first=True) == [None]


@pytest.mark.parametrize(
    ("texts", "day_first", "month"),
    [
        (["03/04/2023"], True, 4),
        (["03/04/2023"], False, 3),
        (["03/04/2023", "25/04/2023"], False, 4),
        (["03/04/2023", "04/25/2023"], True, 3),
    ],
)
def test_the_order_of_day_and_month_is_settled_by_the_column(
    texts: list[str], day_first: bool, month: int
) -> None:
    first = read_dates(texts, day_first=day_first)[0]

    assert first is not None
    assert first.month == month


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("4185550101", 4185550101),
        ("0", 0),
        ("0042", "0042"),
        ("418-555-0101", "418-555-0101"),
        ("1" * 16, "1" * 16),
        ("٣", "٣"),
        ("", ""),
    ],
)
def test_digits_alone_become_a_number_as_in_sheets(text: str, cell: str | int) -> None:
    assert type_text(text) == cell


# Responses


def test_a_new_spreadsheet_looks_like_a_linked_form(http: HTTPClient, book: str) -> None:
    about = get_spreadsheet(http, book)
    (sheet,) = (sheet["properties"] for sheet in about["sheets"])
    whole = http.fetch_sheet_metadata(book, params={"includeGridData": "true"})
    header = whole["sheets"][0]["data"][0]["rowData"][0]["values"]

    assert about["properties"] == {"locale": "fr_CA", "timeZone": "America/Toronto"}
    assert (sheet["title"], sheet["gridProperties"]["frozenRowCount"]) == (TAB, 1)
    assert grid(http, book) == [list(HEADER)]
    assert all(cell["userEnteredFormat"]["textFormat"]["bold"] for cell in header)


def test_answers_become_what_sheets_would_hold(http: HTTPClient, book: str) -> None:
    assert load(http, book) == Loaded(added=2, already=0)

    assert grid(http, book)[1:] == [
        [at(2022, 11, 28, 19, 42, 7), "Hélène Fortin", 4185550101, "a", "b"],
        [at(2022, 11, 29, 8), "=1+1", "0185550102", "", "+c"],
    ]


def test_timestamps_are_shown_as_such(http: HTTPClient, book: str) -> None:
    load(http, book)

    shown = http.values_get(book, f"{TAB}!A2")

    assert shown["values"] == [["2022-11-28 19:42:07"]]


def test_loading_twice_adds_nothing(http: HTTPClient, book: str) -> None:
    load(http, book)
    before = grid(http, book)

    assert load(http, book) == Loaded(added=0, already=2)
    assert load(http, book, [*ROWS, ROWS[0]]) == Loaded(added=0, already=3)
    assert grid(http, book) == before


def test_a_blank_row_is_not_an_answer(http: HTTPClient, book: str) -> None:
    assert load(http, book, [("", "", "", "", " "), ROWS[0]]) == Loaded(added=1, already=0)


def test_an_unreadable_timestamp_stays_as_text(http: HTTPClient, book: str) -> None:
    load(http, book, [("hier", "Ève", "", "", "")])

    assert grid(http, book)[1] == ["hier", "Ève"]


def test_a_new_question_goes_to_the_right_of_what_is_there(http: HTTPClient, book: str) -> None:
    load(http, book)
    organisers = {"start": {"sheetId": 0, "rowIndex": 1, "columnIndex": 5}}
    rows = [{"values": [{"userEnteredValue": {"stringValue": "rappelée"}}]}]
    note = {**organisers, "rows": rows, "fields": "userEnteredValue"}
    apply_batch(http, book, [{"updateCells": note}])

    header = ("NOM COMPLET", "Métier", "Horodateur")
    loaded = add_responses(http, book, TAB, header, [("Ève", "Potière", "2023-01-02 03:04:05")])

    assert loaded == Loaded(added=1, already=0)
    assert grid(http, book)[0] == [*HEADER, "", "Métier"]
    assert grid(http, book)[3] == [at(2023, 1, 2, 3, 4, 5), "Ève", "", "", "", "", "Potière"]


def test_repeated_headers_are_taken_in_order(http: HTTPClient, book: str) -> None:
    header = ("Horodateur", "Note", "Note", "Note")

    add_responses(http, book, TAB, header, [("2023-01-02 00:00:00", "1x", "2x", "3x")])

    assert grid(http, book)[0] == [*HEADER, "Note"]
    assert grid(http, book)[1] == [at(2023, 1, 2), "", "", "1x", "2x", "3x"]


def test_a_missing_tab_is_made_as_wide_as_it_must_be(http: HTTPClient, book: str) -> None:
    header = ("Horodateur", *(f"Question {i}" for i in range(40)))
    row = ("2023-01-02 00:00:00", *(f"réponse {i}" for i in range(40)))

    assert add_responses(http, book, "Réponses 2", header, [row]) == Loaded(added=1, already=0)

    sheet_id = get_spreadsheet(http, book)["sheets"][1]["properties"]["sheetId"]
    assert grid(http, book, sheet_id) == [list(header), [at(2023, 1, 2), *row[1:]]]
    assert add_responses(http, book, "Réponses 2", header, [row]).added == 0


def test_many_answers_go_in_batches_below_the_payload(
    http: HTTPClient, book: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    counts: list[int] = []

    def weigh(http: HTTPClient, book: str, requests: list[dict[str, Any]]) -> None:
        sizes.append(len(json.dumps(requests)))
        apply_batch(http, book, requests)

    monkeypatch.setattr("automation.workbook.loading.target.apply_batch", weigh)
    monkeypatch.setattr("automation.workbook.loading.target.PAYLOAD_LIMIT", 10_000)
    rows = [("2023-01-02 00:00:00", f"Personne {i}", "", "", "x" * 50) for i in range(100)]

    loaded = add_responses(http, book, TAB, HEADER, rows, progress=counts.append)

    assert loaded.added == sum(counts) == 100
    assert len(sizes) > 1
    assert max(sizes) < 10_000
    assert [row[1] for row in grid(http, book)[1:]] == [row[1] for row in rows]


# Our own tabs

COHORT_HEADER = ("Code", "Places", "Ouverture", "Promotion", "Suspendue", "Libres", "Couleur")
COHORT_ROWS = (
    ("C1", "12", "2022-11-21 08:00", "automatique", "FAUX", "99", "vert"),
    ("C2", "beaucoup", "bientôt", "au hasard", "VRAI", "", ""),
    ("", "", "", "", "", "", ""),
    ("", "5", "", "", "", "", ""),
)


def test_cohorts_are_typed_by_column_and_ours_are_left_alone(http: HTTPClient, book: str) -> None:
    loaded = add_rows(http, configure(book), "cohorts", COHORT_HEADER, COHORT_ROWS)

    first, second = read_tab(http, configure(book), COHORTS)
    assert loaded == Loaded(added=2, already=0, left_out=1, ignored=("Libres", "Couleur"))
    assert first["places"] == 12
    assert first["opens"] == "2022-11-21T08:00:00-05:00"
    assert (first["promotion"], first["paused"], first["free"]) == ("automatic", False, None)
    assert (second["places"], second["opens"], second["promotion"]) == (
        "beaucoup",
        "bientôt",
        "au hasard",
    )
    assert second["paused"] is True


def test_headers_and_words_of_the_other_language_are_understood(
    http: HTTPClient, book: str
) -> None:
    config = configure(book, "en")

    add_rows(http, config, "cohorts", ("Code", "Suite de", "Promotion"), [("B", "A", "offre")])

    assert grid(http, book, 7101)[0][12] == "Follows"
    assert grid(http, book, 7101)[1][9] == "offer"


def test_a_cohort_or_meeting_that_is_there_takes_what_the_file_says_otherwise(
    http: HTTPClient, book: str
) -> None:
    config = configure(book)
    header = ("Cohorte", "Date", "Début", "Thème")
    rows = [("C1", "2023-01-16", "18:30", "A"), ("C1", "2023-01-30", "", "B")]
    add_rows(http, config, "cohorts", COHORT_HEADER, COHORT_ROWS[:1])
    add_rows(http, config, "meetings", header, rows)

    again = add_rows(http, config, "cohorts", ("Code", "Places"), [("c1", "8"), ("C3", "1")])
    met = add_rows(
        http, config, "meetings", header, [("C1", "16/01/2023", "18 h 30", "Z"), rows[1]]
    )

    cohorts = read_tab(http, config, COHORTS)
    assert again == Loaded(added=1, updated=1, already=0)
    assert met == Loaded(added=0, updated=1, already=1)
    assert [(row["code"], row["places"]) for row in cohorts] == [("C1", 8), ("C3", 1)]
    assert (cohorts[0]["opens"], cohorts[0]["promotion"]) == (
        "2022-11-21T08:00:00-05:00",
        "automatic",
    )
    assert [
        (row["date"], row["start"], row["theme"]) for row in read_tab(http, config, MEETINGS)
    ] == [("2023-01-16", "18:30", "Z"), ("2023-01-30", None, "B")]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_cohorts_that_come_again_change_nothing(http: HTTPClient, book: str, language: str) -> None:
    add_rows(http, configure(book), "cohorts", COHORT_HEADER, COHORT_ROWS)
    before = grid(http, book, COHORTS.sheet_id)

    again = add_rows(http, configure(book, language), "cohorts", COHORT_HEADER, COHORT_ROWS)

    assert (again.added, again.updated, again.already) == (0, 0, 2)
    assert grid(http, book, COHORTS.sheet_id) == before


def test_of_a_cohort_that_stands_twice_in_a_file_the_first_row_counts(
    http: HTTPClient, book: str
) -> None:
    rows = [("C1", "8", ""), ("C1", "12", "99")]
    header = ("Code", "Places", "Libres")

    first = add_rows(http, configure(book), "cohorts", header, rows)
    again = add_rows(http, configure(book), "cohorts", header, rows)

    assert (first.added, first.updated, first.already) == (1, 0, 1)
    assert (again.added, again.updated, again.already) == (0, 0, 2)
    assert read_tab(http, configure(book), COHORTS)[0]["places"] == 8


def test_a_cell_that_the_file_leaves_empty_stays_as_it_is(http: HTTPClient, book: str) -> None:
    add_rows(http, configure(book), "cohorts", ("Code", "Nom"), [("C1", "Hiver")])

    add_rows(http, configure(book), "cohorts", ("Code", "Nom", "Places"), [("C1", "", "5")])

    (cohort,) = read_tab(http, configure(book), COHORTS)
    assert (cohort["name"], cohort["places"]) == ("Hiver", 5)


def test_a_tab_of_the_organisers_own_keeps_its_title(http: HTTPClient, book: str) -> None:
    apply_batch(http, book, [{"addSheet": {"properties": {"title": "Cohortes"}}}])

    add_rows(http, configure(book), "cohorts", ("Code",), [("C1",)])

    titles = [sheet["properties"]["title"] for sheet in get_spreadsheet(http, book)["sheets"]]
    assert titles == [TAB, "Cohortes", "Cohortes 2"]


def test_rows_of_something_else_are_refused_before_anything_is_made(
    http: HTTPClient, book: str
) -> None:
    with pytest.raises(WorkbookError) as caught:
        add_rows(http, configure(book), "meetings", ("Code", "Date"), [("C1", "2023-01-01")])

    assert caught.value.values == {"column": "Cohorte", "tab": "Rencontres"}
    assert len(get_spreadsheet(http, book)["sheets"]) == 1


def test_a_file_of_cohorts_does_not_pass_for_answers() -> None:
    assert resembles(COHORTS, ("Code", "Nom", "Places"))
    assert resembles(MEETINGS, ("Cohort", "Date", "Theme"))
    assert not resembles(COHORTS, ("Horodateur", "Code", "Nom"))
    assert not resembles(MEETINGS, ("Cohorte", "Date", "Nom", "Courriel", "Téléphone"))
