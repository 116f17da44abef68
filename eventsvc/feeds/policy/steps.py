"""How people subscribe to a calendar, by program, in plain words (calendar.md rule 3).

The names of menus are those that the programs show in each language.
"""

from __future__ import annotations

from collections.abc import Mapping

CLIENTS = ("google", "apple", "outlook", "outlook_work", "thunderbird")
LANGUAGES = ("en", "de", "fr")

TITLES: Mapping[str, str] = {
    "google": "Google Calendar",
    "apple": "Apple (iPhone, iPad, Mac)",
    "outlook": "Outlook.com",
    "outlook_work": "Outlook (Microsoft 365)",
    "thunderbird": "Thunderbird",
}
_OUTLOOK_EN = (
    "Open the link and sign in.",
    "Give the calendar a name and choose Import.",
    (
        "If the link does not open: in the calendar choose Add calendar, then Subscribe from"
        " web, and"
        " paste the address."
    ),
)
_OUTLOOK_DE = (
    "Öffnen Sie den Link und melden Sie sich an.",
    "Geben Sie dem Kalender einen Namen und wählen Sie Importieren.",
    (
        "Öffnet sich der Link nicht: Wählen Sie im Kalender Kalender hinzufügen, dann Aus dem"
        " Internet"
        " abonnieren, und fügen Sie die Adresse ein."
    ),
)
_OUTLOOK_FR = (
    "Ouvrez le lien et connectez-vous.",
    "Donnez un nom au calendrier et choisissez Importer.",
    (
        "Si le lien ne s’ouvre pas : dans le calendrier, choisissez Ajouter un calendrier, puis"
        " S’abonner à partir du web, et collez l’adresse."
    ),
)
_STEPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "google": (
            "Open the link and confirm that you want to add the calendar.",
            (
                "If Google refuses the link: on a computer open Google Calendar, choose the"
                " plus sign"
                " beside Other calendars, then From URL, and paste the address."
            ),
            "Google reads the calendar a few times a day, so a late change may take hours.",
        ),
        "apple": (
            "Open the link on the device; the calendar app asks whether to subscribe.",
            "Choose Subscribe. On a Mac set Auto-refresh to every hour.",
            "Or in Calendar choose File, then New Calendar Subscription, and paste the address.",
        ),
        "outlook": _OUTLOOK_EN,
        "outlook_work": _OUTLOOK_EN,
        "thunderbird": (
            "In the calendar choose New Calendar, then On the Network.",
            "Paste the address, leave the user name empty and choose Find Calendars.",
            "Choose Subscribe.",
        ),
    },
    "de": {
        "google": (
            "Öffnen Sie den Link und bestätigen Sie, dass Sie den Kalender hinzufügen möchten.",
            (
                "Lehnt Google den Link ab: Öffnen Sie Google Kalender am Computer, wählen Sie"
                " das Plus"
                " neben Weitere Kalender, dann Per URL, und fügen Sie die Adresse ein."
            ),
            (
                "Google liest den Kalender einige Male am Tag; eine späte Änderung kann Stunden"
                " brauchen."
            ),
        ),
        "apple": (
            "Öffnen Sie den Link auf dem Gerät; die Kalender-App fragt, ob Sie abonnieren möchten.",
            "Wählen Sie Abonnieren. Stellen Sie am Mac Automatisch aktualisieren auf stündlich.",
            (
                "Oder wählen Sie in Kalender Ablage, dann Neues Kalenderabonnement, und fügen"
                " Sie die"
                " Adresse ein."
            ),
        ),
        "outlook": _OUTLOOK_DE,
        "outlook_work": _OUTLOOK_DE,
        "thunderbird": (
            "Wählen Sie im Kalender Neuer Kalender, dann Im Netzwerk.",
            (
                "Fügen Sie die Adresse ein, lassen Sie den Benutzernamen leer und wählen Sie"
                " Kalender"
                " suchen."
            ),
            "Wählen Sie Abonnieren.",
        ),
    },
    "fr": {
        "google": (
            "Ouvrez le lien et confirmez l’ajout du calendrier.",
            (
                "Si Google refuse le lien : sur un ordinateur, ouvrez Google Agenda, cliquez sur le"
                " plus à côté d’Autres agendas, puis À partir de l’URL, et collez l’adresse."
            ),
            (
                "Google lit le calendrier quelques fois par jour ; un changement tardif peut"
                " prendre"
                " des heures."
            ),
        ),
        "apple": (
            "Ouvrez le lien sur l’appareil ; l’app Calendrier propose de s’abonner.",
            (
                "Choisissez S’abonner. Sur un Mac, réglez l’actualisation automatique sur"
                " toutes les"
                " heures."
            ),
            (
                "Ou choisissez, dans Calendrier, Fichier, puis Nouvel abonnement, et collez"
                " l’adresse."
            ),
        ),
        "outlook": _OUTLOOK_FR,
        "outlook_work": _OUTLOOK_FR,
        "thunderbird": (
            "Dans l’agenda, choisissez Nouvel agenda, puis Sur le réseau.",
            (
                "Collez l’adresse, laissez le nom d’utilisateur vide et choisissez Trouver des"
                " agendas."
            ),
            "Choisissez S’abonner.",
        ),
    },
}


def steps_for(client: str, language: str) -> tuple[str, ...]:
    """What to do in ``client`` (of :data:`CLIENTS`), in ``language`` (of :data:`LANGUAGES`)."""
    return _STEPS[language][client]


def link_for(client: str, links: Mapping[str, str]) -> str:
    """Which of ``subscribe_links`` opens ``client``: Thunderbird is given the address to paste."""
    return links[{"apple": "webcal", "thunderbird": "address"}.get(client, client)]
