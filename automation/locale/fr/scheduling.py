"""Planifier les nuits, en faire passer plusieurs, et les remarquer."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "option.shard": "Ne s’occuper que de la part I de N des configurations (sinon ce que dit Kubernetes ou Cloud Run).",
    "option.log_format": "Forme de ce qui va au journal de la machine : json écrit une ligne par nuit.",
    "nightly.sum": "Programmes : {count}; réussis {passed}, à regarder {damaged}, manqués {failed}.",
    "nightly.failed": "Nuit manquée (code {code}) : {path}",
    "nightly.unheard": "Le service de surveillance {host} n’a pas répondu; la nuit n’en souffre pas.",
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
