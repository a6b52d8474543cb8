"""Letters to nobody, for trying out templates: one as they come, and one of all that is awkward."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from automation.core.letters import (
    DETAILS,
    Attachment,
    Letter,
    Section,
    Template,
    ToCommittee,
    ToMaintainer,
    ToPerson,
)
from automation.core.model import Meeting
from automation.mail.addresses import Mailbox
from automation.mail.office import Office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.core.letters import Details
    from automation.core.rules import Language

SAMPLE_OFFICE: Final = Office(
    sender=Mailbox("Le comité du Rendez-vous", "comite@example.org"),
    contact=Mailbox("", "bonjour@example.org"),
    postal_address="100, rue Principale, Saint-Exemple (Québec)  G0R 0A0",
    programme="Le rendez-vous des travailleurs autonomes",
    organisations=("Maison de la famille", "Carrefour jeunesse-emploi"),
    unsubscribe=Mailbox("", "nouvelles@example.org"),
    zone=ZoneInfo("America/Toronto"),
    workbook="sample",
)

_WRITTEN_AT: Final = datetime(2023, 1, 5, 7, 0, tzinfo=UTC)
_MEETING: Final = Meeting(
    row=2,
    number=1,
    cohort="C1",
    day=date(2023, 1, 16),
    start=time(18, 30),
    end=time(21, 0),
    theme="Briser la solitude",
    place="Salle communautaire, Saint-Jean-Port-Joli",
    host="Lise Gaudreau",
)
_NEXT: Final = replace(
    _MEETING,
    row=3,
    number=2,
    day=date(2023, 1, 30),
    theme="Saisir les occasions",
    place="Centre des loisirs, L’Islet",
)
_LINK: Final = "https://docs.google.com/forms/d/e/1Exemple/viewform?usp=pp_url&entry.123=17-4-AB2C"
_PERSON: Final = ToPerson(
    first_name="Hélène",
    number=17,
    cohort="Cohorte de l’hiver 2023",
    rank=3,
    deadline=datetime(2023, 1, 8, 7, 0, tzinfo=UTC),
    meeting=_MEETING,
    previous=replace(_MEETING, day=date(2023, 1, 15), place="Bibliothèque, Saint-Aubert"),
    meetings=(_MEETING, _NEXT),
    attended=5,
    held=6,
    opens=datetime(2023, 3, 28, 12, 0, tzinfo=UTC),
    closes=datetime(2023, 9, 9, 4, 0, tzinfo=UTC),
    place_link=_LINK,
    form_link="https://docs.google.com/forms/d/e/2Exemple/viewform",
    survey_link="https://docs.google.com/forms/d/e/3Exemple/viewform",
)
_COMMITTEE: Final = ToCommittee(
    night=date(2023, 1, 5),
    sections=(
        Section(
            title="À vérifier",
            count=2,
            lines=("C1, n°\N{NO-BREAK SPACE}21", "C1, n°\N{NO-BREAK SPACE}24"),
        ),
        Section(title="À joindre par téléphone", count=1, lines=("C1, n°\N{NO-BREAK SPACE}9",)),
    ),
    link="https://docs.google.com/spreadsheets/d/1Exemple/edit",
)
_MAINTAINER: Final = ToMaintainer(
    failed_at=datetime(2023, 1, 5, 7, 0, tzinfo=UTC),
    run="2023-01-05-a1b2",
    error="Google ne répond pas (503).",
    remedy="Rien à faire\N{NO-BREAK SPACE}: la prochaine nuit reprendra.",
)
_PLAIN: Final[dict[type, Details]] = {
    ToPerson: _PERSON,
    ToCommittee: _COMMITTEE,
    ToMaintainer: _MAINTAINER,
}
# Fields without which a letter has nothing to say: awkward people have these too.
_NEEDED: Final = {
    Template.OFFER: ("deadline",),
    Template.LAST_CALL: ("deadline",),
    Template.REMINDER: ("meeting",),
    Template.MOVED: ("meeting",),
    Template.CANCELLED: ("meeting",),
    Template.THANKS: ("meeting",),
    Template.MISSED_YOU: ("meeting",),
}
AWKWARD_NAMES: Final = (
    "<script>alert(1)</script>",
    "**gras** [lien](https://mal.example) `x`",
    "{{ 7 * 7 }}{% raw %}",
    "Ana\u202ebs\r\nBcc: x@example.org",
    "👩‍🌾 Zoé",
    "X" * 10_000,
)
"""First names that must come out as nothing but themselves."""


def sample_letter(template: Template, language: Language) -> Letter:
    """Return a letter in which everything is said, to nobody."""
    details = _PLAIN[DETAILS[template]]
    attested = template is Template.FAREWELL
    if isinstance(details, ToPerson):
        survey = details.survey_link if attested else ""
        to_come = (
            details.meetings[1:] if "meeting" in _NEEDED.get(template, ()) else details.meetings
        )
        details = replace(details, survey_link=survey, meetings=to_come)
    paper = Attachment(name="attestation.pdf", type="application/pdf", content=b"%PDF-1.4")
    return Letter(
        key=f"sample{template.replace('_', '')}{language}",
        template=template,
        language=language,
        written_at=_WRITTEN_AT,
        address="helene@example.org",
        name="Hélène Tremblay",
        reference="C1-17-3F2A",
        details=details,
        attachments=(paper,) if attested else (),
    )


def awkward_letters(template: Template, language: Language) -> Iterator[Letter]:
    """Yield letters in which as little as possible is said, or all that a template may trip on."""
    letter = sample_letter(template, language)
    bare = _bare_details(template)
    yield replace(letter, name="", reference="", details=bare, attachments=())
    if isinstance(letter.details, ToPerson):
        for name in AWKWARD_NAMES:
            details = replace(letter.details, first_name=name, cohort=name, place_link="")
            yield replace(letter, name=name, details=details)


def _bare_details(template: Template) -> Details:
    kind = DETAILS[template]
    if kind is ToCommittee:
        return replace(_COMMITTEE, sections=(), link="")
    if kind is ToMaintainer:
        return replace(_MAINTAINER, remedy="")
    needed = {name: getattr(_PERSON, name) for name in _NEEDED.get(template, ())}
    return ToPerson(number=1, cohort="C1", **needed)
