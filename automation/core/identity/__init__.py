"""Who is the same person.

Certainties are automatic (`Directory`); likenesses are suggested, once, with their reasons
(`suggest_pairs`); decisions dominate both. `match_registrations` does all three at once.
"""

from __future__ import annotations

from automation.core.identity.certain import Directory, Likeness, likeness
from automation.core.identity.columns import find_bearers
from automation.core.identity.keys import email_key, name_key, phone_keys, valid_email
from automation.core.identity.looks import Person
from automation.core.identity.matching import (
    Household,
    Matches,
    Suggestion,
    match_registrations,
)
from automation.core.identity.suggestions import Pair, suggest_pairs
from automation.core.identity.verdicts import Contradiction, Verdict, settle

__all__ = [
    "Contradiction",
    "Directory",
    "Household",
    "Likeness",
    "Matches",
    "Pair",
    "Person",
    "Suggestion",
    "Verdict",
    "email_key",
    "find_bearers",
    "likeness",
    "match_registrations",
    "name_key",
    "phone_keys",
    "settle",
    "suggest_pairs",
    "valid_email",
]
