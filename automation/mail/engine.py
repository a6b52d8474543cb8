"""Jinja2 as templates see it: sandboxed, strict about what is undefined, values kept apart."""

from __future__ import annotations

from datetime import datetime
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes, pass_context
from jinja2 import Template as Compiled
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.exceptions import UndefinedError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from automation.core.model import Problem, phrase
from automation.mail import words
from automation.mail.mistakes import TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from types import FrameType

    from jinja2.runtime import Context

    from automation.core.model import Meeting

# What the filters and `_mark` need; no template can name them, for "$" begins no name in Jinja2.
VALUES: Final = "$values"
LANGUAGE: Final = "$language"
ZONE: Final = "$zone"


@pass_context
def _mark(context: Context, value: object) -> str:
    """Put a value in its slot, whatever expression gave it: what it says is text, never Markdown."""
    if value is None:
        raise UndefinedError("None")
    marked: str = context[VALUES].mark(str(value))
    return marked


@pass_context
def _moment(context: Context, instant: datetime) -> str:
    return words.tell_moment(instant, context[ZONE], context[LANGUAGE])


@pass_context
def _day(context: Context, day: date) -> str:
    if isinstance(day, datetime):
        day = words.tell_wall(day, context[ZONE]).date()
    return words.tell_day(day, context[LANGUAGE])


@pass_context
def _when(context: Context, meeting: Meeting) -> str:
    return words.tell_meeting(meeting, context[LANGUAGE])


@pass_context
def _count(context: Context, count: int, one: str, many: str) -> str:
    return words.count_things(count, context[LANGUAGE], one, many)


OWN_FILTERS: Final = {
    "moment": _moment,
    "day": _day,
    "when": _when,
    "counted": _count,
    "sentence": words.begin_sentence,
}
"""What templates can do besides Jinja2's own filters."""


def make_environment(*, html: bool = False) -> ImmutableSandboxedEnvironment:
    """Return what compiles templates: the messages' own, or the HTML page around them."""
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=html,
        finalize=None if html else _mark,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    del environment.globals["lipsum"]
    environment.filters |= OWN_FILTERS
    return environment


def compile_text(
    environment: ImmutableSandboxedEnvironment,
    text: str,
    file: str,
    line: int,
    names: Iterable[str],
) -> tuple[Compiled | None, tuple[Problem, ...]]:
    """Return the compiled text, or what is wrong with it.

    `line` is that of the text in its file, from 1; `names` are the variables that it may use.
    """
    source = "\n" * (line - 1) + text
    try:
        tree = environment.parse(source, name=file, filename=file)
        problems = tuple(_find_unknown(tree, file, names, environment.globals))
        if problems:
            return None, problems
        code = environment.compile(tree, name=file, filename=file)
    except TemplateSyntaxError as error:
        message = phrase("template.syntax", error=error.message or "")
        return None, (Problem(tab=file, row=error.lineno, message=message),)
    return Compiled.from_code(environment, code, dict(environment.globals)), ()


def _find_unknown(
    tree: nodes.Template, file: str, names: Iterable[str], also: Iterable[str]
) -> Iterator[Problem]:
    unknown = find_undeclared_variables(tree).difference(names, also)
    shown = ", ".join(sorted(names))
    for node in tree.find_all(nodes.Name):
        if node.name in unknown:
            unknown.discard(node.name)
            message = phrase("template.unknown_variable", name=node.name, names=shown)
            yield Problem(tab=file, row=node.lineno, message=message)


def render(compiled: Compiled, variables: Mapping[str, Any]) -> str:
    """Return a rendered text, without the empty lines around it; raises `TemplateError`."""
    try:
        return compiled.render(variables).strip()
    except UndefinedError as error:
        raise _mistake(compiled, error, "template.empty", error.message or "") from error
    except Exception as error:  # a template is somebody's data: any mistake is its own
        # Nothing of what people typed may be told: the words of other errors may quote it.
        told = str(error) if isinstance(error, JinjaError) else type(error).__name__
        raise _mistake(compiled, error, "template.failed", told) from error


def _mistake(compiled: Compiled, error: Exception, code: str, told: str) -> TemplateError:
    """Return the mistake with its line: Jinja2 writes the template's own into the traceback."""
    file = compiled.filename or ""
    lines = [line for frame, line in walk_tb(error.__traceback__) if _is_of(frame, file)]
    message = phrase(code, error=told)
    return TemplateError(Problem(tab=file, row=lines[-1] if lines else None, message=message))


def _is_of(frame: FrameType, file: str) -> bool:
    return frame.f_code.co_filename == file
