"""Who is whom among many: what must hold whatever the registrations and the decisions."""

from __future__ import annotations

import doctest
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.core.identity import (
    Contradiction,
    Matches,
    Person,
    Suggestion,
    Verdict,
    email_key,
    match_registrations,
    matching,
    name_key,
    phone_keys,
    suggest_pairs,
)
from automation.core.identity.columns import (
    find_bearers,
    find_mailboxes,
    find_numbers,
    fold_column,
)
from automation.core.identity.keys import folded_words, phone_numbers, repaired_email
from automation.core.identity.names import Kind, compare_names
from automation.core.identity.scores import judge
from automation.core.identity.surnames import is_rare
from automation.core.identity.traits import Traits, compare_people

if TYPE_CHECKING:
    import random

NAMES = (
    "Ève Roy",
    "EVE ROY",
    "Roy, Ève",
    "Ève Roy fils",
    "Ève Roi",
    "E. Roy",
    "Ève Roy-Caron",
    "Denis Roy",
    "Denise Roy",
    "Jean-François St-Pierre",
    "JF Saint-Pierre",
    "jean francois saint pierre",
    "  ",
    "",
)
EMAILS = (
    "eve@exemple.test",
    "Eve@Exemple.test",
    "eve+x@exemple.test",
    "e.v.e@gmail.com",
    "eve+x@googlemail.com",
    "eve@gmial.com",
    "evelyne@hotmail.com",
    "evelyn@hotmail.con",
    "rien",
    "",
)
PHONES = (
    "418 555-0101",
    "(418) 555-0101",
    "581 555-0101",
    "418 555-0102 poste 4",
    "418-555-0101 / 418-555-0102",
    "555-0101",
    "000-000-0000",
    "",
)
ODD = (
    "Sœur Ste-Anne d’Avignon, Ève",
    "Ève de la Roy de Saint Cyr fils",
    " Ève\nRoy\t",
    "Έλενα Ρόυ",
    "mailto:eve@exemple.test",
    "+x@exemple.test",
    "hélène@exemple.test",
    f"{'e' * 65}@exemple.test",
    "418-555-0101 (cell)",
    "٤١٨ ٥٥٥-٠١٠١",
    "+33 6 12 34 56 78",
    "+32 2 555 12 34",
    "1 418 555-0101",
    "999-999-9998",
    "418\n555-0101",
)
PLACES = ("L’Islet", "l'islet", "St-Jean-Port-Joli", "Saint-Jean-Port-Joli", "")


class Row(NamedTuple):
    id: int
    name: str = ""
    email: str = ""
    phone: str = ""
    municipality: str = ""


contents = st.tuples(*map(st.sampled_from, (NAMES, EMAILS, PHONES, PLACES)))
odd_contents = st.tuples(
    *(st.sampled_from(told + ODD) for told in (NAMES, EMAILS, PHONES)), st.sampled_from(PLACES)
)
rows = st.lists(contents, max_size=10).map(
    lambda found: [Row(number, *told) for number, told in enumerate(found)]
)
numbers = st.integers(0, 9)
verdicts = st.lists(
    st.builds(Verdict, numbers, numbers, st.booleans()).filter(lambda v: v.a != v.b), max_size=8
)


def identities(found: list[Row], decided: list[Verdict]) -> dict[int, int]:
    """Return the identity of each row: the oldest of its cluster."""
    oldest = {row.id: row.id for row in found}
    for cluster in match_registrations(found, decided).clusters:
        oldest |= dict.fromkeys(cluster, min(cluster))
    return oldest


def together(matches: Matches) -> set[tuple[int, int]]:
    """Return the pairs that are one person, the lower id first."""
    return {pair for ids in matches.clusters for pair in combinations(sorted(ids), 2)}


def latest(decided: list[Verdict]) -> dict[tuple[int, int], bool]:
    return {(min(v.a, v.b), max(v.a, v.b)): v.same for v in decided}


