"""The demo's files agree with one another and with the first cohort as it was."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from automation.config import Config, load_config
from automation.core.responses import split_choices
from automation.core.text import fold
from automation.demo.story import Decide, Delete, Edit, Reply, Set, Story, load_story
from automation.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Iterator

MUNICIPALITIES = {
    "L’Islet",
    "Saint-Adalbert",
    "Saint-Aubert",
    "Saint-Cyrille-de-Lessard",
    "Saint-Damase-de-L’Islet",
    "Sainte-Félicité",
    "Sainte-Louise",
    "Sainte-Perpétue",
    "Saint-Jean-Port-Joli",
    "Saint-Marcel",
    "Saint-Omer",
    "Saint-Pamphile",
    "Saint-Roch-des-Aulnaies",
    "Tourville",
}
RESERVED_DOMAINS = re.compile(r"@([\w-]+\.)*(example|example\.(com|net|org))$", re.IGNORECASE)
FICTIONAL_PHONE = re.compile(r"1?41855501\d\d(23)?")


def read(name: str) -> list[dict[str, str]]:
    path = data_path("config", "demo", name)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stamp(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(row["Horodateur"])


def answer_to(row: dict[str, str], question: str | None) -> str:
    """Return the answer under a header, compared as the intake compares headers."""
    (answer,) = (value for header, value in row.items() if fold(header) == fold(question or ""))
    return answer


@pytest.fixture(name="config", scope="module")
def fixture_config() -> Config:
    env = {"COHORTE_MA_PLACE_SECRET": "un secret d’essai"}
    return load_config(data_path("config", "demo.toml"), env)


@pytest.fixture(name="story", scope="module")
def fixture_story() -> Story:
    return load_story(data_path("config", "demo", "story.toml"))


@pytest.fixture(name="answers", scope="module")
def fixture_answers() -> list[dict[str, str]]:
    return [row for row in read("responses.csv") if any(row.values())]


def spring(answers: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    return (row for row in answers if stamp(row) < datetime(2023, 3, 28))  # noqa: DTZ001


def test_the_first_cohort_has_twelve_places_and_six_monday_evenings() -> None:
    first, second = read("cohorts.csv")
    evenings = [row for row in read("meetings.csv") if row["Cohorte"] == "C1"]
    days = [date.fromisoformat(row["Date"]) for row in evenings]

    assert (first["Code"], first["Places"], first["Promotion"]) == ("C1", "12", "offre")
    assert (second["Code"], second["Suite de"]) == ("C2", "C1")
    assert (days[0], days[-1], len(days)) == (date(2023, 1, 16), date(2023, 3, 27), 6)
    assert {day.weekday() for day in days} == {0}
    assert evenings[-1]["Thème"] == "Soirée de clôture"


def test_every_meeting_is_of_a_cohort_and_on_a_monday() -> None:
    codes = {row["Code"] for row in read("cohorts.csv")}

    assert {row["Cohorte"] for row in read("meetings.csv")} == codes
    assert {date.fromisoformat(row["Date"]).weekday() for row in read("meetings.csv")} == {0}


def test_more_people_answer_than_there_are_places(answers: list[dict[str, str]]) -> None:
    first = list(spring(answers))

    assert len(first) == 20
    assert len(answers) - len(first) == 9
    assert len(read("responses.csv")) == len(answers) + 1, "a blank row is among them"


def test_answers_come_in_order_and_while_a_cohort_is_open(answers: list[dict[str, str]]) -> None:
    stamps = [stamp(row) for row in answers]
    periods = [
        (datetime.fromisoformat(row["Ouverture"]), datetime.fromisoformat(row["Clôture"]))
        for row in read("cohorts.csv")
    ]

    assert stamps == sorted(set(stamps))
    assert all(any(opens < at < closes for opens, closes in periods) for at in stamps)


def test_every_question_of_the_configuration_is_a_header(config: Config) -> None:
    headers = {fold(header) for header in read("responses.csv")[0]}
    fields = config.rules.fields
    asked = {fields.first_name, fields.last_name, fields.email, fields.phone, fields.consent}
    asked |= {fields.municipality, *(extra.question for extra in fields.extra)}

    assert {fold(question or "") for question in asked} | {"horodateur"} == headers


def test_everybody_lives_in_the_county(config: Config, answers: list[dict[str, str]]) -> None:
    known = {fold(name) for name in MUNICIPALITIES}
    written = [fold(answer_to(row, config.fields.municipality)) for row in answers]

    assert len(known) == 14
    assert {re.sub(r"^st\b", "saint", place) for place in written} <= known


def test_every_choice_is_an_option(config: Config, answers: list[dict[str, str]]) -> None:
    for choice in config.fields.choices.values():
        picked = [split_choices(answer_to(row, choice.question), choice.options) for row in answers]

        assert all(picked)
        assert {option for options in picked for option in options} <= set(choice.options)
    assert all(", " in option for option in config.fields.choices["themes"].options[::2])


def test_nobody_real_can_be_reached(config: Config, answers: list[dict[str, str]]) -> None:
    emails = [answer_to(row, config.fields.email) for row in answers]
    phones = [re.sub(r"\D", "", answer_to(row, config.fields.phone)) for row in answers]

    assert all(RESERVED_DOMAINS.search(email) for email in emails if email)
    assert all(FICTIONAL_PHONE.fullmatch(phone) for phone in phones)


def test_the_troubles_of_real_life_are_there(answers: list[dict[str, str]]) -> None:
    spoken = Counter(
        tuple(value for key, value in row.items() if key != "Horodateur") for row in answers
    )
    addresses = Counter(
        row["Adresse courriel"]
        for row in {(row["Adresse courriel"], row["Prénom"]): row for row in answers}.values()
    )
    phones = [row["Téléphone (cellulaire de préférence)"] for row in answers]
    hopes = [row["Qu’espérez-vous de ces rencontres?"] for row in answers]

    assert max(spoken.values()) == 2, "one answer was sent twice"
    assert addresses["fermeduvieuxquai@example.org"] == 2, "a couple shares an address"
    assert "" in addresses, "somebody has no e-mail"
    assert any("poste" in phone for phone in phones)
    assert "4185550123" in phones, "Sheets took a phone for a number"
    assert any("\n" in hope and "🏺" in hope for hope in hopes)
    assert any(row["Prénom"].isupper() for row in answers)
    assert any("\n" in header and "  " in header for header in answers[0])


def test_every_act_is_about_something_that_is_there_by_then(
    story: Story, answers: list[dict[str, str]]
) -> None:
    stamps = {stamp(row): row for row in answers}

    for act in story.act:
        match act:
            case Decide() | Reply():
                name = f"{act.first_name} {act.last_name}"
                assert answered_before_a_night(name, act.at, story, answers), act.say
            case Edit():
                row = stamps.pop(act.answer)
                assert act.answer < act.new_timestamp == act.at
                assert set(act.changes) <= set(row)
                stamps[act.new_timestamp] = row
            case Delete():
                assert act.answer < act.at
                del stamps[act.answer]
            case Set(tab="Inscriptions"):
                assert act.column == "Offert par téléphone le"
                assert answered_before_a_night(
                    f"{act.where['Prénom']} {act.where['Nom']}", act.at, story, answers
                )
            case Set(tab="Doublons"):
                assert act.column == "Verdict"
                assert answered_before_a_night(str(act.where["Nom A"]), act.at, story, answers)
            case Set():
                (found,) = (row for row in read("cohorts.csv") if act.where.items() <= row.items())
                assert act.tab == "Cohortes"
                assert found[act.column] != str(act.value)


def answered_before_a_night(
    name: str, at: datetime, story: Story, answers: list[dict[str, str]]
) -> bool:
    """Whether the person answered, and a night passed, before the organiser did something."""
    answered = [
        stamp(row)
        for row in answers
        if fold(f"{row['Prénom']} {row['Nom de famille']}") == fold(name)
    ]
    return any(answered_at < night.at < at for answered_at in answered for night in story.night)


def test_the_story_has_calm_nights_and_ends_after_the_last_act(
    story: Story, answers: list[dict[str, str]]
) -> None:
    nights = [night.at for night in story.night]
    events = [act.at for act in story.act] + [stamp(row) for row in answers]
    calm = [
        later
        for earlier, later in itertools.pairwise(nights)
        if not any(earlier < at <= later for at in events)
    ]

    assert 12 <= len(nights) <= 30
    # Nothing happens before these but the calendar: two of them make an attendance tab.
    quiet = ["2023-01-24 02:00:00", "2023-01-30 02:00:00", "2023-02-13 02:00:00"]
    assert list(map(str, calm)) == quiet
    assert nights[0] > min(events)
    assert nights[-1] > max(events)


def test_the_story_reads_its_own_files(story: Story) -> None:
    for name in (story.cohorts, story.meetings, story.answers):
        assert data_path("config", "demo", name).is_file()
