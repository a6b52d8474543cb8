"""Les formulaires Google : ce qui les empêche de répondre, ce que Cohorte y change."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "problem.form_unmatched": "Aucune ligne ne correspond aux réponses du formulaire que nomme la configuration : est-ce le bon form_id, et la feuille est-elle à la bonne heure (Fichier, Paramètres)?",
    "night.form_unread": "Les réponses n’ont pas pu être lues dans le formulaire; la nuit se fie à la feuille seule :",
    "error.form_not_found": "Le formulaire que nomme [responses] form_id n’existe pas, ou n’est pas partagé avec le compte de Cohorte.",
    "error.form_not_found.remedy": "Ouvrez le formulaire, ⋮, Ajouter des collaborateurs, et ajoutez ce compte comme éditeur; ou retirez form_id : la feuille seule suffit.",
    "error.form_forbidden": "Le formulaire n’est pas partagé avec le compte de Cohorte.",
    "error.form_forbidden.remedy": "Ouvrez le formulaire, ⋮, Ajouter des collaborateurs, et ajoutez ce compte comme éditeur; ou retirez form_id de la configuration : la feuille seule suffit.",
    "error.form_refused": "Google refuse ce qui est demandé au formulaire ({detail}).",
    "error.form_refused.remedy": "Si quelqu’un modifiait le formulaire, la prochaine nuit réessaiera; sinon, ouvrez-le et voyez s’il est encore entier.",
}
