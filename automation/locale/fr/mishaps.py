"""Erreurs : ce qui s’est passé, et quoi faire."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "nearest.header": " L’en-tête le plus proche est « {header} ».",
    "error.missing_question": "La question « {question} » est introuvable dans l’onglet « {tab} ».{nearest}",
    "error.missing_question.remedy": "Rétablissez l’en-tête dans l’onglet, ou inscrivez le nouveau "
    "dans la configuration, section [fields]. Rien n’a été écrit.",
    "error.missing_response_tab": "L’onglet des réponses « {tab} » est introuvable. Onglets du "
    "classeur : {titles}.",
    "error.missing_response_tab.remedy": "Inscrivez son titre exact dans la configuration, section "
    "[responses], clé tabs. Rien n’a été écrit.",
    "error.answers_are_chart": "L’onglet des réponses « {tab} » n’est plus qu’un graphique : Cohorte "
    "n’y trouve aucune réponse.",
    "error.answers_are_chart.remedy": "Renommez ce graphique et rendez son titre à l’onglet des "
    "réponses, ou rétablissez-le : Fichier, Historique des versions. Rien n’a été écrit.",
    "error.tab_is_chart": "L’onglet « {tab} » n’est plus qu’un graphique, là où Cohorte lit et écrit.",
    "error.tab_is_chart.remedy": "Rétablissez l’onglet d’avant : Fichier, Historique des versions. "
    "Rien n’a été écrit.",
    "error.memory_gone": "L’onglet « {tab} » a disparu du classeur, et Cohorte y garde sa mémoire.",
    "error.memory_gone.remedy": "Rétablissez-le : Fichier, Historique des versions. Rien n’a été écrit.",
    "error.missing_column": "La colonne « {column} » est introuvable dans l’onglet « {tab} ».{nearest}",
    "error.missing_column.remedy": "Rétablissez cet en-tête dans la ligne 1 (Ctrl+Z ou l’historique "
    "des versions). Rien n’a été écrit.",
    "error.unknown_zone": "Le fuseau horaire « {zone} » du classeur est inconnu ici.",
    "error.unknown_zone.remedy": "Choisissez-en un autre : Fichier, Paramètres, Fuseau horaire.",
    "error.no_spreadsheet": "L’espace « {path} » ne contient aucune feuille de calcul.",
    "error.no_spreadsheet.remedy": "Chargez des réponses avec « cohorte local load FICHIER.csv », ou "
    "voyez une démonstration avec « cohorte demo ».",
    "error.several_spreadsheets": "L’espace « {path} » contient plusieurs feuilles de calcul.",
    "error.several_spreadsheets.remedy": "Dites laquelle dans la configuration : [workspace], clé "
    "spreadsheet.",
    "error.workspace_version": "L’espace « {path} » vient d’une autre version de Cohorte ({version}).",
    "error.workspace_version.remedy": "Reprenez la version qui l’a fait, ou rechargez vos fichiers dans un nouveau dossier.",
    "error.workspace_unreadable": "Le fichier « {path} » n’est pas un espace embarqué.",
    "error.workspace_unreadable.remedy": "Vérifiez [workspace] path dans la configuration.",
    "error.not_found": "Google ne trouve pas la feuille de calcul.",
    "error.not_found.remedy": "Vérifiez [workspace] spreadsheet : c’est la longue suite de lettres "
    "dans l’adresse de la feuille.",
    "error.locked": "Google refuse d’écrire : une protection tient Cohorte à l’écart de ceci : {tabs}.",
    "error.locked.remedy": "Données, Protéger des feuilles et des plages : ajoutez le compte de Cohorte "
    "à ceux qui peuvent modifier, ou n’affichez qu’un avertissement. Puis relancez la commande.",
    "error.forbidden": "Google refuse l’accès à la feuille de calcul.",
    "error.forbidden.remedy": "Partagez-la, comme éditeur, avec le compte de Cohorte; « cohorte doctor » dit lequel.",
    "error.credentials": "Les identifiants Google ne sont pas acceptés ({detail}).",
    "error.credentials.remedy": "Vérifiez [google] credentials dans la configuration.",
    "error.unreachable": "Google ne répond pas comme prévu ({detail}).",
    "error.unreachable.remedy": "Rien n’est perdu : vérifiez la connexion à Internet, puis relancez la commande dans quelques minutes.",
    "error.refused": "Google a refusé l’écriture : {detail}",
    "error.refused.remedy": "Rien n’a été écrit. C’est un défaut de Cohorte : signalez-le avec ce "
    "message. « cohorte --debug … » montre tout ce que dit Google : des renseignements personnels peuvent s’y trouver.",
    "error.conflict": "Une autre exécution a écrit entre-temps; celle-ci n’a rien écrit de plus.",
    "error.conflict.remedy": "Relancez la commande : elle repart de ce que l’autre a laissé.",
    "error.lease": "Une autre exécution est en cours, jusqu’à {until} au plus tard.",
    "error.lease.remedy": "Attendez qu’elle finisse, puis relancez la commande.",
    "error.too_late": "La lecture date de plus de 30 minutes : rien n’a été écrit de plus.",
    "error.too_late.remedy": "Relancez la commande.",
    "error.stale_plan": "Le plan n’est plus le même ({digest}).",
    "error.stale_plan.remedy": "Regardez-le de nouveau avec « cohorte plan ».",
    "error.no_enrolment": "Il n’y a pas d’inscription n° {number}.",
    "error.no_enrolment.remedy": "Les numéros sont dans l’onglet Inscriptions : « cohorte show enrolments ».",
    "error.merge_with_itself": "Le n° {number} est déjà lui-même : il en faut deux.",
    "error.merge_with_itself.remedy": "Donnez les numéros de deux inscriptions.",
    "error.nobody_to_split": "Le n° {number} est la seule inscription de cette personne.",
    "error.nobody_to_split.remedy": "« cohorte explain {number} » dit ce que Cohorte sait d’elle.",
    "error.split_the_other": "Le n° {number} est resté : c’est le n° {other} qui lui a été réuni.",
    "error.split_the_other.remedy": "Pour les séparer : « cohorte person split {other} ».",
    "error.brake": "{what}. C’est beaucoup pour une nuit : rien n’a été écrit.",
    "error.brake.remedy": "Regardez « cohorte plan ». Si c’est voulu, relancez avec « cohorte apply --force »; sinon, rétablissez les lignes (Fichier, Historique des versions).",
    "error.copied": "Ce classeur est une copie : il a été préparé sous un autre identifiant. Rien n’a été écrit.",
    "error.copied.remedy": "Vérifiez [workspace] spreadsheet. Si la copie remplace l’original, dites-le avec « cohorte adopt ».",
    "error.restored": "Le classeur est revenu à une version antérieure : son journal s’arrête avant la dernière écriture. Rien n’a été écrit.",
    "error.restored.remedy": "Relisez l’onglet Inscriptions. S’il est comme vous le voulez, dites-le avec « cohorte adopt »; sinon, rétablissez une version plus récente.",
    "error.config": "La configuration {path} ne peut pas servir :\n{mistakes}",
    "error.config.remedy": "Corrigez ces lignes; {example} montre chaque clé.",
    "error.config_unreadable": "La configuration {path} est illisible : c’est un dossier, ou l’accès est refusé.",
    "error.config_unreadable.remedy": "Donnez avec --config le chemin d’un fichier que vous pouvez lire.",
    "error.no_config": "Le fichier de configuration {path} n’existe pas.",
    "error.no_config.remedy": "Donnez son chemin avec --config, ou faites-le avec « cohorte init »; pour essayer "
    "avec vos réponses, « cohorte local load FICHIER.csv ».",
    "error.at_on_google": "--at ne sert qu’à regarder quand la feuille est chez Google.",
    "error.at_on_google.remedy": "Relancez la commande sans --at.",
    "error.bad_instant": "« {value} » n’est pas une date et heure ISO 8601.",
    "error.bad_instant.remedy": "Écrivez par exemple 2023-01-16T02:00.",
    "error.unknown_tab": "Il n’y a pas d’onglet « {tab} ».",
    "error.unknown_tab.remedy": "Choisissez parmi : {tabs}.",
    "error.tab_not_made": "L’onglet « {tab} » n’existe pas encore.",
    "error.tab_not_made.remedy": "« cohorte apply » prépare les onglets qui manquent.",
    "error.bad_csv": "Le fichier {path} ne se lit pas comme un CSV, à partir de la ligne {line}.",
    "error.bad_csv.remedy": "Téléchargez l’onglet de nouveau : Fichier, Télécharger, Valeurs "
    "séparées par des virgules.",
    "error.zip_csv": "L’archive {path} contient {count} fichiers CSV : il en faut un seul.",
    "error.zip_csv.remedy": "Sortez de l’archive le fichier des réponses et chargez-le; un classeur Excel s’enregistre d’abord en CSV.",
    "error.bad_zip": "L’archive {path} ne s’ouvre pas : elle est abîmée, ou demande un mot de passe.",
    "error.bad_zip.remedy": "Téléchargez-la de nouveau, ou chargez le CSV qu’elle contient.",
    "error.csv_too_large": "Le fichier {path} dépasse {megabytes} Mo : ce ne sont pas des réponses.",
    "error.csv_too_large.remedy": "Téléchargez l’onglet de nouveau : Fichier, Télécharger, Valeurs "
    "séparées par des virgules.",
    "error.empty_csv": "Le fichier {path} est vide.",
    "error.empty_csv.remedy": "Téléchargez l’onglet de nouveau : Fichier, Télécharger, Valeurs "
    "séparées par des virgules.",
    "error.csv_headers": "Il manque au fichier la colonne « {column} » : ces lignes ne vont pas dans "
    "l’onglet « {tab} ».",
    "error.csv_headers.remedy": "La première ligne du fichier doit porter les en-têtes de l’onglet.",
    "error.csv_resembles": "Le fichier {path} ressemble à l’onglet « {tab} », non à des réponses.",
    "error.csv_resembles.remedy": "Dites-le à la commande : ajoutez « --as {kind} ».",
    "error.csv_missing_question": "La question « {question} » est introuvable dans {path}.{nearest}",
    "error.csv_missing_question.remedy": "Rétablissez l’en-tête dans le fichier, ou inscrivez le "
    "nouveau dans {config}, section [fields]. Rien n’a été chargé.",
    "error.csv_no_timestamp": "Aucune colonne de {path} ne dit quand chaque réponse est arrivée.",
    "error.csv_no_timestamp.remedy": "Nommez « Horodateur » celle qui en porte la date et l’heure. "
    "Rien n’a été chargé.",
    "error.csv_no_name": "Aucune colonne de {path} ne semble donner le nom de la personne.",
    "error.csv_no_name.remedy": "Nommez-en une « Nom complet », ou écrivez la configuration {config} "
    "sur le modèle de {example}.",
    "error.local_only": "Cette commande ne sert qu’à un espace embarqué.",
    "error.local_only.remedy": 'Choisissez une configuration où [workspace] kind = "embedded".',
    "error.port_taken": "Le port {port} ne peut pas être pris sur cette machine.",
    "error.port_taken.remedy": "Choisissez-en un autre avec --port, ou --port 0 pour un port libre.",
}
