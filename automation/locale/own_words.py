"""click's own texts, as it writes them, by the names that the catalogues know them by.

They are apart from the English catalogue, which has them too: whoever reads French need not load it.
"""

from __future__ import annotations

from typing import Final

CLICK: Final[dict[str, str]] = {
    "usage": "Usage:",
    "options": "Options",
    "arguments": "Positional arguments",
    "default": "default: {default}",
    "required": "required",
    "error": "Error: {message}",
    "try": "Try '{command} {option}' for help.",
    "aborted": "Aborted!",
    "missing_command": "Missing command.",
    "missing_argument": "Missing argument",
    "missing_option": "Missing option",
    "missing_parameter": "Missing parameter",
    "no_such_option": "No such option {name!r}.",
    "no_such_command": "No such command {name!r}.",
    "did_you_mean": "Did you mean {possibility}?",
    "did_you_mean_one_of": "(Did you mean one of: {possibilities}?)",
    "extra_argument": "Got unexpected extra argument ({args})",
    "extra_arguments": "Got unexpected extra arguments ({args})",
    "needs_value": "Option {name!r} requires an argument.",
    "needs_values": "Option {name!r} requires {nargs} arguments.",
    "takes_no_value": "Option {name!r} does not take a value.",
    "invalid": "Invalid value: {message}",
    "invalid_for": "Invalid value for {param_hint}: {message}",
    "not_a_number": "{value!r} is not a valid {number_type}.",
    "not_in_range": "{value} is not in the range {range}.",
    "choose": "Choose from:\n\t{choices}",
    "not_the_choice": "{value!r} is not {choice}.",
    "not_a_choice": "{value!r} is not one of {choices}.",
    "is_missing": "{name} {filename!r} does not exist.",
    "is_a_file": "{name} {filename!r} is a file.",
    "is_a_directory": "{name} {filename!r} is a directory.",
    "not_readable": "{name} {filename!r} is not readable.",
    "not_writable": "{name} {filename!r} is not writable.",
    "not_opened": "Could not open file {filename!r}: {message}",
}
