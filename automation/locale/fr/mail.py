"""Courriels : les mots autour des gabarits, et ce qui ne va pas avec eux."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "mail.greeting": "Bonjour {name},",
    "mail.greeting_nobody": "Bonjour,",
    "mail.moment": "{day} à {hour}",
    "mail.from": "{day}, à {start}",
    "mail.from_to": "{day}, de {start} à {end}",
    "mail.list": "{others} et {last}",
    "mail.link": "{label} : {url}",
    "mail.calendar_file": "rencontres.ics",
    "mail.meeting": "Rencontre",
    "mail.meeting_called_off": "ANNULÉE – {summary}",
    "mail.meeting_host": "Animation : {host}",
    "mail.meeting_questions": "Pour nous joindre : {address}",
    "error.no_sender": "La configuration ne dit pas au nom de qui écrire.",
    "error.no_sender.remedy": "Dans [mail], donnez « sender », par exemple « Le comité <comite@example.org> ».",
    "error.no_postal_address": "La configuration ne donne pas l’adresse postale que chaque message doit porter.",
    "error.no_postal_address.remedy": "Dans [mail], donnez « postal_address ».",
    "error.bad_sender": "L’adresse de qui écrit ne peut pas servir.",
    "error.bad_sender.remedy": "Corrigez « sender » ou « reply_to » dans [mail].",
    # Ce qui empêche un message d’être écrit
    "mail.no_address": "Sans adresse courriel.",
    "mail.bad_address": "L’adresse courriel n’est pas valide.",
    "mail.accented_address": "L’adresse courriel a un accent avant le @ : peu de serveurs l’acceptent. Demandez-en une autre.",
    "mail.bad_link": "Un lien du message ne mène nulle part : il doit commencer par https://.",
    # Fautes d’un gabarit
    "template.missing": "Ce gabarit n’existe pas en français.",
    "template.unreadable": "Le fichier est illisible : enregistrez-le en UTF-8.",
    "template.no_front": "Le gabarit doit commencer par une ligne « --- », son en-tête, puis une autre ligne « --- ».",
    "template.bad_line": "Ligne d’en-tête incompréhensible : écrivez « mot : valeur ».",
    "template.unknown_entry": "« {name} » n’est pas un mot de l’en-tête : choisissez parmi {names}.",
    "template.only_in_french": "« {name} » se règle dans la version française seulement.",
    "template.no_entry": "Il manque « {name} » à l’en-tête.",
    "template.bad_entry": "« {name} » : « {value} » ne convient pas.",
    "template.syntax": "Balise mal écrite : {error}",
    "template.unknown_variable": "Variable inconnue : « {name} ». Celles de ce gabarit : {names}.",
    "template.failed": "Ce passage ne peut pas être rendu : {error}",
    "template.empty": "Cette valeur n’existe pas pour ce message ({error}) : entourez-la de « {{% if … is defined %}} ».",
    "template.bad_link": "Ce lien ne mène nulle part : il doit commencer par https://, http:// ou mailto:.",
    "template.no_block": "Le message ne donne pas {what}, que tout message doit donner.",
    "template.block_sender": "le nom de qui écrit",
    "template.block_postal_address": "l’adresse postale",
    "template.block_contact": "l’adresse où nous joindre",
    "template.block_place": "le lien vers Ma place",
    "template.block_unsubscribe": "comment ne plus recevoir de nouvelles",
}
