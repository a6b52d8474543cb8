"""Ce qui s’imprime : feuilles de présence et attestations."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "paper.day": "{weekday} {day}",
    "paper.from": "à {start}",
    "paper.hours": "de {start} à {end}",
    "paper.on": "le {day}",
    "paper.span": "du {first} au {last}",
    # La feuille de présence
    "paper.sign_in": "Feuille de présence",
    "paper.meeting": "Rencontre n° {number}",
    "paper.host": "Animation : {host}",
    "paper.number": "N°",
    "paper.name": "Nom",
    "paper.business": "Entreprise",
    "paper.signature": "Signature",
    "paper.email": "Courriel",
    "paper.guests": "Invité·es",
    "paper.guests_welcome": "Bienvenue! Écrivez lisiblement votre nom, et votre courriel si vous souhaitez qu’on vous écrive.",
    "paper.not_registered": "Pas encore inscrit·e? Visez ce code avec l’appareil photo de votre téléphone : il ouvre le formulaire d’inscription.",
    "paper.page": "page {number} de {count}",
    # L’attestation
    "paper.attestation": "Attestation de participation",
    "paper.certifies": "Le comité atteste que",
    "paper.took_part": "a participé à {presences} rencontres sur {meetings}, {span}.",
    "paper.took_part_once": "a participé à 1 rencontre sur {meetings}, {span}.",
    "paper.took_part_always": "a participé aux {meetings} rencontres, {span}.",
    "paper.took_part_sole": "a participé à la rencontre tenue {span}.",
    "paper.thanks": "Merci de votre présence, et de tout ce que vous avez apporté au groupe.",
    "paper.done_at": "{place}, le {day}",
    "paper.done_on": "Le {day}",
    "paper.for_committee": "Pour le comité",
    # La ligne de commande
    "help.papers": "Préparer ce qui s’imprime : feuilles de présence, attestations.",
    "help.sign_in": "Faire la feuille de présence de la prochaine rencontre, ou d’autres.",
    "help.attestations": "Faire une attestation pour chaque personne venue assez souvent (colonne Attestation dès).",
    "option.out": "Fichier à écrire; - pour la sortie standard.",
    "papers.file.sign_in": "feuille-de-presence-{meetings}",
    "papers.file.attestations": "attestations",
    "papers.sign_in": "Feuille prête à imprimer : {file} (rencontre n° {meetings}).",
    "papers.attestations": "Attestations prêtes à imprimer : {file} ({count}).",
    "papers.nobody": "Aucune attestation : personne n’est encore venu assez souvent.",
    "papers.no_threshold": "Aucune attestation : écrivez un nombre de présences dans « Attestation dès », à l’onglet Cohortes.",
    # Ce qui empêche
    "error.no_pdf": "L’extra pdf n’est pas installé : Cohorte ne peut pas faire de PDF.",
    "error.no_pdf.remedy": "pip install 'cohorte[pdf]'; ou, sans rien installer, --format html, qui s’imprime de tout navigateur.",
    "error.paper_template": "Le gabarit {template} ne peut pas servir (ligne {line}) : {problem}",
    "error.paper_template.remedy": "Corrigez-le; ou retirez-le du dossier de [attendance] templates, et celui de Cohorte reprendra sa place.",
    "error.no_meeting": "Aucune rencontre ne correspond, ou aucune n’est à venir.",
    "error.no_meeting.remedy": "Choisissez-en avec --meeting, par leur numéro dans l’onglet Rencontres.",
    "error.meeting_undated": "La rencontre n° {number} n’a pas de date.",
    "error.meeting_undated.remedy": "Écrivez-la dans l’onglet Rencontres.",
    "error.unwritable": "Le fichier {file} ne peut pas être écrit.",
    "error.unwritable.remedy": "Choisissez-en un autre avec --out.",
}
