"""Les formulaires Google : ce qui les empêche de répondre, ce que Cohorte y change."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    # À la suite d’une option, entre parenthèses : reconnu dans les deux langues.
    "form_option.waiting": "complet – liste d’attente",
    "form_option.full": "complet",
    "form_option.closed": "inscriptions closes",
    "form.open": "ouverte",
    "form.not_accepting": "aucune réponse n’est acceptée",
    "plan.form": "Ce que dira le formulaire : {doors}.",
    "night.form_unkept": "Le formulaire n’a pas été mis à jour; le reste de la nuit est fait :",
    "error.form_legacy": "Ce formulaire, d’un ancien modèle, ne peut être ni fermé ni rouvert par l’API.",
    "error.form_legacy.remedy": "Fermez-le vous-même : Réponses, décochez « Accepter les réponses ». Un formulaire refait aujourd’hui n’a pas cette limite. Cohorte n’en reparlera que si la situation change.",
    "problem.form_unmatched": "Aucune ligne ne correspond aux réponses du formulaire que nomme la configuration : est-ce le bon form_id, et la feuille est-elle à la bonne heure (Fichier, Paramètres)?",
    "night.form_unread": "Les réponses n’ont pas pu être lues dans le formulaire; la nuit se fie à la feuille seule :",
    "error.form_not_found": "Le formulaire que nomme [responses] form_id n’existe pas, ou n’est pas partagé avec le compte de Cohorte.",
    "error.form_not_found.remedy": "Ouvrez le formulaire, ⋮, Ajouter des collaborateurs, et ajoutez ce compte comme éditeur; ou retirez form_id : la feuille seule suffit.",
    "error.form_forbidden": "Le formulaire n’est pas partagé avec le compte de Cohorte.",
    "error.form_forbidden.remedy": "Ouvrez le formulaire, ⋮, Ajouter des collaborateurs, et ajoutez ce compte comme éditeur; ou retirez form_id de la configuration : la feuille seule suffit.",
    "error.form_refused": "Google refuse ce qui est demandé au formulaire ({detail}).",
    "error.form_refused.remedy": "Si quelqu’un modifiait le formulaire, la prochaine nuit réessaiera; sinon, ouvrez-le et voyez s’il est encore entier.",
}