@given(rows, verdicts, st.randoms())
def test_the_order_of_rows_is_irrelevant(
    found: list[Row], decided: list[Verdict], chance: random.Random
) -> None:
    shuffled = found.copy()
    chance.shuffle(shuffled)

    assert match_registrations(shuffled, decided) == match_registrations(found, decided)


@given(rows, verdicts, st.randoms())
def test_the_order_of_decisions_on_other_pairs_is_irrelevant(
    found: list[Row], decided: list[Verdict], chance: random.Random
) -> None:
    once = [Verdict(*pair, same) for pair, same in latest(decided).items()]
    shuffled = once.copy()
    chance.shuffle(shuffled)

    assert match_registrations(found, shuffled) == match_registrations(found, decided)


@given(rows, verdicts)
def test_matching_again_what_was_linked_changes_nothing(
    found: list[Row], decided: list[Verdict]
) -> None:
    first = match_registrations(found, decided)
    linked = [Verdict(a, b, same=True) for a, b in sorted(together(first))]

    again = match_registrations(found, linked)

    assert first == match_registrations(found, decided)
    assert together(first) <= together(again)


@given(rows)
def test_what_is_certain_stays_when_it_is_decided_too(found: list[Row]) -> None:
    first = match_registrations(found)
    linked = [Verdict(a, b, same=True) for a, b in sorted(together(first))]

    assert match_registrations(found, linked) == first


@given(rows, verdicts)
def test_decisions_hold_and_those_that_cannot_are_reported(
    found: list[Row], decided: list[Verdict]
) -> None:
    matches = match_registrations(found, decided)

    there = {row.id for row in found}
    linked = together(matches)
    disputed = {one for c in matches.contradictions for one in c.chain}
    for (a, b), same in latest(decided).items():
        assert same or (a, b) not in linked
        if same and {a, b} <= there and not matches.contradictions:
            assert (a, b) in linked
        if not same and (a, b) in {(c.a, c.b) for c in matches.contradictions}:
            assert {a, b} <= disputed


@given(rows, verdicts)
def test_a_contradiction_shows_the_decisions_that_make_it(
    found: list[Row], decided: list[Verdict]
) -> None:
    said = latest(decided)

    for clash in match_registrations(found, decided).contradictions:
        assert said[clash.a, clash.b] is False
        assert (clash.chain[0], clash.chain[-1]) == (clash.a, clash.b)
        assert all(said[min(pair), max(pair)] for pair in pairwise(clash.chain))


@given(rows, verdicts)
def test_later_rows_never_split_a_cluster(found: list[Row], decided: list[Verdict]) -> None:
    history = [
        together(match_registrations(found[:count], decided)) for count in range(len(found) + 1)
    ]

    assert all(earlier <= later for earlier, later in pairwise(history))


@given(rows)
def test_later_rows_never_change_an_identity(found: list[Row]) -> None:
    history = [identities(found[:count], []) for count in range(len(found) + 1)]

    for earlier, later in pairwise(history):
        assert all(later[number] == person for number, person in earlier.items())


@given(rows)
def test_every_cluster_that_nobody_decided_has_one_folded_name(found: list[Row]) -> None:
    by_id = {row.id: row for row in found}

    for ids in match_registrations(found).clusters:
        assert len({name_key(by_id[one].name) for one in ids}) == 1
        assert len({email_key(by_id[one].email) for one in ids}) == 1


@given(rows, verdicts)
def test_no_pair_is_both_merged_and_suggested_and_every_suggestion_says_why(
    found: list[Row], decided: list[Verdict]
) -> None:
    matches = match_registrations(found, decided)

    said = latest(decided)
    for suggestion in matches.suggestions:
        assert (suggestion.a, suggestion.b) not in together(matches)
        assert suggestion.a < suggestion.b
        assert 80 <= suggestion.score <= 100
        assert suggestion.reason
        assert said.get((suggestion.a, suggestion.b)) is not False


