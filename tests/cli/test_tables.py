"""Tabs at a terminal: what people read of them, in the width there is."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console

from automation.cli.tables import tab_table
from automation.workbook.layout import (
    HANDLED,
    JOURNAL,
    MEETINGS,
    Tab,
    enrolment_tab,
)

if TYPE_CHECKING:
    from automation.workbook.view import Value

_ENROLMENT: dict[str, Value] = {
    "number": 19,
    "first_name": "Karine",
    "last_name": "Saint-Pierre",
    "cohort": "C1",
    "status": "waiting",
    "rank": 1,
    "reason": "Le groupe est complet.",
    "alerts": "À joindre par téléphone.",
}


def shown(tab: Tab, *rows: dict[str, Value], width: int = 80, language: str = "fr") -> list[str]:
    out = StringIO()
    Console(file=out, width=width).print(tab_table(tab, rows, language, width=width))
    return [re.sub(r"\s+", " ", line).strip() for line in out.getvalue().splitlines()]


def test_in_little_room_the_reason_goes_below_the_status() -> None:
    lines = shown(enrolment_tab(), _ENROLMENT)

    assert lines == [
        "Inscriptions",
        "N° Nom Cohorte Statut / Motif",
        "19 Karine Saint-Pierre C1 Liste d’attente (1)",
        "Le groupe est complet.",
        "À joindre par téléphone.",
    ]


def test_with_room_the_reason_has_its_own_column() -> None:
    lines = shown(enrolment_tab(), _ENROLMENT, width=110)

    assert lines[1:3] == [
        "N° Nom Cohorte Statut Motif",
        "19 Karine Saint-Pierre C1 Liste d’attente (1) Le groupe est complet.",
    ]


def test_a_meeting_that_takes_place_as_planned_does_not_say_so() -> None:
    planned: dict[str, Value] = {"number": 1, "theme": "La solitude", "state": "planned"}
    cancelled: dict[str, Value] = {"number": 2, "theme": "Les limites", "state": "cancelled"}

    assert "prévue" not in " ".join(shown(MEETINGS, planned))
    assert "annulée" in " ".join(shown(MEETINGS, planned, cancelled))


def test_the_journal_tells_changes_in_words_and_no_ids() -> None:
    made: dict[str, Value] = {"event": "made", "reason": "1TYU96VyO5y2X8vKsST2", "to": None}
    moved: dict[str, Value] = {
        "number": 3,
        "event": "transition",
        "from": "offered",
        "to": "confirmed",
        "reason": "Accepté.",
    }

    lines = shown(JOURNAL, made, moved, width=120)

    assert lines[1:] == [
        "N° Changement Motif",
        "classeur préparé",
        "3 Place offerte → Confirmé·e Accepté.",
    ]


def test_handled_answers_are_told_without_their_keys() -> None:
    row: dict[str, Value] = {
        "key": "0.1467d095260a3084",
        "number": 1,
        "state": "replaced",
        "handled_at": "2022-11-23T02:00:00-05:00",
    }

    french, english = shown(HANDLED, row), shown(HANDLED, row, language="en")

    assert french[1:] == [
        "N° État Depuis le",
        "1 remplacée par une plus récente 2022-11-23 02:00",
    ]
    assert english[1:] == ["No. State Since", "1 replaced by a later one 2022-11-23 02:00"]
