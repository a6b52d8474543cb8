"""What makes no sense in a configuration though each key alone is well formed.

These checks read the raw tables rather than the validated ones, so that what they find is told at
the same time as every other mistake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.config.mistakes import Mistake
from automation.core.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RESERVED_KEYS = frozenset(
    (
        "alerts",
        "call_seen",
        "cohort",
        "communications",
        "consent",
        "deadline",
        "decision",
        "decision_seen",
        "email",
        "ended_at",
        "first_name",
        "group",
        "hold",
        "language",
        "last_name",
        "merge_seen",
        "merge_with",
        "merged_into",
        "municipality",
        "name",
        "note",
        "number",
        "offer",
        "offered_by_phone",
        "opted_out",
        "person",
        "phone",
        "priority",
        "queued_at",
        "rank",
        "reason",
        "registered_at",
        "seal",
        "status",
        "step",
    )
)
"""Keys of the register's own columns, and of the fields that [fields] names itself."""

_REGISTER_LABELS = (
    *("N°", "Personne", "Prénom", "Nom", "Courriel", "Téléphone", "Municipalité", "Cohorte"),
    *("Inscrit le", "Statut", "Rang", "Motif", "Répondre avant", "Alertes", "Décision"),
    *("Priorité", "Fusionner avec n°", "Offert par téléphone le", "Communications", "Note"),
    *("Décision traitée", "Consentement", "Sceau"),
    *("No.", "E-mail", "Registered on", "Answer before", "Merge with no.", "Offered by phone on"),
    *("Decision handled",),
)
RESERVED_LABELS = frozenset(
    {fold(label) for label in _REGISTER_LABELS} | {fold(key) for key in RESERVED_KEYS}
)
"""Folded headers of the register's own columns, in French and in English."""


def check_sense(tables: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield what is wrong between the keys of a configuration file, in no promised order."""
    yield from _check_workspace(_table(tables, "workspace"))
    yield from _check_mail(tables)
    yield from _check_place_form(_table(tables, "ma_place"))
    if isinstance(tables.get("fields"), dict):
        fields = _table(tables, "fields")
        yield from _check_names(fields)
        yield from _check_keys(fields)
        yield from _check_questions(fields)
        yield from _check_labels(fields)
        yield from _check_options(fields)


def _table(tables: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = tables.get(name)
    return found if isinstance(found, dict) else {}


def _check_workspace(workspace: Mapping[str, Any]) -> Iterator[Mistake]:
    for kind, key in (("embedded", "path"), ("google", "spreadsheet")):
        if workspace.get("kind") == kind and key not in workspace:
            yield _needs(("workspace", key), f'kind = "{kind}"')


def _check_mail(tables: Mapping[str, Any]) -> Iterator[Mistake]:
    if _table(tables, "mail").get("transport") != "smtp":
        return
    if "host" not in _table(tables, "smtp"):
        yield _needs(("smtp", "host"), 'transport = "smtp"')
    if "sender" not in _table(tables, "mail"):
        yield _needs(("mail", "sender"), 'transport = "smtp"')


def _check_place_form(place: Mapping[str, Any]) -> Iterator[Mistake]:
    """Options that compare equal would make a yes of a withdrawal, or the other way round."""
    seen: set[str] = set()
    for key in ("accept", "withdraw", "no_news"):
        option = place.get(key)
        if isinstance(option, str) and fold(option) in seen:
            facts = {"value": tidy(option)}
            yield Mistake(where=("ma_place", key), code="option_twice", facts=facts)
        elif isinstance(option, str) and fold(option):
            seen.add(fold(option))


def _needs(where: tuple[str, ...], cause: str) -> Mistake:
    return Mistake(where=where, code="missing_with", facts={"cause": cause})


def _check_names(fields: Mapping[str, Any]) -> Iterator[Mistake]:
    apart = "first_name" in fields or "last_name" in fields
    if "name" not in fields and not apart:
        yield Mistake(where=("fields", "name"), code="name_absent")
    if "name" in fields and apart:
        yield Mistake(where=("fields", "name"), code="name_twice")


def _check_keys(fields: Mapping[str, Any]) -> Iterator[Mistake]:
    for key in _table(fields, "choices"):
        if key in _table(fields, "extra"):
            yield Mistake(where=("fields", "choices", key), code="key_twice")


def _check_questions(fields: Mapping[str, Any]) -> Iterator[Mistake]:
    seen: dict[str, str] = {}
    for where, question in _questions(fields):
        first = seen.setdefault(fold(question), ".".join(where[1:]))
        if first != ".".join(where[1:]) and fold(question):
            facts = {"value": tidy(question), "section": first}
            yield Mistake(where=where, code="question_twice", facts=facts)


def _check_labels(fields: Mapping[str, Any]) -> Iterator[Mistake]:
    """The questions of extra and choices head columns of the register, unless a label does."""
    seen: dict[str, tuple[str, ...]] = {}
    for where, table in _extra_tables(fields):
        label = table.get("label", table.get("question"))
        if not isinstance(label, str) or not fold(label):
            continue
        clashes = "label" not in table and fold(label) in RESERVED_LABELS
        if clashes or seen.setdefault(fold(label), where) != where:
            yield Mistake(where=where, code="label_taken", facts={"value": tidy(label)})


def _check_options(fields: Mapping[str, Any]) -> Iterator[Mistake]:
    for key, table in _table(fields, "choices").items():
        options = table.get("options") if isinstance(table, dict) else None
        listed = options if isinstance(options, list) else []
        texts = [tidy(option) for option in listed if isinstance(option, str)]
        for text in dict.fromkeys(text for text in texts if texts.count(text) > 1):
            where = ("fields", "choices", key, "options")
            yield Mistake(where=where, code="option_twice", facts={"value": text})


def _questions(fields: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in fields.items():
        if isinstance(value, str):
            yield ("fields", key), value
    for where, table in _extra_tables(fields):
        if isinstance(table.get("question"), str):
            yield where, table["question"]


def _extra_tables(
    fields: Mapping[str, Any],
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    for section in ("extra", "choices"):
        for key, value in _table(fields, section).items():
            table = as_table(value)
            if isinstance(table, dict):
                yield ("fields", section, key), table


def as_table(value: object) -> object:
    """Return the table that a bare question of [fields.extra] stands for, else the value."""
    return {"question": value} if isinstance(value, str) else value