@given(rows)
def test_rewriting_changes_nothing(found: list[Row]) -> None:
    plain = str.maketrans("ÈèçÇ’-", "EecC' ")
    rewritten = [
        Row(
            row.id,
            f" {row.name.upper().translate(plain).replace('ST PIERRE', 'SAINT PIERRE')}",
            f"{row.email.upper()} ",
            row.phone.replace("(", "").replace(") ", "-"),
            row.municipality.lower().replace("st-", "saint ").replace("’", "'"),
        )
        for row in found
    ]

    assert match_registrations(rewritten) == match_registrations(found)


@given(rows)
def test_a_blank_links_and_suggests_nothing(found: list[Row]) -> None:
    blanked = [Row(row.id, row.name, municipality=row.municipality) for row in found]

    matches = match_registrations(blanked)

    assert (matches.clusters, matches.suggestions, matches.households) == ((), (), ())


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_of_names_is_symmetric(one: str, other: str) -> None:
    left, right = (who.words for who in everyone((one, "", "", ""), (other, "", "", "")))

    assert compare_names(left, right) == compare_names(right, left)


@given(contents, contents)
def test_likeness_is_symmetric(
    one: tuple[str, str, str, str], other: tuple[str, str, str, str]
) -> None:
    left, right = everyone(one, other)

    assert judge(left, right) == judge(right, left)


def everyone(*told: tuple[str, str, str, str]) -> list[Traits]:
    return compare_people(*(list(column) for column in zip(*told, strict=True))).traits


TEXTS = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(NAMES + EMAILS + PHONES + ODD)))


@given(TEXTS)
def test_a_column_has_the_same_keys_as_its_values(texts: list[str]) -> None:
    mailboxes = [email_key(text) for text in texts]

    assert fold_column(texts) == [" ".join(folded_words(text)) for text in texts]
    assert find_mailboxes(texts) == (mailboxes, [repaired_email(box) for box in mailboxes])
    assert find_numbers(texts) == [phone_numbers(text) for text in texts]


@given(TEXTS, st.lists(st.sampled_from(NAMES + ODD)))
def test_bearers_of_a_name_are_found_in_whichever_order_they_write_it(
    texts: list[str], names: list[str]
) -> None:
    keys = {name_key(name) for name in names} - {""}

    found = list(find_bearers(keys, texts))

    written = enumerate(map(name_key, texts))
    assert found == [(position, key) for position, key in written if key in keys]


@pytest.mark.parametrize(
    ("name", "rare"),
    [
        ("Jean-François Tremblay", False),
        ("J. St-Pierre fils", False),
        ("Solweig Tremblay", True),
        ("Jean Valrivière", True),
        ("", False),
    ],
)
def test_a_name_is_rare_by_itself_whoever_else_bears_it(name: str, rare: bool) -> None:
    assert is_rare(name_key(name)) is rare


