"""Vie privée : donner, effacer, ne garder que le temps qu’il faut."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "help.person.export": "Donner tout ce qui est gardé d’une personne, en JSON : un nom, un courriel ou un n°.",
    "help.erase": "Effacer une personne de tous les onglets, pour toujours : un nom, un courriel ou un n°.",
    "help.purge": "Effacer qui a dépassé la durée de conservation; rien ne s’efface sans votre accord.",
    "option.months": "Mois après la fin de la cohorte (sinon [retention] months).",
    "reason.erased": "Vos renseignements personnels sont effacés.",
    "reason.ended_by_erasure": "Votre inscription prend fin : vos renseignements personnels sont effacés.",
    "mailing.erased": "(personne effacée)",
    "problem.erasure_pending": "Effacement à terminer (n° {number}) : supprimez cette réponse du formulaire (onglet Réponses, Individuel), puis cette ligne. D’ici là, Cohorte la reconnaît et n’inscrit personne; si c’est une nouvelle inscription, faites-la envoyer de nouveau ensuite.",
    "error.erase_doubled": "Le n° {number} figure sur plusieurs lignes de l’onglet Inscriptions : on ne sait laquelle est la sienne. Rien n’est effacé.",
    "error.erase_doubled.remedy": "Supprimez la copie, puis relancez la commande.",
    "erase.who": "Personne n° {person} : inscriptions n° {numbers}{name}.",
    "erase.what": "Son nom, ses coordonnées, ses réponses et vos notes disparaîtront de tous les onglets de Cohorte, pour toujours. Il reste une ligne sans nom, « Effacée », pour que les chiffres restent justes.",
    "erase.live": "Inscriptions actives qui prennent fin : {count}. Leur place redevient libre.",
    "erase.confirm": "Effacer pour toujours? (oui/non)",
    "erase.nobody": "Rien à effacer.",
    "erase.done": "C’est fait : inscriptions effacées : {count}.",
    "erase.answers": "À vous maintenant : réponses à supprimer du formulaire, puis de leur onglet : {count}. Cohorte n’y écrit jamais; « cohorte status » dit lesquelles tant qu’elles y sont.",
    "erase.replies": "Réponses à « Ma place » sous leur code, à supprimer aussi : {count}.",
    "erase.sent": "Messages déjà partis, qui restent dans la boîte d’envoi : {count}.",
    "erase.drafts": "Brouillons supprimés : {count}.",
    "erase.drafts_left": "Brouillons dont on ne sait s’ils sont partis, laissés en place : {references}. Regardez-les dans la boîte, et supprimez-les vous-mêmes.",
    "erase.drafts_unread": "La boîte d’envoi n’a pas répondu : ses brouillons y sont peut-être encore. Relancez la commande avec le n° {number}.",
    "erase.leftover": "Nommée ailleurs, à effacer vous-mêmes : {place}.",
    "erase.row": "{tab}, ligne {row}",
    "erase.file": "le classeur lui-même (titre ou plage nommée)",
    "erase.history": "Google garde les versions antérieures du classeur (Fichier, Historique des versions) : pour qu’il n’en reste rien, faites-en une copie, inscrivez son identifiant dans la configuration, dites « cohorte adopt », et supprimez l’ancien.",
    "purge.cohort": "{cohort} : dernière rencontre le {day}",
    "purge.open": "{cohort} : en cours, ou sans date de fin",
    "purge.people": "Personnes dont toutes les inscriptions ont pris fin depuis {months} mois : {count}{numbers}.",
    "purge.nobody": "Personne n’a dépassé la durée de conservation ({months} mois).",
    "summary.row.erasures": "Réponses de personnes effacées, à supprimer du formulaire et de son onglet",
    "look.erasures": "Réponses de personnes effacées, à supprimer du formulaire et de son onglet : {count}",
    "digest.erasures": "Réponses de personnes effacées, à supprimer",
    "export.person": "Tout ce qui est gardé de cette personne : {file}. Ce fichier est personnel : supprimez-le une fois remis.",
}
