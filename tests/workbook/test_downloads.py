"""The form's own download gives the rows of its sheet, and a later download updates an earlier."""

from __future__ import annotations

import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from gspread import HTTPClient
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from automation import local
from automation.core.instants import wall_serial
from automation.core.text import fold
from automation.errors import WorkbookError
from automation.google.sheets import apply_batch, read_ranges
from automation.workbook.loading import (
    Asked,
    Loaded,
    add_responses,
    create_spreadsheet,
    find_boxes,
    find_stamp,
)
from automation.workbook.loading.asked import head_addresses
from automation.workbook.loading.boxes import find_options, join_as_sheet
from automation.workbook.loading.csv_table import read_csv
from automation.workbook.loading.typed import names_zone, read_dates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TAB = "Réponses"
TORONTO = ZoneInfo("America/Toronto")
THEMES = ("Briser la solitude, ou presque", "Bâtir un réseau", "Dire non; tenir bon")
HEADER = ("Horodateur", "Nom complet", "Courriel", "Téléphone", "Thèmes", "Note")
ASKED = Asked(
    name=("nom complet",),
    email=("courriel",),
    phone=("telephone",),
    options={"themes": THEMES},
)
BY_FORM = (
    ("2023/01/16 9:12:33 AM EST", "Ève Côté", "eve@x.ca", "4185550101", ";".join(THEMES), "a;b"),
    ("2023/11/05 1:30:00 AM EDT", "Luc Roy", "luc@x.ca", "4185550102", THEMES[1], ""),
    ("2023/11/05 1:30:00 AM EST", "Zoé Roy", "zoe@x.ca", "4185550103", f"{THEMES[1]};Le pain", ""),
)
IN_SHEET = (
    ("2023-01-16 09:12:33", "Ève Côté", "eve@x.ca", "4185550101", ", ".join(THEMES), "a;b"),
    ("2023-11-05 01:30:00", "Luc Roy", "luc@x.ca", "4185550102", THEMES[1], ""),
    ("2023-11-05 01:30:00", "Zoé Roy", "zoe@x.ca", "4185550103", f"{THEMES[1]}, Le pain", ""),
)


@pytest.fixture(name="http")
def fixture_http() -> Iterator[HTTPClient]:
    with local.session() as session:
        yield HTTPClient(auth=None, session=session)  # type: ignore[arg-type]


@pytest.fixture(name="book")
def fixture_book(http: HTTPClient) -> str:
    return create_spreadsheet(http, "Essai", TAB)


def load(
    http: HTTPClient,
    book: str,
    rows: Sequence[Sequence[str]],
    header: Sequence[str] = HEADER,
    asked: Asked = ASKED,
) -> Loaded:
    return add_responses(http, book, TAB, header, rows, asked=asked)


def grid(http: HTTPClient, book: str) -> list[list[Any]]:
    (rows,) = read_ranges(http, book, [{"sheetId": 0}])
    return rows


def at(*parts: int) -> float:
    return wall_serial(datetime(*parts))  # type: ignore[arg-type]  # noqa: DTZ001 - on the wall


def edit(row: Sequence[str], stamp: str, **changes: str) -> tuple[str, ...]:
    places = {fold(text): index for index, text in enumerate(HEADER)}
    cells = [stamp, *row[1:]]
    for key, text in changes.items():
        cells[places[key]] = text
    return tuple(cells)


def people(count: int) -> list[tuple[str, ...]]:
    return [
        (f"2023-01-{n:02} 09:00:00", f"Personne {n}", f"p{n}@x.ca", f"41855501{n:02}", "", "")
        for n in range(1, count + 1)
    ]


