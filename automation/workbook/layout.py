"""Our tabs and their columns, declared once.

A tab is recognised by its sheet id and a column by its header, in French or English, so that
organisers may rename and move both. To add a column, add a line here; where it is Cohorte's, it
appears in existing workbooks the next night.
"""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from automation.core.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.core.model import Cell
    from automation.core.rules import ExtraField

GUARD_BASE: Final = 710_000_000
"""A guard's metadata id is this plus its revision."""

GUARD_KEY: Final = "cohorte.guard"


class Owner(StrEnum):
    """Whose cells they are."""

    ORGANISER = "organiser"
    COHORTE = "cohorte"
    HIDDEN = "hidden"
    """Cohorte's, and of no interest to organisers."""


class Kind(StrEnum):
    """What a column's cells hold."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DAY = "day"
    TIME = "time"
    MOMENT = "moment"
    """Date and time of day in the spreadsheet's time zone, for people."""
    INSTANT = "instant"
    """ISO 8601 text in UTC, for Cohorte: no hour that comes twice."""
    CHOICE = "choice"
    """A label of a closed set."""
    CODE = "code"
    """An identifier of a closed set, for Cohorte."""
    CHECKBOX = "checkbox"


class Column(Struct, frozen=True, kw_only=True):
    """A column.

    Attributes:
        key: Its name in JSON and in the code.
        width: In pixels.
        choices: The group of labels of a closed set, see `automation.locale.labels`.
        required: Without it a run stops before it writes anything.
        wraps: Whether long text makes the row taller; otherwise it is cut at the cell's edge, so
            that many rows fit a screen.
    """

    key: str
    fr: str
    en: str
    owner: Owner
    kind: Kind = Kind.TEXT
    width: int = 110
    choices: str = ""
    required: bool = False
    wraps: bool = False

    def label(self, language: str) -> str:
        """Return the header."""
        return self.fr if language == "fr" else self.en


class Tab(Struct, frozen=True, kw_only=True):
    """A tab: one row below the header for each of what it holds.

    Attributes:
        brief: Keys of the columns that tell the story in the width of a terminal.
        header: Index of the header row in a new tab, from 0.
        rows: How many rows a new tab has.
        kept: In how many of them, below the header, Cohorte's columns are Cohorte's; None for all.
    """

    key: str
    sheet_id: int
    fr: str
    en: str
    columns: tuple[Column, ...]
    brief: tuple[str, ...]
    hidden: bool = False
    header: int = 0
    rows: int = 1000
    kept: int | None = None

    def title(self, language: str) -> str:
        """Return the title that it is made with."""
        return self.fr if language == "fr" else self.en

    def column(self, key: str) -> Column:
        """Return a column by its key; KeyError for an unknown one."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


def find_columns(tab: Tab, header: Sequence[Cell]) -> dict[str, int]:
    """Return where the tab's columns stand, by key, as indexes from 0; the leftmost wins."""
    places: dict[str, int] = {}
    for index, cell in enumerate(header):
        places.setdefault(fold(str(cell or "")), index)
    found: dict[str, int] = {}
    for column in tab.columns:
        for label in (column.fr, column.en):
            if fold(label) in places:
                found.setdefault(column.key, places[fold(label)])
    return found


def _column(  # noqa: PLR0913, PLR0917 - a column has that many sides
    owner: Owner,
    key: str,
    fr: str,
    en: str,
    kind: Kind = Kind.TEXT,
    width: int = 110,
    *,
    choices: str = "",
    required: bool = False,
    wraps: bool = False,
) -> Column:
    return Column(
        key=key,
        fr=fr,
        en=en,
        owner=owner,
        kind=kind,
        width=width,
        choices=choices,
        required=required,
        wraps=wraps,
    )


_organiser = partial(_column, Owner.ORGANISER)
_cohorte = partial(_column, Owner.COHORTE)


def _hidden(key: str, kind: Kind = Kind.TEXT, fr: str = "", en: str = "") -> Column:
    return _column(Owner.HIDDEN, key, fr or key, en or key, kind, required=True)


