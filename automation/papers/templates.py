"""The papers' templates: those that come with Cohorte, or an installation's own instead.

A template gives one HTML document that needs nothing else: no file, no script, no network. It may
only read what it is given (Jinja2's sandbox), and all it is given is escaped.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from automation import locale
from automation.errors import ConfigError
from automation.resources import data_path

if TYPE_CHECKING:
    from pathlib import Path


def render_template(name: str, folder: Path | None, language: str, **values: object) -> str:
    """Return the HTML of a template, which may ask for our words with `say("signature")`.

    Args:
        folder: Where an installation's own templates are; those that it lacks come with Cohorte.

    Raises `ConfigError` where the template can't be used, with its line.
    """

    def say(code: str, **given: object) -> str:
        return locale.text(language, f"paper.{code}", **given)

    try:
        template = _open_environment(folder).get_template(name)
        return template.render(say=say, language=language, **values)
    except (TemplateError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise _mistake(name, error) from error


@lru_cache(maxsize=8)
def _open_environment(folder: Path | None) -> ImmutableSandboxedEnvironment:
    """Return the environment, which keeps each template once compiled."""
    folders = [*([folder] if folder else []), data_path("templates", "papers")]
    return ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(path) for path in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _mistake(name: str, error: Exception) -> ConfigError:
    """Return what to tell of a template that can't be used."""
    line = error.lineno if isinstance(error, TemplateSyntaxError) else _last_line(error)
    # Nothing of what people typed may be told: the words of other errors may quote it.
    problem = str(error) if isinstance(error, TemplateError) else type(error).__name__
    return ConfigError("paper_template", template=name, line=line, problem=problem)


def _last_line(error: Exception) -> int:
    """Return the template's line that failed: Jinja2 rewrites the traceback to point at it."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
