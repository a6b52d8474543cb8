"""Who is the same person: rule 1, by exact composite keys only."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from automation.core.identity import (
    Directory,
    email_key,
    likeness,
    match_registrations,
    name_key,
    phone_keys,
    valid_email,
)

NAMES = (
    "Ève Roy",
    "EVE ROY",
    "Roy, Ève",
    "Jean St-Pierre",
    "Jean Saint Pierre",
    "Jean Roy fils",
    "",
)
EMAILS = (
    "eve@exemple.test",
    "Eve@Exemple.test",
    "e.v.e@gmail.com",
    "eve+x@googlemail.com",
    "rien",
    "",
)
PHONES = ("418 555-0101", "(418) 555-0101", "14185550101", "418-555-0102", "555-0101", "")


class Row(Struct, frozen=True):
    id: int
    name: str
    email: str
    phone: str
    municipality: str = ""


contents = st.tuples(st.sampled_from(NAMES), st.sampled_from(EMAILS), st.sampled_from(PHONES))
rows = st.lists(contents, max_size=12).map(
    lambda found: [Row(number, *content) for number, content in enumerate(found)]
)


def identities(found: list[Row]) -> dict[int, int]:
    """Return the identity of each row: the oldest of its cluster."""
    oldest = {row.id: row.id for row in found}
    for cluster in match_registrations(found).clusters:
        oldest |= dict.fromkeys(cluster, min(cluster))
    return oldest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hélène", "HELENE"),
        ("ROY, Ève", "Ève Roy"),
        ("St-Pierre", "saint pierre"),
        ("Ste-Marie", "Sainte Marie"),
        ("Marie-Ève", "marie eve"),
        ("Côté d’Amours", "Cote D'AMOURS"),
    ],
)
def test_two_spellings_of_a_name_compare_equal(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


def test_a_suffix_is_part_of_a_name() -> None:
    keys = {
        name_key(name) for name in ("Jean Roy", "Jean Roy père", "Jean Roy fils", "Jean Roy jr")
    }

    assert len(keys) == 4


@pytest.mark.parametrize(
    ("written", "mailbox"),
    [
        (" Eve@Exemple.TEST ", "eve@exemple.test"),
        ("mailto:eve@exemple.test", "eve@exemple.test"),
        ("e.v.e+news@gmail.com", "eve@gmail.com"),
        ("eve@googlemail.com", "eve@gmail.com"),
        ("e.ve+x@outlook.com", "e.ve@outlook.com"),
        ("eve+x@exemple.test", "eve+x@exemple.test"),
        ("eve@hotmail.com", "eve@hotmail.com"),
        ("hélène@exemple.ca", "hélène@exemple.ca"),
        ("eve@québec.ca", "eve@xn--qubec-csa.ca"),
        ("eve@exemple", ""),
        ("eve exemple.test", ""),
        ("a@b@exemple.test", ""),
        (f"{'e' * 65}@exemple.test", ""),
        ("+x@gmail.com", ""),
        ("", ""),
    ],
)
def test_an_address_is_known_by_the_mailbox_that_it_reaches(written: str, mailbox: str) -> None:
    assert email_key(written) == mailbox


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("418 555-0101", {"+14185550101"}),
        ("(418) 555-0101", {"+14185550101"}),
        ("1-418-555-0101", {"+14185550101"}),
        ("4185550101", {"+14185550101"}),
        ("418.555.0101 poste 12", {"+14185550101"}),
        ("cell: 418-555-0101 ext. 3", {"+14185550101"}),
        ("418-555-0101 ou 418-555-0102", {"+14185550101", "+14185550102"}),
        ("maison 418-555-0101 / bureau 418-555-0102", {"+14185550101", "+14185550102"}),
        ("+33 6 12 34 56 78", {"+33612345678"}),
        ("555-0101", set()),
        ("000-000-0000", set()),
        ("999-999-9999", set()),
        ("aucun", set()),
        ("", set()),
    ],
)
def test_a_phone_answer_gives_its_numbers(written: str, numbers: set[str]) -> None:
    assert phone_keys(written) == numbers


@given(st.text(max_size=30))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)
    assert all(phone_keys(number) == {number} for number in phone_keys(text))


@given(st.one_of(st.emails(), st.sampled_from(EMAILS)))
def test_a_mailbox_is_its_own_mailbox(address: str) -> None:
    mailbox = email_key(address)

    assert email_key(mailbox) == mailbox
    assert valid_email(valid_email(address)) == valid_email(address)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            ("Ève Roy", "eve@exemple.test", ""),
            ("EVE ROY", "EVE@exemple.test", "418 555-0101"),
            True,
        ),
        (
            ("Ève Roy", "eve@exemple.test", "418 555-0101"),
            ("Ève Roy", "eve@exemple.test", "4185550101"),
            True,
        ),
        (
            ("Ève Roy", "eve@exemple.test", "418 555-0101"),
            ("Ève Roy", "eve@exemple.test", "418 555-0102"),
            False,
        ),
        (("Luc Caron", "caron@exemple.test", ""), ("Anne Caron", "caron@exemple.test", ""), False),
        (("Jean Roy", "", "418 555-0101"), ("Jean Roy", "", "418 555-0101"), False),
        (
            ("Jean Roy père", "roy@exemple.test", ""),
            ("Jean Roy fils", "roy@exemple.test", ""),
            False,
        ),
        (("", "eve@exemple.test", ""), ("", "eve@exemple.test", ""), False),
        (("Ève Roy", "", ""), ("Ève Roy", "", ""), False),
    ],
)
def test_only_an_equal_name_and_mailbox_without_clashing_phones_is_one_person(
    one: tuple[str, str, str], other: tuple[str, str, str], same: bool
) -> None:
    pair = [Row(1, *one), Row(2, *other)]

    matches = match_registrations(pair)

    assert matches.clusters == ((frozenset({1, 2}),) if same else ())


def test_without_a_phone_one_is_the_oldest_of_the_name_and_mailbox() -> None:
    father, son, unknown = (
        {"id": number, "name": "Jean Roy", "email": "roy@exemple.test", "phone": phone}
        for number, phone in enumerate(("418 555-0101", "418 555-0102", ""))
    )

    matches = match_registrations([unknown, son, father])

    assert matches.clusters == (frozenset({0, 2}),)


def test_a_phone_leads_to_its_own_person_first() -> None:
    known = Directory()
    known.put(1, 1, likeness("Jean Roy", "roy@exemple.test", ""))
    known.put(2, 2, likeness("Jean Roy", "roy@exemple.test", "418 555-0102"))

    found = known.find(likeness("Jean Roy", "roy@exemple.test", "418 555-0102"))

    assert found == 2


def test_an_identical_answer_with_a_phone_is_the_same_person() -> None:
    known = Directory()
    known.put(1, 1, likeness("Jean Roy", "", "418 555-0101", "abc"))

    again = known.find(likeness("JEAN ROY", "", "418 555-0101", "abc"))

    assert again == 1


@pytest.mark.parametrize(
    ("email", "phone", "answers"),
    [
        ("", "418 555-0101", "def"),
        ("", "418 555-0102", "abc"),
        ("", "4185550101", "abc"),
        ("jean@", "418 555-0101", "abc"),
        ("jean@exemple.test", "418 555-0101", "abc"),
        ("", "418 555-0101", ""),
    ],
)
def test_an_answer_is_identical_to_the_letter_only(email: str, phone: str, answers: str) -> None:
    known = Directory()
    known.put(1, 1, likeness("Jean Roy", "", "418 555-0101", "abc"))

    found = known.find(likeness("Jean Roy", email, phone, answers))

    assert found is None


def test_an_identical_answer_without_a_phone_links_nobody() -> None:
    known = Directory()
    known.put(1, 1, likeness("Jean Roy", "", "", "abc"))

    found = known.find(likeness("Jean Roy", "", "", "abc"))

    assert found is None


def test_what_somebody_said_before_is_forgotten() -> None:
    known = Directory()
    known.put(1, 1, likeness("Ève Roy", "eve@exemple.test", ""))
    known.put(1, 1, likeness("Ève Roy", "roy@exemple.test", ""))

    found = [known.find(likeness("Ève Roy", f"{box}@exemple.test", "")) for box in ("eve", "roy")]

    assert found == [None, 1]


@given(rows, st.randoms())
def test_the_order_of_rows_is_irrelevant(found: list[Row], chance: object) -> None:
    shuffled = found.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert match_registrations(shuffled) == match_registrations(found)


@given(rows)
def test_every_cluster_has_one_folded_name_and_mailbox(found: list[Row]) -> None:
    by_id = {row.id: row for row in found}

    matches = match_registrations(found)

    for cluster in matches.clusters:
        assert len({name_key(by_id[number].name) for number in cluster}) == 1
        assert len({email_key(by_id[number].email) for number in cluster} - {""}) == 1
        assert len(cluster) > 1


@given(rows)
def test_later_rows_never_split_a_cluster_nor_change_its_identity(found: list[Row]) -> None:
    history = [identities(found[:count]) for count in range(len(found) + 1)]

    for earlier, later in pairwise(history):
        assert all(later[number] == person for number, person in earlier.items())


@given(rows)
def test_rewriting_changes_nothing(found: list[Row]) -> None:
    rewritten = [
        Row(
            row.id,
            row.name.upper().replace("-", " ").replace("È", "E").replace("ST ", "SAINT "),
            f" {row.email.upper()}",
            row.phone.replace(" ", "-").replace("(", "").replace(")", ""),
        )
        for row in found
    ]

    assert match_registrations(rewritten) == match_registrations(found)


@given(rows)
def test_a_blank_links_nothing(found: list[Row]) -> None:
    blanked = [Row(row.id, row.name, "", row.phone) for row in found]

    assert match_registrations(blanked).clusters == ()
