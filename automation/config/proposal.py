"""A first configuration, proposed by the likeness of a response tab's headers.

The wordings are those of Google Forms in French and in English, and of committees. A person reads
the proposal before relying on it, so a doubtful header goes to the other fields rather than to the
wrong one.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz import fuzz

from automation.config.sense import RESERVED_KEYS, RESERVED_LABELS
from automation.core.responses import TIMESTAMP_HEADERS
from automation.core.rules import Language
from automation.core.text import fold, tidy
from automation.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from jinja2 import Template

_EXACT, _TYPO, _WITHIN = 3, 2, 1
_TYPO_LIKENESS = 90.0  # out of 100: one slip in "adresse courriel", none in "nom"
_KEYWORD_WORDS = 9  # a longer question speaks of a phone rather than asks for it
_KEY_WORDS = 3
_KEY_LENGTH = 32


class _Wording(Struct, frozen=True):
    """How forms ask for a field: folded headers, and a pattern for what a header may hold."""

    headers: frozenset[str]
    within: re.Pattern[str]
    longest: int = _KEYWORD_WORDS


def _wording(headers: str, within: str, longest: int = _KEYWORD_WORDS) -> _Wording:
    return _Wording(frozenset(headers.split(" / ")), re.compile(within), longest)


# In the order in which ties are settled.
_WORDINGS = {
    "consent": _wording(
        "consentement / consent / j accepte",
        r"^(j accepte|je consens|j autorise|acceptez vous|consentez vous|autorisez vous|"
        r"i agree|i accept|i consent|do you (agree|consent))\b|\b(consentement|consent)\b",
        longest=100,
    ),
    "name": _wording(
        "nom complet / nom et prenom / prenom et nom / nom prenom / prenom nom / full name / name / "
        "your name / nom et prenom du participant / first and last name",
        r"\bnom complet\b|\bnom et prenom\b|\bprenom et nom\b|\bnom prenom\b|\bprenom nom\b|"
        r"\bfull name\b|\bfirst and last name\b",
    ),
    "first_name": _wording(
        "prenom / votre prenom / first name / given name / prenom usuel",
        r"\bprenom\b|\b(first|given) name\b",
    ),
    "last_name": _wording(
        "nom / nom de famille / votre nom / votre nom de famille / last name / family name / "
        "surname",
        r"\bnom de famille\b|\b(last|family) name\b|\bsurname\b",
    ),
    "email": _wording(
        "adresse courriel / adresse de courriel / courriel / votre courriel / adresse e mail / "
        "e mail / email / email address / e mail address / adresse email / adresse electronique / "
        "adresse mail / mail / username / nom d utilisateur",
        r"\bcourriel\b|\be mail\b|\bemail\b|\badresse electronique\b",
    ),
    "phone": _wording(
        "telephone / numero de telephone / cellulaire / numero de cellulaire / tel / phone / "
        "phone number / mobile / cell / cell phone / telephone cellulaire",
        r"\b(telephone|cellulaire|tel|phone|mobile)\b",
    ),
    "municipality": _wording(
        "municipalite / ville / ville ou municipalite / municipalite de residence / localite / "
        "lieu de residence / city / town / municipality / city or town",
        r"\b(municipalite|ville|localite|city|town|municipality)\b",
    ),
    "cohort": _wording(
        "cohorte / cohort / choix de la cohorte / cohorte choisie",
        r"\bcohortes?\b|\bcohorts?\b",
        longest=16,
    ),
    "group": _wording("groupe / group / votre groupe", r"^groupe d appartenance\b"),
    "language": _wording(
        "langue / language / langue de correspondance / langue preferee / preferred language",
        r"\blangue (de correspondance|preferee|souhaitee)\b|^dans quelle langue\b|"
        r"\bpreferred language\b|^(in )?(which|what) language\b",
        longest=14,
    ),
}

# Questions so common that their English name is known.
_KNOWN_EXTRA = (
    ("business", re.compile(r"\b(entreprise|business|company)\b")),
    ("trade", re.compile(r"\b(metier|profession|occupation|trade|domaine d activite)\b")),
    ("heard_from", re.compile(r"\b(entendu parler|hear about)\b")),
    ("themes", re.compile(r"\b(themes|topics)\b")),
    ("hopes", re.compile(r"\b(attentes|esperez|expectations)\b")),
)
_SMALL_WORDS = frozenset(
    """
    a about an and are as at au aux avec avez ce ces cette combien comment d dans de des did do du
    elle en est et etes for from have how i il in is j je l la le les leur ma me mes moi mon n ne
    nos notre nous of on or ou par pas plus pour pouvez qu que quel quelle quelles quels qui quoi s
    sa se ses si son sont souhaitez sur t te the to toi un une vos votre vous was what when where
    which who why with y you your
    """.split()  # noqa: SIM905 - a list to read, not to index
)


class ProposedField(Struct, frozen=True, kw_only=True):
    """A field and the header that seems to feed it, as written.

    Attributes:
        label: Header of the register's column where the question's own would clash, else None.
        options: Of a checkbox question, those that were seen; () for any other.
    """

    key: str
    question: str
    label: str | None = None
    options: tuple[str, ...] = ()


class Proposal(Struct, frozen=True, kw_only=True):
    """Which header seems to feed which field.

    Attributes:
        fields: The fields that Cohorte knows, in the order of `config/example.toml`.
        extra: Every other question, in the order of the tab.
        timestamp: The header of the time of submission, which needs no mapping; None if absent.
    """

    fields: tuple[ProposedField, ...]
    extra: tuple[ProposedField, ...]
    timestamp: str | None

    @property
    def free(self) -> tuple[ProposedField, ...]:
        """The other questions that are answered in words."""
        return tuple(field for field in self.extra if not field.options)

    @property
    def choices(self) -> tuple[ProposedField, ...]:
        """The other questions that are answered by ticking boxes."""
        return tuple(field for field in self.extra if field.options)

    @property
    def all(self) -> tuple[ProposedField, ...]:
        """Every question that gives something."""
        return (*self.fields, *self.extra)

    @property
    def has_name(self) -> bool:
        """Whether a header seems to say who answered; without one a person must choose."""
        return any(field.key in {"name", "first_name", "last_name"} for field in self.fields)


class Post(Struct, frozen=True, kw_only=True):
    """How messages leave: the keys of [mail] and [smtp], "" for none."""

    transport: str
    sender: str
    postal_address: str = ""
    folder: str = ""
    smtp_host: str = ""
    smtp_user: str = ""


class Place(Struct, frozen=True, kw_only=True):
    """The second form: the keys of [ma_place], "" for none."""

    tab: str
    code: str
    choice: str
    accept: str
    withdraw: str
    no_news: str
    secret_file: str
    prefilled_url: str = ""


class Installation(Struct, frozen=True, kw_only=True):
    """What a configuration says beside what the questions are for; "" for nothing.

    Attributes:
        spreadsheet: At Google; "" for an embedded workspace.
        subject: In whose name a service account writes by Gmail.
    """

    spreadsheet: str = ""
    credentials: str = ""
    subject: str = ""
    form_id: str = ""
    programme: str = ""
    registration_url: str = ""
    post: Post | None = None
    place: Place | None = None
    digest_to: tuple[str, ...] = ()


ORDER = (
    *("email", "first_name", "last_name", "name", "phone", "municipality"),
    *("cohort", "group", "language", "consent"),
)


def propose_fields(
    headers: Sequence[str],
    options: Mapping[str, tuple[str, ...]] | None = None,
    given: Mapping[str, str] | None = None,
) -> Proposal:
    """Return what each header of a response tab seems to be, left to right.

    Blank headers are left out, and so is a header that repeats an earlier one.

    Args:
        options: Header → the options that its answers show, for those that seem to be checkboxes.
        given: Field → the header that somebody said feeds it, "" for none: likeness gives way.
    """
    questions = _distinct(headers)
    timestamp = next((q for q in questions if fold(q) in TIMESTAMP_HEADERS), None)
    asked = [question for question in questions if question != timestamp]
    chosen = _settle_names(_assign(asked))
    if given:
        taken = set(given.values())
        kept = {key: q for key, q in chosen.items() if key not in given and q not in taken}
        chosen = _settle_names(
            kept | {key: question for key, question in given.items() if question}
        )
    rest = [question for question in asked if question not in chosen.values()]
    return Proposal(
        fields=tuple(
            ProposedField(key=key, question=chosen[key]) for key in ORDER if key in chosen
        ),
        extra=tuple(
            replace(field, options=(options or {}).get(field.question, ()))
            for field in _name_extra(rest)
        ),
        timestamp=timestamp,
    )


def render_config(
    proposal: Proposal,
    *,
    tabs: Sequence[str],
    workspace: str = "cohorte.db",
    language: Language = Language.FRENCH,
    more: Installation | None = None,
) -> str:
    """Return the text of a configuration file, its comments in that language.

    Args:
        tabs: Titles of the response tabs, one or more.
        workspace: Path of the embedded workspace, relative to the folder of the file; for nothing
            where `more` names a spreadsheet at Google.
        more: What else is known of the installation.
    """
    return _template(language).render(
        proposal=proposal,
        tabs=tabs,
        workspace=workspace,
        language=language.value,
        more=more or Installation(),
    )


@cache
def _template(language: Language) -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(  # noqa: S701 - this writes TOML, where HTML's escapes are wrong
        loader=FileSystemLoader(data_path("templates", "config")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["toml"] = _quote
    return environment.get_template(f"cohorte.{language}.toml.j2")


def _quote(text: str) -> str:
    r"""Return a TOML basic string (https://toml.io/en/v1.0.0#string).

    JSON escapes all that TOML asks to be escaped, but for U+007F.
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", r"\u007F")


def _distinct(headers: Sequence[str]) -> list[str]:
    by_fold: dict[str, str] = {}
    for header in headers:
        by_fold.setdefault(fold(header), header)
    return [header for folded, header in by_fold.items() if folded]


def _assign(questions: Sequence[str]) -> dict[str, str]:
    """Give each field the question most like it, the surest pairs first."""
    pairs = sorted(
        (-likeness, order, position, field, question)
        for position, question in enumerate(questions)
        for order, (field, wording) in enumerate(_WORDINGS.items())
        if (likeness := _compare(fold(question), wording))
    )
    chosen: dict[str, str] = {}
    for *_, field, question in pairs:
        if field not in chosen and question not in chosen.values():
            chosen[field] = question
    return chosen


def _compare(folded: str, wording: _Wording) -> int:
    """Return how sure it is that a header asks for a field; 0 for not at all."""
    if folded in wording.headers:
        return _EXACT
    if any(fuzz.ratio(folded, header) >= _TYPO_LIKENESS for header in wording.headers):
        return _TYPO
    short = folded.count(" ") < wording.longest
    return _WITHIN if short and wording.within.search(folded) else 0


def _settle_names(chosen: dict[str, str]) -> dict[str, str]:
    """Keep either the whole name or its two parts; "Nom" alone is a whole name."""
    if "first_name" in chosen and "last_name" in chosen:
        return {key: question for key, question in chosen.items() if key != "name"}
    if "name" not in chosen and "first_name" not in chosen and "last_name" in chosen:
        return {("name" if key == "last_name" else key): q for key, q in chosen.items()}
    if "name" in chosen:
        return {k: q for k, q in chosen.items() if k not in {"first_name", "last_name"}}
    return chosen


def _name_extra(questions: Sequence[str]) -> Iterator[ProposedField]:
    keys: set[str] = set(RESERVED_KEYS)
    labels: set[str] = set(RESERVED_LABELS) | {fold(question) for question in questions}
    for question in questions:
        key = _first_free(_slug(fold(question)), "_{}", keys)
        keys.add(key)
        label = None
        if fold(question) in RESERVED_LABELS:
            label = _first_free(f"{tidy(question)} (formulaire)", " {}", labels)
            labels.add(fold(label))
        yield ProposedField(key=key, question=question, label=label)


def _slug(folded: str) -> str:
    known = next((key for key, pattern in _KNOWN_EXTRA if pattern.search(folded)), None)
    if known:
        return known
    words = [word for word in re.findall("[a-z0-9]+", folded) if word not in _SMALL_WORDS]
    slug = "_".join(words[:_KEY_WORDS])[:_KEY_LENGTH].strip("_")
    if not slug:
        return "question"
    return slug if slug[0].isalpha() else f"q_{slug}"


def _first_free(text: str, suffix: str, taken: Collection[str]) -> str:
    """Return the text, or the text with the lowest number from 2 that is not taken."""
    numbered = (f"{text}{suffix.format(number)}" for number in count(2))
    if text not in taken and fold(text) not in taken:
        return text
    return next(one for one in numbered if one not in taken and fold(one) not in taken)
