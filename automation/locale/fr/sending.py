"""Ce qu’il advient des messages, et les boîtes d’où ils partent."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    # Pourquoi un message n’est pas parti, ou pourquoi personne ne le sait.
    "sending.refused": "Le message est refusé : {detail}.",
    "sending.limit": "Gmail ne prend plus de messages pour le moment ({detail}).",
    "sending.still_a_draft": "Le message est encore dans les brouillons : il n’est pas parti.",
    "sending.draft_gone": "Le brouillon a disparu, et le message n’est pas parmi ceux qui sont "
    "partis : cherchez « {reference} » dans la boîte.",
    "sending.touched": "Quelqu’un a touché au brouillon : cherchez « {reference} » dans les messages "
    "envoyés et dans les brouillons.",
    "sending.no_server": "Le serveur de courriel ne répond pas.",
    "sending.broken_off": "La connexion au serveur de courriel s’est rompue avant la fin : rien "
    "n’est parti.",
    "sending.no_receipt": "Le serveur de courriel n’a pas accusé réception : le message est "
    "peut-être parti. Cherchez « {reference} » dans les messages envoyés, ou demandez à la personne.",
    "sending.no_memory": "L’envoi s’est interrompu, et un serveur de courriel ne dit pas ce qui est "
    "parti : cherchez « {reference} » dans les messages envoyés, ou demandez à la personne.",
    "sending.accented": "L’adresse a un accent avant le @ : bien des serveurs ne la prennent pas.",
    "sending.not_in_folder": "Le message n’est pas dans le dossier.",
    # Les comptes qui ne peuvent pas servir.
    "error.no_mailbox": "Google refuse l’accès à la boîte de courriel.",
    "error.no_mailbox.remedy": "Accordez les droits gmail.compose et gmail.readonly; un compte de "
    "service doit en plus pouvoir agir au nom de [google] subject (délégation dans tout le domaine).",
    "error.mail_unreachable": "Le serveur de courriel ne répond pas comme prévu ({detail}).",
    "error.mail_unreachable.remedy": "Rien n’est perdu : vérifiez [smtp] host et port, puis "
    "relancez la commande.",
    "error.mail_credentials": "Le serveur de courriel n’accepte pas notre connexion ({detail}).",
    "error.mail_credentials.remedy": "Vérifiez [smtp] user et le mot de passe : le fichier "
    "password_file, ou COHORTE_SMTP_PASSWORD.",
    "error.mail_no_tls": "Le serveur de courriel « {host} » n’offre pas de connexion chiffrée.",
    "error.mail_no_tls.remedy": "Rien n’est parti. Écrivez un autre serveur dans [smtp], ou le "
    "port 465 si le vôtre chiffre dès le début.",
    "error.mail_folder": "Le dossier des messages « {path} » ne peut pas servir ({detail}).",
    "error.mail_folder.remedy": "Vérifiez qu’on peut y écrire et qu’il reste de la place.",
}
