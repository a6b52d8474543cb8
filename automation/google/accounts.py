"""Who we are at Google: a service account, a person, or a workload that a CI runner vouches for."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import google.auth
from google.auth import external_account, iam, identity_pool
from google.oauth2 import credentials, service_account
from msgspec import Struct

from automation.config.secret_files import OpenToAllError, read_secret
from automation.errors import CredentialsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from google.auth.transport import Request

    from automation.config import Config

# google-auth wants the kind said by us, not by a file that anybody may have written: it would run a
# program that such a file names.
_KINDS: Final[Mapping[str, Any]] = {
    "service_account": service_account.Credentials.from_service_account_info,
    "authorized_user": credentials.Credentials.from_authorized_user_info,
    "external_account": identity_pool.Credentials.from_info,
}
_IAM: Final = ("https://www.googleapis.com/auth/iam",)
_TOKEN_URL: Final = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


class AccountKind(StrEnum):
    """How Google knows us."""

    SERVICE = "service"
    """A service account, by its key."""
    PERSON = "person"
    """A person, who logged in."""
    WORKLOAD = "workload"
    """A job, by the word of whoever runs it (workload identity federation)."""
    MACHINE = "machine"
    """A machine at Google, by where it stands."""


class Account(Struct, frozen=True, kw_only=True):
    """Who we are at Google.

    Attributes:
        address: The service account's; "" where it is not known, and for a person.
    """

    kind: AccountKind
    address: str = ""


def load_credentials(config: Config, scopes: Sequence[str]) -> Any:
    """Return google-auth's credentials.

    Those of the environment variable, else of the file of [google] credentials, else Application
    Default Credentials. Raises `GoogleAuthError`, or what a key whose fields are no texts ends in:
    AttributeError, TypeError, ValueError.
    """
    secret = config.secrets.google_credentials
    if secret is None:
        _require_private()
        found, _ = google.auth.default(scopes=scopes)
        return found
    info = json.loads(secret.get_secret_value())
    kind = _KINDS.get(str(info.get("type")))
    if kind is None:
        raise ValueError("neither a service account's key nor a person's authorisation")
    return kind(info, scopes=list(scopes))


def _require_private() -> None:
    """Raise where everybody on this machine can read the secret that the surroundings name.

    What a runner writes for its jobs says where to ask for a token, and opens nothing by itself.
    """
    named = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS")
    if not named:
        return
    try:
        read_secret(Path(named))
    except OpenToAllError as error:
        if '"external_account"' not in Path(named).read_text(encoding="utf-8"):
            raise CredentialsError("credentials_open", file=named) from error
    except (OSError, UnicodeDecodeError):
        return  # google-auth says so in its own way


def describe_account(loaded: Any) -> Account:
    """Return who credentials stand for."""
    kind = AccountKind.MACHINE
    if isinstance(loaded, service_account.Credentials):
        kind = AccountKind.SERVICE
    elif isinstance(loaded, credentials.Credentials):
        kind = AccountKind.PERSON
    elif isinstance(loaded, external_account.Credentials):
        kind = AccountKind.WORKLOAD
    address = str(getattr(loaded, "service_account_email", None) or "")
    # A machine at Google does not know its account before it has asked.
    return Account(kind=kind, address=address if "@" in address else "")


def act_for(loaded: Any, subject: str, scopes: Sequence[str], request: Request) -> Any:
    """Return credentials that act for a person, by domain-wide delegation.

    A person's own credentials stay as they are. A service account without a key has Google sign in its
    stead, which takes the role Service Account Token Creator on itself:
    https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signBlob
    Raises `CredentialsError` for what is neither.
    """
    if isinstance(loaded, credentials.Credentials):
        return loaded
    if isinstance(loaded, service_account.Credentials):
        return loaded.with_subject(subject)  # type: ignore[no-untyped-call]
    signing = loaded.with_scopes(list(_IAM))
    if "@" not in str(signing.service_account_email or ""):
        signing.refresh(request)
    email = signing.service_account_email
    if not email:
        raise CredentialsError(
            "no_mailbox"
        )  # the job stands for itself, and for no service account
    signer = iam.Signer(request, signing, email)  # type: ignore[no-untyped-call]
    return service_account.Credentials(  # type: ignore[no-untyped-call]
        signer, email, _TOKEN_URL, scopes=list(scopes), subject=subject
    )
