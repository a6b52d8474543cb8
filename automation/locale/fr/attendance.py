"""Les présences : leurs onglets, et leurs commandes."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "roll.called": "Appel terminé",
    "roll.guests": "Invité·es : une ligne par personne",
    "presence.present": "présent·e",
    "presence.absent": "absent·e",
    "presence.excused": "excusé·e",
    "presence.unknown": "?",
    "problem.roll_header": "La ligne des en-têtes (N°, Nom, Présent…) n’est plus là : cet onglet est laissé tel quel, et personne n’y est compté. Annulez la modification (Ctrl+Z, ou Fichier, Historique des versions).",
    "problem.roll_torn": "Les cellules de la ligne du n° {number} ne vont plus ensemble : ses coches ne comptent pas, car elles sont peut-être à quelqu’un d’autre. Annulez la modification (Ctrl+Z, ou Fichier, Historique des versions).",
    "problem.roll_doubled": "Le n° {number} figure sur plusieurs lignes : une coche sur l’une d’elles suffit. Supprimez la copie.",
    "problem.roll_orphan": "La rencontre n° {number} n’est plus dans l’onglet Rencontres : son onglet et ses coches restent, mais ne comptent pas. Rétablissez sa ligne si elle a eu lieu.",
    "notice.pairs_misplaced": "Après l’écriture, des paires de l’onglet Doublons ne sont pas où elles devraient être : {numbers}. Quelqu’un a sans doute trié l’onglet au même moment.",
    "notice.rolls_misplaced": "Après l’écriture, des lignes d’un onglet de présences ne sont pas où elles devraient être : rencontre n° {numbers}. Quelqu’un a sans doute trié l’onglet au même moment.",
    "plan.roll_new": "Présences de la rencontre n° {meeting} : onglet à préparer, personnes attendues : {count}.",
    "plan.roll": "Présences de la rencontre n° {meeting} : personnes ajoutées : {added}, barrées : {left}.",
    "plan.roll_updated": "Présences de la rencontre n° {meeting} : onglet à mettre à jour.",
    "help.attendance": "Préparer les onglets de présences.",
    "help.sheets": "Préparer tout de suite l’onglet de la prochaine rencontre de chaque cohorte, ou d’autres.",
    "option.meeting": "Numéro d’une rencontre (colonne N° de l’onglet Rencontres); peut se répéter.",
    "attendance.made": "Onglet prêt : rencontre n° {meeting}, personnes attendues : {count}.",
    "attendance.nothing": "Rien à préparer : les onglets y sont, ou aucune rencontre ne s’en vient.",
    "attendance.title": "Présences – {cohort}",
    "attendance.guests": "Invité·es",
    "attendance.none": "Aucune feuille de présences pour l’instant : elle est préparée {days} jours avant la rencontre, ou par « cohorte attendance sheets ».",
    "attendance.legend": "✓ présent·e · – absent·e · E excusé·e · ? pas encore dit",
    "column.total": "Présences",
    "error.unknown_meeting": "Il n’y a pas de rencontre n° {number}.",
    "error.unknown_meeting.remedy": "Les numéros sont dans la colonne N° de l’onglet Rencontres, une fois la nuit passée : {numbers}.",
    "help.person.show": "Voir tout ce qu’on sait d’une personne : un nom, un courriel ou un n°.",
    "dossier.title": "personne n° {number}",
    "dossier.head.enrolments": "Inscriptions",
    "dossier.head.presences": "Présences",
    "dossier.head.pairs": "Doublons possibles",
    "column.registered": "Inscrit le",
}