# Time zones


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2023/01/16 9:12:33 AM EST", (16, 9, 12, 33)),
        ("2023/01/16 9:12:33 PM EST", (16, 21, 12, 33)),
        ("2023/01/16 12:00:00 AM EST", (16, 0, 0, 0)),
        ("2023/01/16 9:12:33\u202fAM\u00a0GMT-5", (16, 9, 12, 33)),
        ("2023/01/16 9:12:33 AM UTC−5", (16, 9, 12, 33)),
        ("2023/01/16 9:12:33 a.m. HNE", (16, 9, 12, 33)),
        ("2023/01/16 9:12:33 a.\u202fm. -0500", (16, 9, 12, 33)),
        ("2023/01/16 10:12:33 AM AST", (16, 9, 12, 33)),
        ("2023/01/16 10:12:33 a.m. HNA", (16, 9, 12, 33)),
        ("2023/01/16 11:12:33 PM PST", (17, 2, 12, 33)),
        ("2023/01/16 7:42:33 pm GMT+5:30", (16, 9, 12, 33)),
        ("2023/01/16 3:12:33 PM UTC+1", (16, 9, 12, 33)),
        ("2023/01/16 2:12:33 PM GMT", (16, 9, 12, 33)),
        ("2023-01-16T14:12:33Z", (16, 9, 12, 33)),
    ],
)
def test_a_time_is_moved_to_the_wall_of_the_spreadsheet(text: str, parts: tuple[int, ...]) -> None:
    assert read_dates([text], day_first=True, zone=TORONTO) == [datetime(2023, 1, *parts)]  # type: ignore[arg-type]  # noqa: DTZ001
    assert names_zone(text)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2023/11/05 12:59:00 AM EDT", (5, 59)),
        ("2023/11/05 1:30:00 AM EDT", (6, 30)),
        ("2023/11/05 1:30:00 AM EST", (7, 30)),
        ("2023/11/05 2:00:00 AM HNE", (8, 0)),
        ("2023/07/05 1:30:00 AM HAE", (7, 30)),
    ],
)
def test_both_hours_of_november_are_told_apart(text: str, hour: tuple[int, int]) -> None:
    (wall,) = read_dates([text], day_first=True, zone=ZoneInfo("Europe/Paris"))

    assert wall is not None
    assert (wall.hour, wall.minute) == hour


def test_a_zone_that_the_spreadsheet_calls_so_itself_is_its_own() -> None:
    text = "2023/01/16 9:12:33 AM CST"

    in_shanghai = read_dates([text], day_first=True, zone=ZoneInfo("Asia/Shanghai"))
    in_toronto = read_dates([text], day_first=True, zone=TORONTO)

    assert in_shanghai == [datetime(2023, 1, 16, 9, 12, 33)]  # noqa: DTZ001
    assert in_toronto == [datetime(2023, 1, 16, 10, 12, 33)]  # noqa: DTZ001


@pytest.mark.parametrize("text", ["2023/01/16 9:12:33 AM XYZ", "2023-01-16 09:12:33"])
def test_a_time_without_a_known_zone_is_taken_at_its_word(text: str) -> None:
    found = read_dates([text], day_first=True, zone=TORONTO)

    assert found == [datetime(2023, 1, 16, 9, 12, 33)]  # noqa: DTZ001


@pytest.mark.parametrize("text", ["2023-01-16 09:12:33", "demain EST", "", "16/01/2023"])
def test_a_time_may_name_no_zone(text: str) -> None:
    assert not names_zone(text)


def test_a_time_at_the_end_of_all_times_is_no_date() -> None:
    assert read_dates(["0001-01-01 00:00 UTC+3"], day_first=True, zone=TORONTO) == [None]


# Checkboxes


@pytest.mark.parametrize(
    ("answer", "joined"),
    [
        ("A;B", "A, B"),
        ("A, ou presque;B", "A, ou presque, B"),
        ("C; c;B", "C; c, B"),
        ("B;écrire; puis lire", "B, écrire; puis lire"),
        ("rien de tout cela", "rien de tout cela"),
        ("", ""),
        (";A;", "A"),
    ],
)
def test_ticked_options_are_joined_as_in_the_sheet(answer: str, joined: str) -> None:
    assert join_as_sheet(answer, ["A, ou presque", "A", "B", "C; c"]) == joined


TICKED = (("A", "B, ou presque"), ("C",), ("A", "C"), ("B, ou presque", "C"), ("C", "du pain"))