COHORTS = Tab(
    key="cohorts",
    sheet_id=7101,
    fr="Cohortes",
    en="Cohorts",
    brief=("code", "name", "places", "confirmed", "offered", "waiting", "free", "alerts"),
    columns=(
        _organiser("code", "Code", "Code", width=80, required=True),
        _organiser("name", "Nom", "Name", width=220),
        _organiser("places", "Places", "Places", Kind.INTEGER, 70, required=True),
        _organiser("waiting_limit", "Liste d’attente max.", "Waiting list max.", Kind.INTEGER, 100),
        _organiser("opens", "Ouverture", "Opens", Kind.MOMENT, 130, required=True),
        _organiser("closes", "Clôture", "Closes", Kind.MOMENT, 130, required=True),
        _organiser("reserved", "Places réservées", "Reserved places", Kind.INTEGER, 90),
        _organiser("reserved_for", "Réservées à", "Reserved for", width=120),
        _organiser("reserved_until", "Réservées jusqu’au", "Reserved until", Kind.DAY, 110),
        _organiser(
            "promotion",
            "Promotion",
            "Promotion",
            Kind.CHOICE,
            110,
            choices="promotion",
            required=True,
        ),
        _organiser("window_hours", "Délai de réponse (h)", "Answer window (h)", Kind.INTEGER, 90),
        _organiser("last_offer", "Dernière offre le", "Last offer on", Kind.DAY, 110),
        _organiser("follows", "Suite de", "Follows", width=80),
        _organiser("attestation_at", "Attestation dès", "Attestation from", Kind.INTEGER, 100),
        _organiser("paused", "Suspendue", "Paused", Kind.CHECKBOX, 90, required=True),
        _cohorte("confirmed", "Confirmées", "Confirmed", Kind.INTEGER, 90),
        _cohorte("offered", "Offertes", "Offered", Kind.INTEGER, 80),
        _cohorte("waiting", "En attente", "Waiting", Kind.INTEGER, 80),
        _cohorte("free", "Libres", "Free", Kind.INTEGER, 70),
        _cohorte("alerts", "Alertes", "Alerts", width=340, wraps=True),
    ),
)

MEETINGS = Tab(
    key="meetings",
    sheet_id=7102,
    fr="Rencontres",
    en="Meetings",
    brief=("number", "cohort", "date", "start", "theme", "place", "state", "expected", "present"),
    columns=(
        _cohorte("number", "N°", "No.", Kind.INTEGER, 50, required=True),
        _organiser("cohort", "Cohorte", "Cohort", width=80, required=True),
        _organiser("date", "Date", "Date", Kind.DAY, 110, required=True),
        _organiser("start", "Début", "Start", Kind.TIME, 70),
        _organiser("end", "Fin", "End", Kind.TIME, 70),
        _organiser("theme", "Thème", "Theme", width=320, wraps=True),
        _organiser("place", "Lieu", "Place", width=260, wraps=True),
        _organiser("host", "Animation", "Host", width=200, wraps=True),
        _organiser("state", "État", "State", Kind.CHOICE, 100, choices="meeting_state"),
        _cohorte("expected", "Attendus", "Expected", Kind.INTEGER, 80),
        _cohorte("present", "Présents", "Present", Kind.INTEGER, 80),
        _cohorte("guests", "Invité·es", "Guests", Kind.INTEGER, 80),
        _hidden("sequence", Kind.INTEGER),
        _hidden("told"),
        _hidden("seal", fr="Sceau", en="Seal"),
    ),
)

