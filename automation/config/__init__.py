"""The configuration: one TOML file → a frozen `Config`, or every mistake in it at once.

The file holds the installation: which spreadsheet, which question feeds which field, the mail
account, policies. What an organiser would want to change stands in the spreadsheet, and secrets
stand in files of their own or in the environment. `config/example.toml` shows every key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr, ValidationError

from automation.config.mistakes import (
    BadTomlError,
    Mistake,
    find_mistakes,
    parse_toml,
    tell_mistakes,
)
from automation.config.secret_files import OpenToAllError, read_secret
from automation.config.sections import Config, Secrets
from automation.config.sense import check_sense
from automation.core.rules import Language
from automation.errors import ConfigError
from automation.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Config", "load_config", "parse_config"]


def load_config(path: Path, env: Mapping[str, str]) -> Config:
    """Return the configuration of a TOML file, its paths taken from the file's folder.

    Raises `ConfigError`, with one line for each mistake.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError("no_config", path=str(path)) from error
    except OSError as error:
        raise ConfigError("config_unreadable", path=str(path)) from error
    return parse_config(content, path, env)


def parse_config(content: bytes, path: Path, env: Mapping[str, str]) -> Config:
    """Return the configuration in the content of a file; `path` says where it came from.

    Raises `ConfigError`, with one line for each mistake.
    """
    try:
        tables = parse_toml(content, Language.FRENCH)
    except BadTomlError as error:
        raise _error(path, str(error)) from error
    language = Language.ENGLISH if tables.get("language") == "en" else Language.FRENCH
    mistakes = tuple(check_sense(tables))
    try:
        config = Config.model_validate(tables, context={"folder": path.parent})
    except ValidationError as error:
        mistakes = (*find_mistakes(error, Config), *mistakes)
    if mistakes:
        raise _error(path, tell_mistakes(mistakes, language))
    secrets, mistakes = _find_secrets(config, env)
    if mistakes:
        raise _error(path, tell_mistakes(mistakes, language))
    config._secrets = secrets  # noqa: SLF001 - the one door to a Config
    return config


def _error(path: Path, mistakes: str) -> ConfigError:
    example = str(data_path("config", "example.toml"))
    return ConfigError("config", path=str(path), mistakes=mistakes, example=example)


def _find_secrets(config: Config, env: Mapping[str, str]) -> tuple[Secrets, tuple[Mistake, ...]]:
    files = {
        "google_credentials": (("google", "credentials"), config.google.credentials),
        "smtp_password": (("smtp", "password_file"), config.smtp.password_file),
        "ma_place": (("ma_place", "secret_file"), config.ma_place.secret_file),
    }
    found: dict[str, SecretStr] = {}
    mistakes: list[Mistake] = []
    for name, (where, file) in files.items():
        try:
            secret = env.get(Secrets.variables[name], "").strip() or read_secret(file)
        except (OSError, UnicodeDecodeError):
            mistakes.append(Mistake(where=where, code="unreadable"))
        except OpenToAllError:
            facts = {"file": str(file)}
            mistakes.append(Mistake(where=where, code="open_to_all", facts=facts))
        else:
            found |= {name: SecretStr(secret)} if secret else {}
    secretless = "ma_place" not in found and not mistakes
    if config.ma_place.tab is not None and secretless:
        cause = {"cause": f'tab = "{config.ma_place.tab}"'}
        mistakes.append(
            Mistake(where=("ma_place", "secret_file"), code="missing_with", facts=cause)
        )
    return Secrets(**found), tuple(mistakes)
