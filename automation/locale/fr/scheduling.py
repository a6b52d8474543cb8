"""Planifier les nuits, en faire passer plusieurs, et les remarquer."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "help.schedule": "Écrire de quoi faire passer les nuits d’elles-mêmes : systemd, cron, github-actions, kubernetes ou cloud-run.",
    "option.hour": "Heure de la nuit, dans le fuseau du classeur (sinon un peu après 3 h 15).",
    "option.folder": "Dossier où poser les fichiers, au lieu de les montrer.",
    "schedule.written": "Écrit : {path}",
    "schedule.zone": "Le fuseau du classeur n’a pas pu être lu : c’est {zone} qui est écrit. Vérifiez-le.",
    "error.bad_hour": "« {value} » n’est pas une heure.",
    "error.bad_hour.remedy": "Écrivez HH:MM, par exemple 03:15.",
    "error.file_taken": "Le fichier {path} existe déjà.",
    "error.file_taken.remedy": "Rien n’a été écrit. Choisissez un autre dossier, ou retirez-le d’abord.",
    "option.shard": "Ne s’occuper que de la part I de N des configurations (sinon ce que dit Kubernetes ou Cloud Run).",
    "option.log_format": "Forme de ce qui va au journal de la machine : json écrit une ligne par nuit.",
    "nightly.sum": "Programmes : {count}; réussis {passed}, à regarder {damaged}, manqués {failed}.",
    "nightly.failed": "Nuit manquée (code {code}) : {path}",
    "nightly.unheard": "Le service de surveillance {host} n’a pas répondu; la nuit n’en souffre pas.",
    "nightly.no_alert": "Le courriel à la personne responsable n’a pas pu partir ({kind}).",
    "error.bad_shard": "« {value} » n’est pas une part.",
    "error.bad_shard.remedy": "Écrivez I/N, par exemple 0/4 : la part 0 de 4.",
    "error.shard_of_how_many": "{index} dit quelle part prendre, mais {count} ne dit pas de combien.",
    "error.shard_of_how_many.remedy": "Donnez {count} (chez Kubernetes, le même nombre que completions), ou --shard I/N.",
    "error.no_configs": "Le dossier « {folder} » ne contient aucune configuration (*.toml).",
    "error.no_configs.remedy": "Donnez le chemin d’un fichier, ou d’un dossier qui en contient.",
    "column.when": "Quand",
    "column.kind": "Passage",
    "column.transitions": "Changements",
    "column.mails": "Messages",
    "look.nights": "Derniers passages",
}