_ENROLMENTS = Tab(
    key="enrolments",
    sheet_id=7103,
    fr="Inscriptions",
    en="Enrolments",
    brief=(
        "number",
        "first_name",
        "last_name",
        "cohort",
        "status",
        "rank",
        "reason",
        "alerts",
    ),
    columns=(
        _cohorte("number", "N°", "No.", Kind.INTEGER, 50, required=True),
        _cohorte("person", "Personne", "Person", Kind.INTEGER, 85, required=True),
        _cohorte("first_name", "Prénom", "First name", width=130),
        _cohorte("last_name", "Nom", "Last name", width=150),
        _cohorte("email", "Courriel", "E-mail", width=230),
        _cohorte("phone", "Téléphone", "Phone", width=160),
        _cohorte("municipality", "Municipalité", "Municipality", width=180),
        _cohorte("cohort", "Cohorte", "Cohort", width=80, required=True),
        _cohorte("registered_at", "Inscrit le", "Registered on", Kind.MOMENT, 135),
        _cohorte("status", "Statut", "Status", Kind.CHOICE, 180, choices="status", required=True),
        _cohorte("rank", "Rang", "Rank", Kind.INTEGER, 60),
        _cohorte("reason", "Motif", "Reason", width=380, wraps=True),
        _cohorte("deadline", "Répondre avant", "Answer before", Kind.MOMENT, 135),
        _cohorte("alerts", "Alertes", "Alerts", width=300, wraps=True),
        _organiser(
            "decision",
            "Décision",
            "Decision",
            Kind.CHOICE,
            150,
            choices="decision",
            required=True,
        ),
        _organiser("priority", "Priorité", "Priority", Kind.NUMBER, 80, required=True),
        _organiser("merge_with", "Fusionner avec n°", "Merge with no.", Kind.INTEGER, 110),
        _organiser(
            "offered_by_phone", "Offert par téléphone le", "Offered by phone on", Kind.MOMENT, 150
        ),
        _organiser(
            "communications",
            "Communications",
            "Communications",
            Kind.CHOICE,
            120,
            choices="communications",
        ),
        _organiser("note", "Note", "Note", width=260, wraps=True),
        _hidden("queued_at", Kind.INSTANT),
        _hidden("decision_seen", Kind.CODE, "Décision traitée", "Decision handled"),
        _hidden("call_seen", Kind.INSTANT),
        _hidden("merge_seen", Kind.INTEGER),
        _hidden("hold", Kind.CODE),
        _hidden("offer", Kind.INTEGER),
        _hidden("ended_at", Kind.INSTANT),
        _hidden("merged_into", Kind.INTEGER),
        _hidden("opted_out", Kind.INTEGER),
        _hidden("step", Kind.INTEGER),
        _hidden("consent"),
        _hidden("seal", fr="Sceau", en="Seal"),
    ),
)

DUPLICATES = Tab(
    key="duplicates",
    sheet_id=7104,
    fr="Doublons",
    en="Duplicates",
    brief=("a", "name_a", "b", "name_b", "score", "reason", "verdict"),
    columns=(
        _cohorte("a", "N° A", "No. A", Kind.INTEGER, 60, required=True),
        _cohorte("name_a", "Nom A", "Name A", width=170),
        _cohorte("contact_a", "Contact A", "Contact A", width=240, wraps=True),
        _cohorte("where_a", "Inscription A", "Enrolment A", width=170),
        _cohorte("b", "N° B", "No. B", Kind.INTEGER, 60, required=True),
        _cohorte("name_b", "Nom B", "Name B", width=170),
        _cohorte("contact_b", "Contact B", "Contact B", width=240, wraps=True),
        _cohorte("where_b", "Inscription B", "Enrolment B", width=170),
        _cohorte("score", "Ressemblance", "Likeness", Kind.INTEGER, 110),
        _cohorte("reason", "Pourquoi", "Why", width=300, wraps=True),
        _organiser(
            "verdict", "Verdict", "Verdict", Kind.CHOICE, 180, choices="verdict", required=True
        ),
        _hidden("verdict_seen", Kind.CODE),
        _hidden("settled", Kind.INTEGER),
        _hidden("seal", fr="Sceau", en="Seal"),
    ),
)

