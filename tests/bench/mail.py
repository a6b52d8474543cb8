"""How many messages a second, beside the mail merge that PyPI knows best.

Ours carry text, HTML and an invitation, and end as octets; mailmerge renders the same text and
HTML from a template of its own, in the same process and in turns, without an invitation.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mailmerge.template_message import TemplateMessage  # type: ignore[import-untyped]
from msgspec import Struct
from msgspec.structs import asdict, replace

from automation.core.letters import Template, ToPerson
from automation.core.rules import Language
from automation.mail.compose import compose
from automation.mail.samples import SAMPLE_OFFICE, sample_letter
from automation.mail.templates import Templates
from tests.bench.registrations import make_registrations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.letters import Letter

_TURNS = 10
_ONE_IN = 5
_COHORTS = 20
_MARKS = {"first_name": "Qzname", "cohort": "Qzcohort", "reference": "Qzreference"}
_PLACE = "https://docs.google.com/forms/d/e/1/viewform?usp=pp_url&entry.123=%s"


class Figures(Struct):
    """What was measured.

    Attributes:
        a_second: Our messages in a second of processor.
        merged_a_second: Those of mailmerge, as `email` objects.
        written_a_second: Those of mailmerge, written as octets too, as ours are.
        size: Octets of one of ours.
    """

    messages: int
    a_second: float = 0.0
    merged_a_second: float = 0.0
    written_a_second: float = 0.0
    size: int = 0


def measure(count: int) -> Figures:
    """Return the figures of writing to so many people."""
    letters = _make_letters(count)
    figures, templates = Figures(messages=count), Templates()
    with tempfile.TemporaryDirectory() as folder:
        merge = TemplateMessage(_make_merge_template(Path(folder), templates))
    ours = merged = written = 0.0
    others = 0
    for turn in range(_TURNS):
        start = time.process_time()
        for letter in letters[turn::_TURNS]:
            figures.size = len(compose(letter, SAMPLE_OFFICE, templates).content)
        ours += time.process_time() - start
        some = letters[turn :: _TURNS * _ONE_IN]
        others += len(some)
        rendering, writing = _merge(merge, some)
        merged += rendering
        written += rendering + writing
    figures.a_second = round(count / ours)
    figures.merged_a_second = round(others / merged)
    figures.written_a_second = round(others / written)
    return figures


def _merge(merge: TemplateMessage, letters: Sequence[Letter]) -> tuple[float, float]:
    """Return the seconds for rendering these letters, and for writing them as octets."""
    rows = [_tell_row(letter) for letter in letters]
    start = time.process_time()
    messages = [merge.render(row)[2] for row in rows]
    rendered = time.process_time()
    for message in messages:
        message.as_bytes()
    return rendered - start, time.process_time() - rendered


def _make_letters(count: int) -> list[Letter]:
    letters = []
    base = sample_letter(Template.CONFIRMATION, Language.FRENCH)
    assert isinstance(base.details, ToPerson)
    for number, row in enumerate(make_registrations(count, cohorts=_COHORTS), start=1):
        cohort = number % _COHORTS
        meetings = tuple(
            replace(meeting, number=cohort * 10 + meeting.number)
            for meeting in base.details.meetings
            if meeting.number is not None
        )
        details = replace(
            base.details,
            first_name=str(row[1]),
            number=number,
            cohort=f"Cohorte {cohort}",
            meetings=meetings,
            place_link=_PLACE % f"{number}-4-AB2CD3EF4G",
        )
        letters.append(
            replace(
                base,
                key=f"{number:032x}",
                address=str(row[3]),
                name=f"{row[1]} {row[2]}",
                reference=f"C{cohort}-{number}-3F2A",
                details=details,
            )
        )
    return letters


def _tell_row(letter: Letter) -> dict[str, str]:
    """Return a letter as mailmerge's table would give it."""
    assert isinstance(letter.details, ToPerson)
    return {
        "first_name": letter.details.first_name,
        "cohort": letter.details.cohort,
        "reference": letter.reference,
        "place_link": letter.details.place_link,
        "name": letter.name,
        "email": letter.address,
    }


def _make_merge_template(folder: Path, templates: Templates) -> Path:
    """Write the same text and HTML as a template of mailmerge's, its own variables in them."""
    base = sample_letter(Template.CONFIRMATION, Language.FRENCH)
    assert isinstance(base.details, ToPerson)
    link = "https://qz.example/link"
    details = replace(
        base.details, first_name=_MARKS["first_name"], cohort=_MARKS["cohort"], place_link=link
    )
    marked = replace(base, reference=_MARKS["reference"], details=details)
    rendered = templates.render(marked, SAMPLE_OFFICE)
    text, html = rendered.text, rendered.html
    for name, mark in {**_MARKS, "place_link": link}.items():
        text, html = (part.replace(mark, f"{{{{ {name} }}}}") for part in (text, html))
    path = folder / "mailmerge_template.txt"
    path.write_text(
        "TO: {{ name }} <{{ email }}>\n"
        "SUBJECT: Votre place est confirmée : {{ cohort }}\n"
        f"FROM: {SAMPLE_OFFICE.sender.name} <{SAMPLE_OFFICE.sender.address}>\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="boundary"\n'
        f'\n--boundary\nContent-Type: text/plain; charset="utf-8"\n\n{text}\n'
        f'\n--boundary\nContent-Type: text/html; charset="utf-8"\n\n{html}\n'
        "\n--boundary--\n",
        encoding="utf-8",
    )
    return path


if __name__ == "__main__":
    json.dump(asdict(measure(int(sys.argv[1]))), sys.stdout)
