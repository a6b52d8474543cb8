"""What Cohorte may ask of Google, feature by feature: each session asks for its own, and no more.

https://developers.google.com/identity/protocols/oauth2/scopes
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

_AUTH: Final = "https://www.googleapis.com/auth/"


class Feature(StrEnum):
    """What a session is for."""

    SHEETS = "sheets"
    """A night's reading and writing: every spreadsheet that the account can open."""
    MAIL = "mail"
    """Making drafts, sending them, and finding what became of them."""
    FORMS = "forms"
    """The form's answers, and whether it takes any more; only with `[responses] form_id`."""
    SHARING = "sharing"
    """With whom the spreadsheet is shared; `doctor` alone asks."""
    EXPORT = "export"
    """The spreadsheet as an Excel file; `export` alone asks."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """What a token for it must grant."""
        return tuple(_AUTH + name for name in _SCOPES[self])

    @property
    def api(self) -> str:
        """The API's name, as the Google Cloud console has it."""
        return _APIS[self][0]

    @property
    def service(self) -> str:
        """The API's identifier, as the Google Cloud console has it."""
        return _APIS[self][1]


# drive.metadata and drive.readonly only look. Not gmail.metadata: in a token, it forbids searching
# even beside gmail.readonly. Not gmail.send: it knows no drafts.
_SCOPES: Final = {
    Feature.SHEETS: ("spreadsheets",),
    Feature.MAIL: ("gmail.compose", "gmail.readonly"),
    Feature.FORMS: ("forms.body", "forms.responses.readonly"),
    Feature.SHARING: ("drive.metadata.readonly",),
    Feature.EXPORT: ("drive.readonly",),
}
_DRIVE: Final = ("Google Drive API", "drive.googleapis.com")
_APIS: Final = {
    Feature.SHEETS: ("Google Sheets API", "sheets.googleapis.com"),
    Feature.MAIL: ("Gmail API", "gmail.googleapis.com"),
    Feature.FORMS: ("Google Forms API", "forms.googleapis.com"),
    Feature.SHARING: _DRIVE,
    Feature.EXPORT: _DRIVE,
}


def feature_of(url: str) -> Feature:
    """Return what the API of an address is for."""
    host, _, path = url.partition("://")[2].partition("/")
    if path.startswith("drive/"):
        return Feature.EXPORT if path.partition("?")[0].endswith("/export") else Feature.SHARING
    return next((one for one in Feature if one.service == host), Feature.SHEETS)
