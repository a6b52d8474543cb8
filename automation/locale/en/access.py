"""Access to Google: credentials, scopes, login."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "error.no_credentials": "No Google credentials: neither in [google] credentials, nor in COHORTE_GOOGLE_CREDENTIALS, nor on this machine.",
    "error.no_credentials.remedy": "Put a service account's key where [google] credentials says, or log in with `cohorte login`.",
    "error.key_refused": "Google does not know the service account's key: it was deleted, or belongs to another account.",
    "error.key_refused.remedy": "Make a new JSON key (Google Cloud console, IAM & Admin, Service accounts, Keys), and put it in the place of the old one.",
    "error.login_ended": "The login at Google has ended: the authorisation expired, or was withdrawn.",
    "error.login_ended.remedy": "Run `cohorte login` again. If that happens every week, the Google application is still “in testing”: publish it (Google Cloud console, Consent screen).",
    "error.clock_off": "This machine's clock is {minutes} minutes off: Google refuses what it signs.",
    "error.clock_off.remedy": "Set the clock (timedatectl set-ntp true), then run the command again.",
    "error.scope_missing": "The authorisation given to Cohorte does not cover the {api}.",
    "error.scope_missing.remedy": "Run `cohorte login` again and tick every box. For a service account that acts for somebody, add these scopes to its delegation: {scopes}",
    "error.no_delegation": "The service account may not write on behalf of [google] subject.",
    "error.no_delegation.remedy": "In admin.google.com (Security, API controls, Domain-wide delegation), add its client number with the scopes {scopes}",
    "error.no_such_subject": "Google does not know the person that [google] subject names.",
    "error.no_such_subject.remedy": "Write the address of a person of your Google Workspace domain: neither a group nor an alias.",
    "error.workload_refused": "Google does not know this job: the exchange of its token was refused ({detail}).",
    "error.workload_refused.remedy": "Check the identity pool's provider (which repository and branch it lets in), and that the job may ask for a token: `permissions: id-token: write` in GitHub Actions.",
    "error.client_refused": "Google no longer knows the application that you logged in with ({detail}).",
    "error.client_refused.remedy": "Make an OAuth client of the type “Desktop app” (Google Cloud console, Credentials), then run `cohorte login` again with its file.",
    "error.api_off": "The {api} is not enabled in the Google project.",
    "error.api_off.remedy": "Enable it: https://console.cloud.google.com/apis/library/{service} then wait a few minutes.",
}