@pytest.mark.parametrize(("join", "by_form"), [(";", True), (", ", False)])
def test_options_are_found_by_their_coming_back(join: str, by_form: bool) -> None:
    answers = [join.join(pieces) for pieces in TICKED]

    assert find_options(answers, by_form=by_form) == ("A", "B, ou presque", "C")


@pytest.mark.parametrize(
    ("answers", "by_form"),
    [
        (["Rencontrer des gens; parler", "Sortir;voir", "Rire; apprendre; voir"], True),
        (["A;B", "C;D", "E;F"], True),
        (["A", "B", "A", "B"], True),
        (["A;A", "B;A", "B;A"], True),
        (["L’Islet, Québec", "Saint-Aubert, Québec", "L’Islet, Québec", "L’Islet, Québec"], False),
        (["Oui, le matin", "Oui, le soir", "Oui, le matin", "Non, jamais"], False),
        (["Oui, j’accepte"] * 9, False),
        (["Briser, un peu, la solitude", "Vendre, acheter", "Rire, pleurer"], False),
        ([], False),
    ],
)
def test_what_only_looks_like_checkboxes_is_left_alone(answers: list[str], by_form: bool) -> None:
    assert find_options(answers, by_form=by_form) == ()


def test_the_columns_of_checkboxes_are_found_in_a_file_of_either_kind() -> None:
    form = [(f"2023/01/0{i + 1} 9:00:00 AM EST", ";".join(p)) for i, p in enumerate(TICKED)]
    sheet = [(f"2023-01-0{i + 1} 09:00:00", ", ".join(p)) for i, p in enumerate(TICKED)]
    header = ("Horodateur", "Thèmes")

    found = [find_boxes(header, rows, find_stamp(header, rows)) for rows in (form, sheet)]

    assert found[0] == found[1] == {"Thèmes": ("A", "B, ou presque", "C")}


# The same answers, whichever download brings them


def test_the_forms_own_download_gives_the_rows_of_the_sheet(http: HTTPClient, book: str) -> None:
    other = create_spreadsheet(http, "Autre", TAB)

    load(http, book, BY_FORM)
    load(http, other, IN_SHEET)

    assert grid(http, book) == grid(http, other)
    assert grid(http, book)[3][0] == at(2023, 11, 5, 1, 30)


@pytest.mark.parametrize("order", [(BY_FORM, IN_SHEET), (IN_SHEET, BY_FORM)])
def test_the_other_download_of_the_same_answers_adds_nothing(
    http: HTTPClient, book: str, order: tuple[Any, Any]
) -> None:
    first, second = order
    header = ("Timestamp", *HEADER[1:])
    load(http, book, first)
    before = grid(http, book)

    assert load(http, book, second, header) == Loaded(added=0, already=3)
    assert grid(http, book) == before


def test_checkboxes_are_known_by_their_answers_where_the_configuration_says_nothing(
    http: HTTPClient, book: str
) -> None:
    asked = Asked(name=("nom",), options={})
    rows = [
        (f"2023/01/0{i + 1} 9:00:00 AM EST", f"N{i};x", ";".join(p)) for i, p in enumerate(TICKED)
    ]

    load(http, book, rows, ("Horodateur", "Nom", "Thèmes"), asked)

    assert [row[2] for row in grid(http, book)[1:]] == [", ".join(p) for p in TICKED]
    assert grid(http, book)[1][1] == "N0;x"


def test_checkboxes_are_known_by_the_answers_that_are_there(http: HTTPClient, book: str) -> None:
    asked = Asked(name=("nom",), options={})
    header = ("Horodateur", "Nom", "Thèmes")
    rows = [(f"2023-01-0{i + 1} 09:00:00", f"N{i}", ", ".join(p)) for i, p in enumerate(TICKED)]
    load(http, book, rows, header, asked)

    one = [("2023/02/01 9:00:00 AM EST", "Zoé", "A;C"), ("2023/02/02 9:00:00 AM EST", "Luc", "x;y")]
    load(http, book, one, header, asked)

    assert [row[2] for row in grid(http, book)[-2:]] == ["A, C", "x;y"]