JOURNAL = Tab(
    key="journal",
    sheet_id=7107,
    fr="Journal",
    en="Journal",
    brief=("at", "number", "from", "to", "reason"),
    columns=(
        _cohorte("at", "Quand", "When", Kind.MOMENT, 135, required=True),
        _cohorte("run", "Passage", "Run", width=190),
        _cohorte("number", "N°", "No.", Kind.INTEGER, 50, required=True),
        _cohorte("event", "Événement", "Event", Kind.CHOICE, 150, choices="event", required=True),
        _cohorte("from", "De", "From", Kind.CHOICE, 140, choices="status"),
        _cohorte("to", "À", "To", Kind.CHOICE, 140, choices="status", required=True),
        _cohorte("by", "Par", "By", Kind.CHOICE, 100, choices="by"),
        _cohorte("reason", "Motif", "Reason", width=380, wraps=True),
        _hidden("revision", Kind.INTEGER),
        _hidden("step", Kind.INTEGER),
        _hidden("person", Kind.INTEGER),
        _hidden("cohort"),
        _hidden("queued_at", Kind.INSTANT),
        _hidden("deadline", Kind.INSTANT),
        _hidden("decision_seen", Kind.CODE),
        _hidden("call_seen", Kind.INSTANT),
        _hidden("merge_seen", Kind.INTEGER),
        _hidden("hold", Kind.CODE),
        _hidden("offer", Kind.INTEGER),
        _hidden("ended_at", Kind.INSTANT),
        _hidden("merged_into", Kind.INTEGER),
        _hidden("opted_out", Kind.INTEGER),
        _hidden("other", Kind.INTEGER),
        _hidden("score", Kind.INTEGER),
        _hidden("seal", fr="Sceau", en="Seal"),
    ),
)

HANDLED = Tab(
    key="handled",
    sheet_id=7108,
    fr="Réponses traitées",
    en="Handled responses",
    hidden=True,
    brief=("key", "number", "state", "handled_at"),
    columns=(
        _hidden("key"),
        _hidden("number", Kind.INTEGER),
        _hidden("answer_hash"),
        _hidden("state", Kind.CODE),
        _hidden("replaced_by"),
        _hidden("handled_at", Kind.INSTANT),
    ),
)


MAIL = Tab(
    key="mail",
    sheet_id=7106,
    fr="Courriels",
    en="Mail",
    brief=("number", "to", "subject", "state", "planned_at", "sent_at", "error"),
    columns=(
        _cohorte("number", "N°", "No.", Kind.INTEGER, 50),
        _cohorte("to", "Destinataire", "Recipient", width=260),
        _cohorte("subject", "Objet", "Subject", width=300),
        _cohorte("state", "État", "State", Kind.CHOICE, 150, choices="mail_state"),
        _organiser(
            "action", "Action", "Action", Kind.CHOICE, 120, choices="mail_action", required=True
        ),
        _cohorte("planned_at", "Prévu le", "Planned on", Kind.MOMENT, 135),
        _cohorte("sent_at", "Envoyé le", "Sent on", Kind.MOMENT, 135),
        _cohorte("expires_at", "Périme le", "Expires on", Kind.MOMENT, 135),
        _cohorte("error", "Erreur", "Error", width=280, wraps=True),
        _cohorte("reference", "Référence", "Reference", width=130),
        _cohorte("template", "Gabarit", "Template", width=120),
        _cohorte("occasion", "Occasion", "Occasion", width=90),
        _hidden("key"),
        _hidden("urgency", Kind.INTEGER),
        _hidden("action_seen", Kind.CODE),
    ),
)

MAIL_LOG = Tab(
    key="mail_log",
    sheet_id=7110,
    fr="Registre des envois",
    en="Mail log",
    hidden=True,
    brief=("at", "reference", "state", "error"),
    columns=(
        _hidden("key"),
        _hidden("step", Kind.INTEGER),
        _hidden("state", Kind.CODE),
        _hidden("at", Kind.INSTANT),
        _hidden("reference"),
        _hidden("draft"),
        _hidden("thread"),
        _hidden("deadline", Kind.INSTANT),
        _hidden("error"),
        _hidden("number", Kind.INTEGER),
        _hidden("template", Kind.CODE),
        _hidden("occasion"),
        _hidden("about"),
        _hidden("planned_at", Kind.INSTANT),
        _hidden("expires_at", Kind.INSTANT),
        _hidden("attempt", Kind.INTEGER),
    ),
)

CHART_BASE: Final = 7_105_000
"""A chart's id is this plus its slot."""

_CHART_LAST: Final = CHART_BASE + 999