@given(st.one_of(st.emails(), st.sampled_from(EMAILS)))
def test_mending_an_address_twice_is_mending_it_once(address: str) -> None:
    mended = repaired_email(email_key(address))

    assert repaired_email(mended) == mended
    assert email_key(mended) in {mended, ""}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("eve@gmial.com", "eve@gmail.com"),
        ("e.v.e+x@gmail.con", "eve@gmail.com"),
        ("eve@hotmail.con", "eve@hotmail.com"),
        ("eve+x@exemple.test", "eve@exemple.test"),
        ("eve@mail.com", "eve@mail.com"),
        ("eve@live.ca", "eve@live.ca"),
        ("eve@hotmail.ca", "eve@hotmail.ca"),
        ("+x@exemple.test", "+x@exemple.test"),
        ("", ""),
    ],
)
def test_a_slip_in_a_domain_is_mended_for_a_suggestion_only(written: str, meant: str) -> None:
    assert repaired_email(email_key(written)) == meant


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Denis Roy", "Denise Roy", Kind.DIFFERENT),
        ("Michel Roy", "Michèle Roy", Kind.DIFFERENT),
        ("Jean Roy père", "Jean Roy fils", Kind.DIFFERENT),
        ("Louis Roy", "Jean-Louis Roy", Kind.DIFFERENT),
        ("Aïcha Martin-Roy", "Solweig Martin-Roy", Kind.DIFFERENT),
        ("Jean Roy", "Jean Roy fils", Kind.UNSURE),
        ("Marie Roy", "Marie Gagnon", Kind.UNSURE),
        ("Marie", "Marie Gagnon", Kind.UNSURE),
        ("", "Marie Gagnon", Kind.UNSURE),
        ("Jean-François Roy", "JF Roy", Kind.NEAR),
        ("Jean-François Roy", "J.-F. Roy", Kind.NEAR),
        ("J. Roy", "Jean Roy", Kind.NEAR),
        ("Robert Roy", "Bob Roy", Kind.NEAR),
        ("Michèle Roy", "Michelle Roy", Kind.NEAR),
        ("Marie Roy", "Marie Roy-Caron", Kind.NEAR),
        ("Jean Roy", "Jean-François Roy", Kind.NEAR),
        ("Luc Tremblay", "Luc Trembley", Kind.NEAR),
        ("Ève Roy", "Roy, Ève", Kind.NEAR),
    ],
)
def test_names_are_near_different_or_say_too_little(one: str, other: str, kind: Kind) -> None:
    left, right = everyone((one, "", "", ""), (other, "", "", ""))

    assert compare_names(left.words, right.words).kind is kind


@given(st.integers(2_000_000_000, 9_999_999_999))
def test_a_plain_number_is_read_as_the_library_reads_it(number: int) -> None:
    digits = str(number)
    written = f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"

    assert phone_numbers(written) == phone_numbers(f"+1 {written}")
    assert frozenset(phone_numbers(written)) == phone_keys(f"{written} (cell.)")


def test_a_decision_joins_and_parts_whole_clusters() -> None:
    twins = [Row(n, "Ève Roy", "eve@exemple.test") for n in (1, 2)]
    others = [Row(n, "Luc Roy", "luc@exemple.test") for n in (3, 4)]

    joined = match_registrations([*twins, *others], [(2, 3, True)])
    parted = match_registrations([*twins, *others], [(1, 2, False)])

    assert joined.clusters == (frozenset({1, 2, 3, 4}),)
    assert parted.clusters == (frozenset({3, 4}),)


def test_different_keeps_apart_even_those_whom_exact_keys_would_join_by_a_third() -> None:
    father = Row(1, "Ève Roy", "roy@exemple.test", "418 555-0101")
    child = Row(2, "Ève Roy", "roy@exemple.test", "418 555-0101")
    either = Row(3, "Ève Roy", "roy@exemple.test", "418 555-0101")

    matches = match_registrations([father, child, either], [Verdict(1, 2, same=False)])

    assert matches.clusters == (frozenset({1, 3}),)
    assert matches.suggestions == ()


def test_a_contradiction_is_reported_with_its_chain_and_settled_by_nobody() -> None:
    people = [Row(n, f"Ève Roy {n}") for n in (1, 2, 3, 4, 5)]
    said = [(1, 2, True), (3, 2, True), (3, 1, False), (4, 5, True)]

    matches = match_registrations(people, said)

    assert matches.contradictions == (Contradiction(a=1, b=3, chain=(1, 2, 3)),)
    assert matches.clusters == (frozenset({4, 5}),)


def test_the_latest_decision_on_a_pair_holds() -> None:
    people = [Row(1, "Ève Roy"), Row(2, "Luc Caron")]

    matches = match_registrations(people, [(1, 2, True), (2, 1, False), (1, 2, True)])

    assert matches.clusters == (frozenset({1, 2}),)
    assert matches.contradictions == ()


