"""Where the templates and the demo data are: in the wheel, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "data"


def data_path(*parts: str) -> Path:
    """Return the path of a shipped file or folder, such as `data_path("config", "demo.toml")`.

    The first part is `templates` or `config`. A wheel carries both under `automation/data` (see
    `force-include` in pyproject.toml); a checkout has them beside the package.
    """
    root = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
    return root.joinpath(*parts)