def test_a_semicolon_in_the_sheets_own_download_stays(http: HTTPClient, book: str) -> None:
    row = ("2023-01-16 09:12:33", "Ève", "", "", "Le pain;le beurre", "")

    load(http, book, [row])

    assert grid(http, book)[1][4] == "Le pain;le beurre"


@pytest.mark.parametrize(
    ("email", "header", "renamed"),
    [
        ("Adresse e-mail", ("Timestamp", "Username"), ("Timestamp", "Adresse e-mail")),
        ("Nom d’utilisateur", ("A", "Adresse e-mail"), ("A", "Nom d’utilisateur")),
        ("Courriel", ("A", "Username"), ("A", "Username")),
        ("Email Address", ("Email address", "Username"), ("Email address", "Username")),
        (None, ("Username",), ("Username",)),
    ],
)
def test_addresses_that_forms_collects_are_known_under_both_headers(
    email: str | None, header: tuple[str, ...], renamed: tuple[str, ...]
) -> None:
    assert head_addresses(header, email) == renamed


# A later download


def test_an_edited_answer_overwrites_its_row(http: HTTPClient, book: str) -> None:
    rows = people(5)
    load(http, book, rows)
    note = {"start": {"sheetId": 0, "rowIndex": 2, "columnIndex": 6}, "fields": "userEnteredValue"}
    ours = [{"values": [{"userEnteredValue": {"stringValue": "rappelée"}}]}]
    apply_batch(http, book, [{"updateCells": {**note, "rows": ours}}])

    rows[1] = edit(rows[1], "2023-02-01 10:00:00", courriel="nouveau@x.ca", note="bonjour")
    new = ("2023-02-02 10:00:00", "Zoé", "zoe@x.ca", "4185559999", "", "")
    loaded = load(http, book, [*rows, new])

    after = grid(http, book)
    assert loaded == Loaded(added=1, updated=1, already=4)
    assert after[2] == [
        at(2023, 2, 1, 10),
        "Personne 2",
        "nouveau@x.ca",
        4185550102,
        "",
        "bonjour",
        "rappelée",
    ]
    assert [row[1] for row in after[1:]] == [*(row[1] for row in rows), "Zoé"]
    assert http.values_get(book, f"{TAB}!A3")["values"] == [["2023-02-01 10:00:00"]]
    assert load(http, book, [*rows, new]) == Loaded(added=0, already=6)


def test_an_answer_that_was_taken_back_is_emptied(http: HTTPClient, book: str) -> None:
    rows = [edit(row, row[0], note="bonjour") for row in people(3)]
    load(http, book, rows)

    rows[0] = edit(rows[0], "2023-02-01 10:00:00", note="")
    load(http, book, rows)

    assert grid(http, book)[1] == [at(2023, 2, 1, 10), "Personne 1", "p1@x.ca", 4185550101]


def test_the_forms_own_later_download_overwrites_too(http: HTTPClient, book: str) -> None:
    load(http, book, IN_SHEET)

    edited = edit(BY_FORM[1], "2023/11/06 8:00:00 AM EST", note="bonjour")
    loaded = load(http, book, [BY_FORM[0], edited, BY_FORM[2]])

    assert loaded == Loaded(added=0, updated=1, already=2)
    assert grid(http, book)[2][0] == at(2023, 11, 6, 8)


def test_rows_that_a_later_download_lacks_stay(http: HTTPClient, book: str) -> None:
    rows = people(20)
    load(http, book, rows)
    rows[3] = edit(rows[3], "2023-02-01 10:00:00")

    loaded = load(http, book, [*rows[:10], *rows[11:]])

    assert loaded == Loaded(added=0, updated=1, already=18)
    assert len(grid(http, book)) == 21
    assert grid(http, book)[11][1] == "Personne 11"


def test_a_second_answer_beside_the_first_is_added(http: HTTPClient, book: str) -> None:
    rows = people(3)
    load(http, book, rows)

    again = edit(rows[1], "2023-02-01 10:00:00")

    assert load(http, book, [*rows, again]) == Loaded(added=1, already=3)


