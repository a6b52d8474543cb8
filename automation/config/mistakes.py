"""What is wrong in a TOML file, told in French or in English, every mistake at once.

pydantic finds most mistakes, in English and for programmers; here they become one line each for
the person who keeps the file: which key, what is wrong with it, and what was probably meant.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeGuard, TypeVar, Union, get_args, get_origin

from msgspec import Struct, field
from pydantic import BaseModel

from automation.core.rules import Language
from automation.core.text import clip, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_Kind = TypeVar("_Kind")

_LONGEST = 200
"""Characters of a value that are quoted."""

_SECRET = re.compile(r"(^|_)(pass(word|wd|phrase)?|secret|token|api_key|mot_de_passe)($|_)")

# pydantic's error types, and the wording that says the same to a person.
_FROM_PYDANTIC = {
    "bool_type": "not_boolean",
    "bool_parsing": "not_boolean",
    "dict_type": "not_table",
    "mapping_type": "not_table",
    "model_type": "not_table",
    "model_attributes_type": "not_table",
    "int_type": "not_integer",
    "int_from_float": "not_integer",
    "path_type": "not_text",
    "string_type": "not_text",
    "tuple_type": "not_list",
    "missing": "missing",
    "too_short": "empty",
    "string_too_short": "empty",
    "string_too_long": "too_long",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "enum": "not_allowed",
}

_WORDINGS = {
    "address": (
        "« {value} » n’est pas une adresse courriel",
        '"{value}" is not an e-mail address',
    ),
    "bad_key": (
        (
            "« {value} » ne peut pas nommer un champ : des minuscules sans accent, des chiffres et _, "
            "en commençant par une lettre"
        ),
        (
            '"{value}" cannot name a field: lower-case letters without accents, digits and _, '
            "beginning with a letter"
        ),
    ),
    "bad_reach": (
        "« {name} » : il faut un nombre entier de personnes, 1 ou plus, sans guillemets",
        '"{name}": a whole number of people is needed, 1 or more, unquoted',
    ),
    "code_absent": (
        "le lien prérempli doit contenir CODE, là où le code de la personne prendra place",
        "the prefilled link must hold CODE, where the person's code will stand",
    ),
    "empty": ("ne peut pas être vide", "cannot be empty"),
    "key_taken": (
        "« {value} » est déjà le nom d’une colonne du registre : choisissez-en un autre",
        '"{value}" already names a column of the register: choose another',
    ),
    "key_twice": (
        "ce champ est déjà dans [fields.extra]",
        "this field is already in [fields.extra]",
    ),
    "label_taken": (
        "le registre a déjà une colonne « {value} » : donnez un autre label",
        'the register already has a column "{value}": give another label',
    ),
    "misplaced": (
        "cette clé va dans la section {section}",
        "this key belongs in the section {section}",
    ),
    "misplaced_at_top": (
        "cette clé va tout en haut, avant la première section",
        "this key belongs at the top, before the first section",
    ),
    "missing": ("il manque cette clé ou cette section", "this key or section is missing"),
    "missing_with": (
        "il manque cette clé, nécessaire avec {cause}",
        "this key is missing, and {cause} needs it",
    ),
    "name_absent": (
        "il faut la question qui donne le nom : name, ou first_name et last_name",
        "the question that gives the name is missing: name, or first_name and last_name",
    ),
    "name_twice": (
        "choisissez : name, ou first_name et last_name",
        "choose: name, or first_name and last_name",
    ),
    "no_letters": (
        "doit contenir au moins une lettre ou un chiffre",
        "must hold at least a letter or a digit",
    ),
    "no_options": (
        "il manque à cette question ses options, comme le demande sa sorte (kind)",
        "this question lacks its options, which its kind asks for",
    ),
    "not_allowed": (
        "« {value} » n’est pas une valeur permise ({allowed}){guess}",
        '"{value}" is not an allowed value ({allowed}){guess}',
    ),
    "not_boolean": ("doit être true ou false, sans guillemets", "must be true or false, unquoted"),
    "not_integer": (
        "doit être un nombre entier, sans guillemets",
        "must be a whole number, unquoted",
    ),
    "not_list": ("doit être une liste entre crochets", "must be a list in square brackets"),
    "not_table": (
        "doit être une section ou une table, non une valeur",
        "must be a section or a table, not a value",
    ),
    "not_text": ("doit être un texte entre guillemets", "must be a text in quotes"),
    "open_to_all": (
        "tout le monde, sur cette machine, peut lire {file} : faites « chmod 600 {file} »",
        "everybody on this machine can read {file}: run `chmod 600 {file}`",
    ),
    "option_twice": (
        "l’option « {value} » est donnée deux fois",
        'the option "{value}" is given twice',
    ),
    "other": ("{message}", "{message}"),
    "published_form": (
        "c’est l’adresse publique du formulaire : prenez celle de la page où on le modifie",
        "this is the form's public address: take that of the page where it is edited",
    ),
    "question_twice": (
        "la question « {value} » sert déjà à {section}",
        'the question "{value}" already feeds {section}',
    ),
    "secret": (
        (
            "un secret n’a pas sa place dans ce fichier : mettez-le dans un fichier à part ou dans une "
            "variable d’environnement COHORTE_…"
        ),
        (
            "a secret has no place in this file: put it in a file of its own or in an environment "
            "variable COHORTE_…"
        ),
    ),
    "too_large": ("ne peut pas dépasser {limit}", "cannot be above {limit}"),
    "too_long": ("dépasse {max_length} caractères", "is longer than {max_length} characters"),
    "too_small": ("ne peut pas être sous {limit}", "cannot be below {limit}"),
    "unknown": ("clé inconnue{guess}", "unknown key{guess}"),
    "unreadable": ("ce fichier ne peut pas être lu", "this file cannot be read"),
    "web_address": (
        "doit être une adresse qui commence par https://",
        "must be an address that begins with https://",
    ),
}
_GUESS = ("; vouliez-vous dire « {guess} »?", '; did you mean "{guess}"?')
_LINE = ("{key} : {what}", "{key}: {what}")
_TOML = ("ce n’est pas du TOML valide : {what}", "this is not valid TOML: {what}")
# How tomllib ends its messages.
_PLACES = (
    ("(at line ", "(ligne "),
    (", column ", ", colonne "),
    ("(at end of document)", "(à la fin du fichier)"),
)
_TOO_LONG = ("un nombre a trop de chiffres", "a number has too many digits")
_TOO_DEEP = (
    "trop de crochets ou d’accolades les uns dans les autres",
    "too many brackets or braces within each other",
)
_NOT_UTF8 = ("il doit être enregistré en UTF-8", "it must be saved as UTF-8")


class Mistake(Struct, frozen=True, kw_only=True):
    """One thing to correct.

    Attributes:
        where: The path of the key, outermost table first.
        code: Which wording tells it.
        facts: The wording's placeholders; `guess` is a bare word.
    """

    where: tuple[str, ...]
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


class BadTomlError(ValueError):
    """The text of a file is no TOML at all; the message says why and where, for people."""


def parse_toml(content: bytes, language: Language) -> dict[str, Any]:
    """Return the tables of a TOML file, a byte order mark at its head forgiven.

    Raises `BadTomlError`, in that language but for what tomllib itself has to say.
    """
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadTomlError(_tell_bad_toml(_pick(_NOT_UTF8, language), language)) from error
    except tomllib.TOMLDecodeError as error:
        raise BadTomlError(_tell_bad_toml(str(error), language)) from error
    except ValueError as error:  # Python reads no integer of more than 4300 digits
        raise BadTomlError(_tell_bad_toml(_pick(_TOO_LONG, language), language)) from error
    except RecursionError as error:
        raise BadTomlError(_tell_bad_toml(_pick(_TOO_DEEP, language), language)) from error


def _tell_bad_toml(what: str, language: Language) -> str:
    if language is Language.FRENCH:
        for english, french in _PLACES:
            what = what.replace(english, french)
    return _pick(_TOML, language).format(what=what)


def tell_mistakes(mistakes: Iterable[Mistake], language: Language) -> str:
    """Return one line for each mistake, in the order given: the key, and what is wrong with it."""
    return "\n".join(
        _pick(_LINE, language).format(key=_name_key(mistake.where), what=_tell(mistake, language))
        for mistake in mistakes
    )


def _tell(mistake: Mistake, language: Language) -> str:
    # What the file holds is quoted on the line of its mistake, whatever it is.
    facts = {name: clip(tidy(fact), _LONGEST) for name, fact in mistake.facts.items()}
    guess = facts.get("guess", "")
    facts["guess"] = _pick(_GUESS, language).format(guess=guess) if guess else ""
    return _pick(_WORDINGS[mistake.code], language).format_map(facts)


def _pick(wordings: tuple[str, str], language: Language) -> str:
    return wordings[0] if language is Language.FRENCH else wordings[1]


def _name_key(where: tuple[str, ...]) -> str:
    *section, key = where
    return f"[{'.'.join(section)}] {key}" if section else key


def find_mistakes(error: ValidationError, model: type[BaseModel]) -> tuple[Mistake, ...]:
    """Return what pydantic found wrong in the tables of a model."""
    return tuple(_from_pydantic(details, model) for details in error.errors(include_url=False))


def _from_pydantic(details: ErrorDetails, model: type[BaseModel]) -> Mistake:
    where = tuple(_name_part(part) for part in details["loc"] if part != "[key]")
    context = {key: str(value) for key, value in details.get("ctx", {}).items()}
    if details["type"] == "extra_forbidden":
        return _unknown_key(where, model)
    code = _FROM_PYDANTIC.get(details["type"], details["type"])
    if code == "not_allowed":
        return _not_allowed(where, str(details["input"]), model)
    if code in {"too_small", "too_large"}:
        return Mistake(
            where=where, code=code, facts={"limit": context.get("ge", context.get("le", ""))}
        )
    if code not in _WORDINGS:
        return Mistake(where=where, code="other", facts={"message": details["msg"]})
    return Mistake(where=where, code=code, facts=context)


def _name_part(part: str | int) -> str:
    """Return a step of a path for people, who count the items of a list from 1."""
    return part if isinstance(part, str) else f"n° {part + 1}"


def _unknown_key(where: tuple[str, ...], model: type[BaseModel]) -> Mistake:
    *section, key = where
    if _SECRET.search(key.lower()) and not key.endswith("_file"):
        return Mistake(where=where, code="secret")
    nearest = get_close_matches(key.lower(), _keys_at(tuple(section), model), n=1)
    if nearest:
        return Mistake(where=where, code="unknown", facts={"guess": nearest[0]})
    home = next((path for path in list_keys(model) if path[-1] == key), None)
    if home is None:
        return Mistake(where=where, code="unknown")
    if len(home) == 1:
        return Mistake(where=where, code="misplaced_at_top")
    return Mistake(where=where, code="misplaced", facts={"section": f"[{'.'.join(home[:-1])}]"})


def _keys_at(section: tuple[str, ...], model: type[BaseModel]) -> list[str]:
    here = _resolve(section, model)
    return list(here.model_fields) if _is_kind(here, BaseModel) else []


def _not_allowed(where: tuple[str, ...], value: str, model: type[BaseModel]) -> Mistake:
    choices = _resolve(where, model)
    allowed = [member.value for member in choices] if _is_kind(choices, StrEnum) else []
    nearest = get_close_matches(value.lower(), allowed, n=1)
    facts = {"value": value, "allowed": ", ".join(allowed), "guess": "".join(nearest)}
    return Mistake(where=where, code="not_allowed", facts=facts)


def list_keys(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """Yield the path of every key that a file may hold; * stands for a name of one's own."""
    for name, info in model.model_fields.items():
        inner = _bare(info.annotation)
        named = get_origin(inner) is Mapping
        within = _bare(get_args(inner)[1]) if named else inner
        stem = (name, "*") if named else (name,)
        if _is_kind(within, BaseModel):
            yield from ((*stem, *path) for path in list_keys(within))
        else:
            yield stem


def _resolve(where: tuple[str, ...], model: type[BaseModel]) -> Any:
    """Return the type that a model declares at a path; None where it declares none."""
    here: Any = model
    for part in where:
        if get_origin(here) is Mapping:
            here = _bare(get_args(here)[1])
        elif get_origin(here) is tuple:
            here = _bare(get_args(here)[0])
        elif _is_kind(here, BaseModel) and part in here.model_fields:
            here = _bare(here.model_fields[part].annotation)
        else:
            return None
    return here


def _bare(annotation: Any) -> Any:
    """Return the type without its `Annotated` notes and without the None that may replace it."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return _bare(next(kind for kind in get_args(annotation) if kind is not NoneType))
    return annotation


def _is_kind(kind: Any, parent: type[_Kind]) -> TypeGuard[type[_Kind]]:
    return isinstance(kind, type) and issubclass(kind, parent)
