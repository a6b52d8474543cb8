"""Every figure of the summary, counted again by plain loops over the register and the rolls."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from automation.core.attendance import read_attendances, staying
from automation.core.model import (
    Cohort,
    Hold,
    MeetingState,
    Number,
    PairRow,
    Status,
    Verdict,
)
from automation.core.roll import Guest, Presence, Roll, RollRow
from automation.core.summary import (
    OTHER,
    list_comments,
    make_summary,
    name_column,
    name_row,
    name_table,
    rate,
    tell_figure,
    tell_trend,
)
from automation.core.text import fold
from tests.summaries import (
    NOW,
    RULES,
    THEMES,
    enrolment,
    meeting,
    programme,
    programmes,
    roll,
)
from tests.world import POST, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from automation.core.model import Enrolment
    from automation.core.snapshot import Snapshot
    from automation.core.summary import Figure, Table


def cells(table: Table) -> dict[str, tuple[Figure, ...]]:
    return {row.key: row.figures for row in table.rows}


def registered(of: Snapshot) -> list[Enrolment]:
    return [e for e in of.register if e.status.value not in {"merged", "erased"}]


def presences(of: Snapshot) -> dict[int, list[Presence]]:
    """Return what every roll tells of each enrolment, read line by line."""
    everyone = {e.number: e for e in of.register}
    told: defaultdict[int, list[Presence]] = defaultdict(list)
    for one in read_attendances(of):
        for number, presence in one.presences.items():
            told[staying(number, everyone)].append(presence)
    return told


def people(of: Iterable[Enrolment]) -> int:
    return len({e.person for e in of})


@settings(max_examples=40, deadline=None)
@given(before=programmes())
def test_the_funnel_is_what_a_walk_through_the_register_finds(before: Snapshot) -> None:
    told = presences(before)
    asked = {fold(cohort.code): cohort.attestation_at for cohort in before.cohorts}

    funnel = {
        key: figure for key, (figure,) in cells(make_summary(before, RULES, NOW).funnel).items()
    }

    def came(one: Enrolment) -> int:
        return told[one.number].count(Presence.PRESENT)

    every = registered(before)
    faithful = [
        e for e in every if (k := asked.get(fold(e.cohort))) is not None and came(e) >= max(k, 1)
    ]
    seated = [e for e in every if e.status is Status.CONFIRMED or told[e.number]]
    assert funnel["answers"] == len(before.register)
    assert funnel["persons"] == people(every)
    assert funnel["seated"] == people(seated)
    assert funnel["came"] in {None, people(e for e in every if came(e))}
    assert funnel["attested"] in {None, people(faithful)}
    if not make_summary(before, RULES, NOW).meetings.rows:
        assert funnel["came"] is None


@settings(max_examples=40, deadline=None)
@given(before=programmes())
def test_each_person_is_counted_once_in_each_cohort(before: Snapshot) -> None:
    summary = make_summary(before, RULES, NOW)

    for cohort in before.cohorts:
        members = [e for e in registered(before) if fold(e.cohort) == fold(cohort.code)]
        confirmed = {e.person for e in members if e.status is Status.CONFIRMED}
        offered = {e.person for e in members if e.status is Status.OFFERED} - confirmed
        waiting = {e.person for e in members if e.status is Status.WAITING}
        waiting -= confirmed | offered
        assert summary.cohorts.figure(cohort.code, "places") == cohort.places
        assert summary.cohorts.figure(cohort.code, "confirmed") == len(confirmed)
        assert summary.cohorts.figure(cohort.code, "offered") == len(offered)
        assert summary.cohorts.figure(cohort.code, "waiting") == len(waiting)
        assert summary.comparison.figure(cohort.code, "enrolled") == people(members)


@settings(max_examples=30, deadline=None)
@given(before=programmes())
def test_meetings_and_themes_are_what_their_rolls_tell(before: Snapshot) -> None:
    summary = make_summary(before, RULES, NOW)

    by_theme: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    rows = cells(summary.meetings)
    for told in read_attendances(before):
        if not told.told:
            assert str(told.meeting.number) not in rows
            continue
        expected, present, excused, absent, unknown, guests = _whole(
            rows.pop(str(told.meeting.number))
        )
        marks = list(told.presences.values())
        assert present == sum(mark is Presence.PRESENT for mark in marks)
        assert absent == sum(mark is Presence.ABSENT for mark in marks)
        assert [excused, unknown] == [
            sum(mark is of for mark in marks) for of in (Presence.EXCUSED, Presence.UNKNOWN)
        ]
        assert (expected, guests) == (told.expected, len(told.guests))
        if told.meeting.theme:
            sums = by_theme[fold(told.meeting.theme)]
            sums[:] = [a + b for a, b in zip(sums, (1, expected, present), strict=True)]
    assert rows == {}
    assert {k: list(v[:3]) for k, v in cells(summary.themes).items()} == by_theme


def _whole(figures: Iterable[Figure]) -> list[int]:
    return [figure for figure in figures if isinstance(figure, int)]


@settings(max_examples=30, deadline=None)
@given(before=programmes())
def test_loyalty_sorts_everybody_who_came(before: Snapshot) -> None:
    told = presences(before)
    by_person: defaultdict[int, list[Presence]] = defaultdict(list)
    for one in registered(before):
        by_person[one.person] += [p for p in told[one.number] if p is not Presence.UNKNOWN]

    loyalty = cells(make_summary(before, RULES, NOW).loyalty)

    shares = [
        marks.count(Presence.PRESENT) / len(marks)
        for marks in by_person.values()
        if Presence.PRESENT in marks
    ]
    assert loyalty["all"] == (sum(share == 1 for share in shares),)
    assert loyalty["few"] == (sum(share < 0.6666 for share in shares),)
    assert sum(figure for (figure,) in loyalty.values() if isinstance(figure, int)) == len(shares)


@settings(max_examples=30, deadline=None)
@given(before=programmes())
def test_weeks_are_those_of_each_first_registration(before: Snapshot) -> None:
    weeks = cells(make_summary(before, RULES, NOW).weeks)

    first: dict[int, datetime] = {}
    for one in registered(before):
        assert one.registered_at is not None
        first[one.person] = min(first.get(one.person, one.registered_at), one.registered_at)
    counted = Counter(f"{at.astimezone(ZONE):%G-W%V}" for at in first.values())
    assert {week: n for week, (n,) in weeks.items() if n} == counted


@settings(max_examples=30, deadline=None)
@given(before=programmes())
def test_needs_are_each_persons_latest_words(before: Snapshot) -> None:
    tables = {table.key: table for table in make_summary(before, RULES, NOW).needs}

    def latest(at: int) -> dict[int, str]:
        found: dict[int, str] = {}
        for one in sorted(registered(before), key=lambda e: e.number):
            if one.extra[at]:
                found[one.person] = one.extra[at]
        return found

    trades = Counter(trade.lower() for trade in latest(0).values())
    assert {k: n for k, (n,) in cells(tables["needs.trade"]).items()} == trades
    themes = tables["needs.themes"]
    for theme in THEMES:
        assert themes.figure(fold(theme), "people") == sum(
            theme in answer for answer in latest(2).values()
        )
    others = sum("Autre chose" in answer for answer in latest(2).values())
    assert (themes.figure(OTHER, "people") or 0) == others
    assert themes.base == len(latest(2))
    assert [*tables] == ["needs.trade", "needs.themes", "needs.municipality"]


def test_the_order_of_the_register_changes_nothing() -> None:
    ranks = [enrolment(n, person=Number(1 + n % 4), extra=(f"m{n}", "", "")) for n in range(1, 9)]

    plain = make_summary(programme(ranks), RULES, NOW)
    turned = make_summary(programme(ranks[::-1]), RULES, NOW)

    assert plain == turned


def test_weeks_begin_on_monday_in_the_zone_of_the_spreadsheet_and_have_no_gaps() -> None:
    sunday_evening = datetime(2022, 12, 5, 2, tzinfo=UTC)  # still the 4th in Québec
    late = datetime(2023, 1, 2, 15, tzinfo=UTC)
    before = programme(
        [enrolment(1, registered_at=sunday_evening), enrolment(2, registered_at=late)]
    )

    weeks = make_summary(before, RULES, NOW).weeks

    assert [row.key for row in weeks.rows] == [
        *("2022-W48", "2022-W49", "2022-W50", "2022-W51", "2022-W52", "2023-W01")
    ]
    assert weeks.rows[0].day == date(2022, 11, 28)
    assert weeks.column("people") == (1, 0, 0, 0, 0, 1)


def test_a_date_gone_wrong_does_not_make_a_thousand_weeks() -> None:
    old = datetime(1980, 1, 1, tzinfo=UTC)

    weeks = make_summary(
        programme([enrolment(1, registered_at=old), enrolment(2)]), RULES, NOW
    ).weeks

    assert len(weeks.rows) == 2


def test_a_registration_without_a_date_counts_in_no_week() -> None:
    summary = make_summary(programme([enrolment(1, registered_at=None)]), RULES, NOW)

    assert summary.weeks.rows == ()
    assert summary.funnel.figure("persons", "people") == 1


def test_a_merged_enrolment_counts_with_the_one_that_stays() -> None:
    merged = enrolment(2, person=Number(1), status=Status.MERGED, merged_into=Number(1))
    before = programme([enrolment(1), merged], [roll(1, [2]), roll(2, [1])])

    summary = make_summary(before, RULES, NOW)

    assert [figure for (figure,) in cells(summary.funnel).values()] == [2, 1, 1, 1, 1]
    assert summary.loyalty.figure("all", "people") == 1


def test_today_tells_what_awaits_the_committee() -> None:
    people_now = [
        enrolment(1, status=Status.TO_REVIEW),
        enrolment(2, decision_text="annulé"),
        enrolment(3, status=Status.WAITING, hold=Hold.UNREACHABLE, email="", phone="418"),
        enrolment(4, status=Status.WAITING, email="", phone="418 555-0101"),
        enrolment(5, status=Status.WITHDRAWN, email="", phone="418 555-0101"),
    ]
    rolls = [roll(1, [], [2]), roll(2, [1], [2]), roll(3, [], called=False)]
    cohorts = [Cohort(code="C1", row=2, places=0), Cohort(code="C2", row=3)]
    pairs = (
        PairRow(a=Number(1), b=Number(2)),
        PairRow(a=Number(1), b=Number(3), verdict=Verdict.SAME, settled=1),
    )
    before = programme(people_now, rolls, cohorts=cohorts, pair_rows=pairs)

    today = make_summary(before, RULES, NOW).today

    assert {key: n for key, (n,) in cells(today).items()} == {
        "to_review": 1,
        "odd_decisions": 1,
        "duplicates": 1,
        "calls": 1,
        "to_phone": 1,
        "uncalled": 1,
        "absent_twice": 1,
        "over_cap": 1,
        "erasures": 0,
    }


@pytest.mark.parametrize(
    ("mail", "email", "calls"),
    [(True, "a@exemple.test", 0), (True, "", 1), (False, "a@exemple.test", 1)],
)
def test_an_offer_that_no_mail_can_tell_is_a_call_to_make(
    mail: bool, email: str, calls: int
) -> None:
    before = programme([enrolment(1, status=Status.OFFERED, email=email)])

    today = make_summary(before, replace(RULES, post=POST if mail else None), NOW).today

    assert today.figure("calls", "count") == calls


def test_who_came_is_not_asked_of_a_cohort_that_has_not_met() -> None:
    cohorts = [Cohort(code="C1", row=2, attestation_at=2), Cohort(code="C2", row=3)]
    before = programme([enrolment(1), enrolment(2, cohort="C2")], cohorts=cohorts)

    summary = make_summary(before, RULES, NOW)

    assert cells(summary.comparison)["C1"] == (1, 1, None, None, 2)
    assert summary.funnel.figure("came", "people") is None


def test_a_cancelled_meeting_tells_nothing() -> None:
    held = [meeting(1, state=MeetingState.CANCELLED)]

    summary = make_summary(programme([enrolment(1)], [roll(1, [1])], held), RULES, NOW)

    assert summary.meetings.rows == ()


def test_a_guest_known_by_name_is_present_and_another_is_a_guest() -> None:
    names = (Guest(name="ROY Ève", present=True), Guest(name="Une Amie", present=True))
    called = Roll(meeting=1, title="", called=True, rows=(), guests=names)
    before = programme([enrolment(1, "Ève Roy", status=Status.WAITING)], [called])

    summary = make_summary(before, RULES, NOW)

    assert cells(summary.meetings) == {"1": (0, 1, 0, 0, 0, 1)}
    assert summary.comparison.figure("C1", "came") == 1


def test_the_trend_is_the_slope_of_the_shares_of_meetings_told_in_full() -> None:
    everybody = range(1, 11)
    torn = Roll(meeting=4, title="", called=True, rows=(RollRow(number=Number(1), torn=True),))
    rolls = [roll(n, range(1, 11 - n), everybody) for n in (1, 2, 3)]
    before = programme([enrolment(n) for n in everybody], [*rolls, torn])

    (trend,) = make_summary(before, RULES, NOW).trends

    assert (trend.cohort, trend.meetings, trend.points) == ("C1", 3, -10.0)
    assert tell_trend(trend, "fr").startswith("Tendance des présences, C1\u00a0: −10,0")


def test_two_meetings_make_no_trend() -> None:
    before = programme([enrolment(1)], [roll(1, [1]), roll(2, [], [1])])

    assert make_summary(before, RULES, NOW).trends == ()


def test_a_municipality_is_one_however_it_is_spelt_and_has_its_reach() -> None:
    towns = ["St-Aubert", "Saint-Aubert", "saint aubert", "Ste-Louise", ""]
    before = programme([enrolment(n, municipality=t) for n, t in enumerate(towns, start=1)])

    summary = make_summary(before, RULES, NOW, {"Saint-Aubert": 30, "Tourville": 12})

    towns_table = summary.needs[-1]
    assert [(row.label, *row.figures) for row in towns_table.rows] == [
        ("Saint-Aubert", 3, 30),
        ("Ste-Louise", 1, None),
        ("Tourville", 0, 12),
    ]
    assert (towns_table.base, summary.reach) == (4, 42)
    assert rate(*towns_table.rows[0].figures[:2]) == 0.1


def test_a_single_figure_is_the_reach_of_the_whole_programme() -> None:
    assert make_summary(programme([]), RULES, NOW, 120).reach == 120
    assert make_summary(programme([]), RULES, NOW).reach is None


def test_an_option_of_which_each_ticked_one_makes_a_question_of_one_choice() -> None:
    one = programme([enrolment(n, extra=("", "", THEMES[n % 2])) for n in range(4)])
    two = programme([enrolment(1, extra=("", "", " ; ".join(THEMES[:2])))])

    assert make_summary(one, RULES, NOW).needs[1].exclusive
    assert not make_summary(two, RULES, NOW).needs[1].exclusive


def test_comments_come_by_question_with_the_words_most_people_used() -> None:
    texts = [
        "Briser l’isolement du télétravail",
        "ISOLEMENT!",
        "isolement, isolement et réseau",
        "Un réseau",
        "Reseau de pairs",
        "",
    ]
    before = programme([enrolment(n, extra=("Métier", t, "")) for n, t in enumerate(texts, 1)])

    (comments,) = list_comments(before, RULES)

    assert (comments.key, comments.question) == ("hopes", "Attentes")
    assert [(c.number, c.text) for c in comments.comments] == list(enumerate(texts[:5], 1))
    assert comments.words == (("isolement", 3), ("réseau", 3))


def test_only_the_latest_comment_of_a_person_is_quoted_and_none_of_who_is_gone() -> None:
    before = programme(
        [
            enrolment(1, extra=("", "Avant", "")),
            enrolment(2, person=Number(1), extra=("", "Après", "")),
            enrolment(3, extra=("", "Effacé", ""), status=Status.ERASED),
        ]
    )

    (comments,) = list_comments(before, RULES)

    assert [(c.number, c.text) for c in comments.comments] == [(2, "Après")]


def test_a_small_programme_in_words() -> None:
    everybody = [
        enrolment(n, municipality="L’Islet", extra=("Photographe", "", THEMES[0]))
        for n in range(1, 5)
    ]
    everybody[3] = replace(everybody[3], status=Status.WAITING)
    before = programme(everybody, [roll(1, [1, 2], [3]), roll(2, [1], [2, 3])])

    summary = make_summary(before, RULES, NOW, 120)

    told = [
        f"{name_table(table, 'fr')} | {name_row(table, row, 'fr')} | "
        + ", ".join(
            f"{name_column(column, 'fr')} {tell_figure(figure, 'fr')}"
            for column, figure in zip(table.columns, row.figures, strict=True)
            if figure
        )
        for table in summary.tables
        if table.key != "today"
        for row in table.rows
        if any(row.figures)
    ]
    assert [line.replace("\u00a0", " ") for line in told] == GOLDEN


GOLDEN = [
    "Places par cohorte | C1 | Places 12, Confirmées 3, En attente 1",
    "Inscriptions par semaine | Semaine du 21 novembre 2022 | Personnes 4",
    "De la réponse à l’attestation | Réponses reçues | Personnes 4",
    "De la réponse à l’attestation | Personnes inscrites | Personnes 4",
    "De la réponse à l’attestation | Ont eu une place | Personnes 3",
    "De la réponse à l’attestation | Sont venues au moins une fois | Personnes 2",
    "De la réponse à l’attestation | Ont mérité l’attestation | Personnes 1",
    "Les cohortes côte à côte | C1 | Inscrites 4, Ont eu une place 3, Venues 2, Attestations 1, Présences demandées 2",
    "Présences par rencontre | C1 – 16 janvier 2023 – Réseau, partenaires | Attendues 3, Présentes 2, Absentes 1",
    "Présences par rencontre | C1 – 30 janvier 2023 – Équilibre | Attendues 3, Présentes 1, Absentes 2",
    "Présences par thème | Réseau, partenaires | Rencontres 1, Attendues 3, Présentes 2, Absentes 1",
    "Présences par thème | Équilibre | Rencontres 1, Attendues 3, Présentes 1, Absentes 2",
    "Assiduité de celles et ceux qui sont venus | À toutes les rencontres | Personnes 1",
    "Assiduité de celles et ceux qui sont venus | À moins des deux tiers | Personnes 1",
    "Métier | Photographe | Personnes 4",
    "Thèmes | Solitude | Personnes 4",
    "Municipalités | L’Islet | Personnes 4",
]