@pytest.mark.parametrize("kept", [0, 1])
def test_in_a_partial_download_nothing_is_overwritten_and_the_doubt_is_told(
    http: HTTPClient, book: str, kept: int
) -> None:
    rows = people(6)
    load(http, book, rows)

    edited = edit(rows[5], "2023-02-01 10:00:00", note="bonjour")
    loaded = load(http, book, [*rows[:kept], edited])

    assert loaded == Loaded(added=1, already=kept, beside=1)
    assert len(grid(http, book)) == 8


def test_an_earlier_download_brings_no_earlier_version_back(http: HTTPClient, book: str) -> None:
    rows = people(5)
    edited = edit(rows[1], "2023-02-01 10:00:00", note="bonjour")
    load(http, book, [rows[0], edited, *rows[2:]])

    assert load(http, book, rows) == Loaded(added=0, already=5)
    assert len(grid(http, book)) == 6


def test_one_trait_alone_does_not_make_two_people_one(http: HTTPClient, book: str) -> None:
    couple = [
        ("2023-01-01 09:00:00", "Ève Côté", "nous@x.ca", "4185550101", "", ""),
        ("2023-01-02 09:00:00", "Luc Roy", "luc@x.ca", "4185550102", "", ""),
    ]
    load(http, book, couple)

    other = ("2023-01-03 09:00:00", "Zoé Roy", "nous@x.ca", "4185550109", "", "")
    loaded = load(http, book, [couple[1], other])

    assert loaded == Loaded(added=1, already=1)


def test_of_two_rows_that_may_be_meant_none_is_overwritten(http: HTTPClient, book: str) -> None:
    rows = people(12)
    twice = edit(rows[1], "2023-01-20 10:00:00")
    load(http, book, [*rows, twice])

    edited = edit(rows[1], "2023-02-01 10:00:00", note="bonjour")
    loaded = load(http, book, [rows[0], *rows[2:], edited])

    assert loaded == Loaded(added=1, already=11, beside=1)


def test_what_was_put_right_in_the_sheet_is_taken_from_its_download(
    http: HTTPClient, book: str
) -> None:
    load(http, book, IN_SHEET)
    right = edit(IN_SHEET[0], IN_SHEET[0][0], courriel="eve.cote@x.ca")

    assert load(http, book, [right]) == Loaded(added=0, updated=1, already=0)
    assert grid(http, book)[1][2] == "eve.cote@x.ca"


def test_what_was_put_right_in_the_sheet_is_not_undone_by_the_form(
    http: HTTPClient, book: str
) -> None:
    right = edit(IN_SHEET[0], IN_SHEET[0][0], courriel="eve.cote@x.ca")
    load(http, book, [right, *IN_SHEET[1:]])
    before = grid(http, book)

    assert load(http, book, BY_FORM) == Loaded(added=0, already=3)
    assert grid(http, book) == before


def test_the_answers_to_a_new_question_come_to_the_rows_that_are_there(
    http: HTTPClient, book: str
) -> None:
    load(http, book, IN_SHEET)

    rows = [(*row, f"métier {i}") for i, row in enumerate(BY_FORM)]
    loaded = load(http, book, rows, (*HEADER, "Métier"))

    assert loaded == Loaded(added=0, updated=3, already=0)
    assert [row[6] for row in grid(http, book)] == ["Métier", "métier 0", "métier 1", "métier 2"]


@settings(max_examples=40)
@given(
    before=st.lists(st.booleans(), min_size=2, max_size=12),
    after=st.integers(min_value=0, max_value=4),
    by_form=st.booleans(),
)
def test_two_downloads_of_a_form_leave_what_the_second_says(
    before: list[bool], after: int, by_form: bool
) -> None:
    rows = people(len(before) + after)
    edited = [
        edit(row, f"2023-02-{n + 1:02} 10:00:00", note=f"modifiée {n}") if changed else row
        for n, (row, changed) in enumerate(zip(rows, before, strict=False))
    ]
    second = [*edited, *rows[len(before) :]]
    assume(not all(before))  # else the second download may be of other rows
    told = [(f"{row[0]} EST", *row[1:]) for row in second] if by_form else second

    with local.session() as session:
        http = HTTPClient(auth=None, session=session)  # type: ignore[arg-type]
        book, other = (create_spreadsheet(http, title, TAB) for title in ("A", "B"))
        load(http, book, rows[: len(before)])
        loaded = load(http, book, told)
        load(http, other, second)

        assert grid(http, book) == grid(http, other)
    assert (loaded.added, loaded.updated) == (after, sum(before))