def test_two_spouses_on_one_address_are_labelled_and_never_suggested() -> None:
    spouses = [
        Row(1, "Ève Roy", "roy@exemple.test", "418 555-0101", "L’Islet"),
        Row(2, "Luc Roy", "roy@exemple.test", "418 555-0101", "L’Islet"),
    ]

    matches = match_registrations(spouses)

    assert matches.suggestions == ()
    assert [h.reason for h in matches.households] == [
        "même courriel, même téléphone, personnes différentes"
    ]


def test_a_second_registration_is_suggested_once_for_two_persons() -> None:
    known = [Row(n, "Ève Roy", "eve@exemple.test", "418 555-0101", "L’Islet") for n in (1, 2)]
    again = Row(3, "Ève Roy", "roy@ailleurs.test", "418 555-0101", "L’Islet")

    matches = match_registrations([*known, again], language="en")

    reason = "same phone, same name, same municipality"
    assert matches.suggestions == (Suggestion(a=1, b=3, score=93, reason=reason),)


def test_an_address_that_many_names_share_is_no_key() -> None:
    names = ("Ève", "Luc", "Anne", "Guy", "Rita", "Paul", "Zoé", "Marc", "Léa", "Hugo", "Line")
    office = [
        Row(n, f"{name} Caron", "info@bureau.test", f"418 555-02{n:02}")
        for n, name in enumerate(names)
    ]

    few = match_registrations([*office[:9], Row(99, "Eve Carron", "info@bureau.test")])
    many = match_registrations([*office, Row(99, "Eve Carron", "info@bureau.test")])

    assert [(s.a, s.b) for s in few.suggestions] == [(0, 99)]
    assert (many.suggestions, many.households) == ((), ())


def test_a_key_of_more_than_fifty_holders_is_skipped() -> None:
    crowd = [Row(n, "Ève Roy", "eve@exemple.test", f"418 555-{n:04}") for n in range(51)]

    assert len(match_registrations(crowd[:50]).suggestions) == 50 * 49 // 2
    assert match_registrations(crowd).suggestions == ()


def test_an_identical_resubmission_without_an_address_is_certain() -> None:
    told = {"name": "Ève Roy", "phone": "418 555-0101", "answer_hash": "abc"}
    other = told | {"answer_hash": "def"}

    matches = match_registrations([{"id": 1, **told}, {"id": 2, **told}, {"id": 3, **other}])

    assert matches.clusters == (frozenset({1, 2}),)


@pytest.mark.parametrize("phone", ["+32 2 555 12 34", "٤١٨ ٥٥٥-٠١٠١", "418-555-0101 poste 7"])
def test_a_known_phone_is_found_however_it_is_written(phone: str) -> None:
    known = Person(1, "Ève Roy", "", phone, "L’Islet")
    newcomer = Person(2, "Ève Roy", "", phone_numbers(phone)[0], "Tourville")

    pairs = suggest_pairs([newcomer], [known])

    assert [(pair.a, pair.b) for pair in pairs] == [(1, 2)]


@settings(max_examples=200)
@given(
    st.lists(odd_contents, max_size=10).map(
        lambda found: [Row(number, *told) for number, told in enumerate(found)]
    ),
    st.integers(0, 10),
)
def test_newcomers_are_told_of_as_they_would_be_among_all(found: list[Row], count: int) -> None:
    known, newcomers = found[:count], found[count:]

    pairs = suggest_pairs([Person(*row) for row in newcomers], [Person(*row) for row in known])

    everybody = suggest_pairs([Person(*row) for row in found], [])
    fresh = {row.id for row in newcomers}
    assert pairs == [pair for pair in everybody if fresh & {pair.a, pair.b}]


def test_the_example_that_explains_matching_is_true() -> None:
    example = doctest.DocTestFinder().find(match_registrations, globs=vars(matching).copy())

    failed = [doctest.DocTestRunner().run(test).failed for test in example]

    assert failed == [0]
