"""To schedule nights, to let several pass, and to notice them."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "help.schedule": "Write what lets nights pass by themselves: systemd, cron, github-actions, kubernetes or cloud-run.",
    "option.hour": "Hour of the night, in the workbook's time zone (else a little after 03:15).",
    "option.folder": "Folder to put the files in, instead of showing them.",
    "schedule.written": "Written: {path}",
    "schedule.zone": "The workbook's time zone could not be read: {zone} is written. Check it.",
    "error.bad_hour": "“{value}” is not an hour.",
    "error.bad_hour.remedy": "Write HH:MM, for instance 03:15.",
    "error.file_taken": "The file {path} exists already.",
    "error.file_taken.remedy": "Nothing was written. Choose another folder, or remove it first.",
    "option.shard": "Take care only of part I of N of the configurations (else as Kubernetes or Cloud Run says).",
    "option.log_format": "Form of what goes to the machine's log: json writes a line for each night.",
    "nightly.sum": "Programmes: {count}; passed {passed}, to look at {damaged}, failed {failed}.",
    "nightly.failed": "Night failed (code {code}): {path}",
    "nightly.unheard": "The watchdog {host} did not answer; the night is none the worse.",
    "nightly.no_alert": "The message to the maintainer could not leave ({kind}).",
    "error.bad_shard": "“{value}” is no part.",
    "error.bad_shard.remedy": "Write I/N, for instance 0/4: part 0 of 4.",
    "error.shard_of_how_many": "{index} says which part to take, but {count} does not say of how many.",
    "error.shard_of_how_many.remedy": "Set {count} (at Kubernetes, the same number as completions), or --shard I/N.",
    "error.no_configs": "The folder “{folder}” holds no configuration (*.toml).",
    "error.no_configs.remedy": "Give the path of a file, or of a folder that holds some.",
    "column.when": "When",
    "column.kind": "Run",
    "column.transitions": "Changes",
    "column.mails": "Messages",
    "look.nights": "Latest runs",
}