def test_many_updates_go_in_batches_below_the_payload(
    http: HTTPClient, book: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []

    def count(http: HTTPClient, book: str, requests: list[dict[str, Any]]) -> None:
        counts.append(len(requests))
        apply_batch(http, book, requests)

    rows = people(28)
    load(http, book, rows)
    monkeypatch.setattr("automation.workbook.loading.target.apply_batch", count)
    monkeypatch.setattr("automation.workbook.loading.target.PAYLOAD_LIMIT", 4_000)

    later = [edit(row, row[0].replace("-01-", "-02-"), note="x") for row in rows[1:]]
    loaded = load(http, book, [rows[0], *later])

    assert loaded == Loaded(added=0, updated=27, already=1)
    assert sum(counts) == 54
    assert len(counts) > 1


# Zips


def pack(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return path


def test_the_zip_that_forms_gives_is_read_as_it_is(tmp_path: Path) -> None:
    path = pack(tmp_path / "Inscriptions.csv.zip", Réponses_csv="A,B\n1,é\n")

    assert read_csv(path).rows == (("1", "é"),)


def test_what_a_mac_adds_to_a_zip_does_not_count(tmp_path: Path) -> None:
    path = pack(tmp_path / "f.zip", Réponses_CSV="A\n1\n", a_txt="x")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._Réponses.csv", b"\0")

    assert read_csv(path).header == ("A",)


@pytest.mark.parametrize(
    ("files", "count"),
    [({}, 0), ({"xl__workbook_xml": "<x/>"}, 0), ({"a_csv": "A\n1", "b_csv": "A\n1"}, 2)],
)
def test_a_zip_of_something_else_is_refused(
    tmp_path: Path, files: dict[str, str], count: int
) -> None:
    path = pack(tmp_path / "f.zip", **{"lisez-moi_txt": "x", **files})

    with pytest.raises(WorkbookError) as caught:
        read_csv(path)

    assert (caught.value.code, caught.value.values["count"]) == ("zip_csv", count)


def test_a_zip_that_grows_beyond_measure_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("automation.workbook.loading.csv_table._LARGEST", 2_000_000)
    bomb = pack(tmp_path / "f.zip", a_csv="A\n" + "1" * 3_000_000)
    plain = tmp_path / "f.csv"
    plain.write_text("A\n" + "1" * 3_000_000)

    for path in (bomb, plain):
        with pytest.raises(WorkbookError) as caught:
            read_csv(path)
        assert (caught.value.code, caught.value.values["megabytes"]) == ("csv_too_large", 2)
    assert bomb.stat().st_size < 10_000


@pytest.mark.parametrize("spoil", ["cut", "crc", "password", "method"])
def test_a_zip_that_does_not_open_is_refused(tmp_path: Path, spoil: str) -> None:
    path = pack(tmp_path / "f.zip", a_csv="A\n" + "1,2\n" * 100)
    content = bytearray(path.read_bytes())
    if spoil == "cut":
        del content[-30:]
    elif spoil == "method":
        content[content.index(b"PK\x01\x02") + 10] = zipfile.ZIP_LZMA
    elif spoil == "crc":
        content[content.index(b"PK\x01\x02") + 16] ^= 255
    else:
        content[content.index(b"PK\x01\x02") + 8] |= 1
        content[6] |= 1
    path.write_bytes(content)

    with pytest.raises(WorkbookError) as caught:
        read_csv(path)

    assert caught.value.code == "bad_zip"