class BoardTab(Struct, frozen=True, kw_only=True):
    """A tab that is Cohorte's from edge to edge, drawn cell by cell."""

    key: str
    sheet_id: int
    fr: str
    en: str

    def title(self, language: str) -> str:
        """Return the title that it is made with."""
        return self.fr if language == "fr" else self.en


SUMMARY: Final = BoardTab(key="summary", sheet_id=7105, fr="Sommaire", en="Summary")
COMMENTS: Final = BoardTab(key="comments", sheet_id=7109, fr="Commentaires", en="Comments")
BOARDS: Final = (SUMMARY, COMMENTS)


def chart_slot(chart_id: int) -> int | None:
    """Return the slot of a chart of ours; None for another one's id."""
    return chart_id - CHART_BASE if CHART_BASE < chart_id <= _CHART_LAST else None


ROLL_HEADING: Final = 4
"""How many rows above "Appel terminé" tell which meeting an attendance tab is about."""

_ROLL_BASE: Final = 72_000
_ROLL_LAST: Final = 80_000

_ROLL = Tab(
    key="attendance",
    sheet_id=_ROLL_BASE,
    fr="Présences",
    en="Attendance",
    brief=("number", "name", "present", "excused", "note"),
    header=ROLL_HEADING + 1,
    # The boxes stand beside the names, where a phone shows them.
    columns=(
        _cohorte("number", "N°", "No.", Kind.INTEGER, 45, required=True),
        _cohorte("name", "Nom", "Name", width=190, required=True),
        _organiser("present", "Présent", "Present", Kind.CHECKBOX, 75, required=True),
        _organiser("excused", "Excusé", "Excused", Kind.CHECKBOX, 75),
        _organiser("note", "Note", "Note", width=240, wraps=True),
        _cohorte("business", "Entreprise", "Business", width=220),
        _hidden("left", Kind.INTEGER),
        _hidden("seal", fr="Sceau", en="Seal"),
    ),
)


ATTENDANCE: Final = Tab(
    key="attendance",
    sheet_id=_ROLL_BASE,
    fr="Présences",
    en="Attendance",
    brief=("meeting", "date", "cohort", "number", "name", "presence"),
    columns=(
        _cohorte("meeting", "Rencontre", "Meeting", Kind.INTEGER),
        _cohorte("cohort", "Cohorte", "Cohort"),
        _cohorte("date", "Date", "Date", Kind.DAY),
        _cohorte("number", "N°", "No.", Kind.INTEGER),
        _cohorte("name", "Nom", "Name"),
        _cohorte("presence", "Présence", "Presence", Kind.CHOICE, choices="presence"),
    ),
)
"""What all the attendance tabs tell, as one table: for looking at, never written."""


def roll_tab(meeting: int, people: int = 0, guests: int = 0) -> Tab:
    """Return the attendance tab of a meeting, by its number.

    Args:
        people: How many participants it is made with.
        guests: For how many guests it has room, below a row that says so.
    """
    rows = _ROLL.header + 1 + people + 1 + guests
    return replace(_ROLL, sheet_id=_ROLL_BASE + meeting, rows=rows, kept=people)


def roll_number(sheet_id: int) -> int | None:
    """Return the number of the meeting whose attendance tab has that id; None for another tab."""
    return sheet_id - _ROLL_BASE if _ROLL_BASE < sheet_id < _ROLL_LAST else None


def enrolment_tab(extra: Sequence[ExtraField] = ()) -> Tab:
    """Return the register's tab, with a column for each further field behind the municipality."""
    columns = _ENROLMENTS.columns
    after = [column.key for column in columns].index("municipality") + 1
    more = tuple(_cohorte(field.key, field.label, field.label, width=200) for field in extra)
    return replace(_ENROLMENTS, columns=(*columns[:after], *more, *columns[after:]))


def tabs(extra: Sequence[ExtraField] = ()) -> tuple[Tab, ...]:
    """Return our tabs in their order in a new workbook."""
    return (COHORTS, MEETINGS, enrolment_tab(extra), DUPLICATES, MAIL, JOURNAL, HANDLED, MAIL_LOG)
