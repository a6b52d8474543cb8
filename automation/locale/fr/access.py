"""L’accès à Google : identifiants, droits, connexion."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "error.no_credentials": "Aucun identifiant Google : ni dans [google] credentials, ni dans COHORTE_GOOGLE_CREDENTIALS, ni sur cette machine.",
    "error.no_credentials.remedy": "Mettez la clé d’un compte de service à l’endroit que nomme [google] credentials, ou connectez-vous avec « cohorte login ».",
    "error.key_refused": "Google ne reconnaît pas la clé du compte de service : elle a été supprimée, ou elle est d’un autre compte.",
    "error.key_refused.remedy": "Créez une nouvelle clé JSON (console Google Cloud, IAM et administration, Comptes de service, Clés), et mettez-la à la place de l’ancienne.",
    "error.login_ended": "La connexion à Google a pris fin : l’autorisation a expiré, ou a été retirée.",
    "error.login_ended.remedy": "Refaites « cohorte login ». Si cela revient chaque semaine, l’application Google est encore « en test » : publiez-la (console Google Cloud, Écran de consentement).",
    "error.clock_off": "L’horloge de cette machine est fausse de {minutes} minutes : Google refuse ce qu’elle signe.",
    "error.clock_off.remedy": "Remettez l’horloge à l’heure (timedatectl set-ntp true), puis relancez la commande.",
    "error.scope_missing": "L’autorisation donnée à Cohorte ne couvre pas {api}.",
    "error.scope_missing.remedy": "Refaites « cohorte login » en cochant toutes les cases. Pour un compte de service qui agit au nom de quelqu’un, ajoutez ces droits à sa délégation : {scopes}",
    "error.no_delegation": "Le compte de service n’a pas le droit d’écrire au nom de [google] subject.",
    "error.no_delegation.remedy": "Dans admin.google.com (Sécurité, Commandes des API, Délégation au niveau du domaine), ajoutez son numéro de client avec les droits {scopes}",
    "error.no_such_subject": "Google ne connaît pas la personne que nomme [google] subject.",
    "error.no_such_subject.remedy": "Écrivez l’adresse d’une personne de votre domaine Google Workspace : ni un groupe, ni un alias.",
    "error.workload_refused": "Google ne reconnaît pas cette tâche : l’échange de son jeton a été refusé ({detail}).",
    "error.workload_refused.remedy": "Vérifiez le fournisseur du bassin d’identités (dépôt et branche permis), et que la tâche peut demander un jeton : « permissions: id-token: write » dans GitHub Actions.",
    "error.client_refused": "Google ne connaît plus l’application avec laquelle vous vous êtes connecté ({detail}).",
    "error.client_refused.remedy": "Créez un client OAuth de type « Application de bureau » (console Google Cloud, Identifiants), puis refaites « cohorte login » avec son fichier.",
    "error.api_off": "L’API {api} n’est pas activée dans le projet Google.",
    "error.api_off.remedy": "Activez-la : https://console.cloud.google.com/apis/library/{service} puis attendez quelques minutes.",
}
