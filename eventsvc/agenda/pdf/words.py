"""The words that we add to what organisers wrote, in three languages."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "page": "Page", "day": "Day", "other_day": "Day not fixed yet", "until": "until",
        "online": "Online", "hybrid": "On site and online", "draft": "Draft – may still change",
        "state": "Programme as published on", "empty": "The programme is empty.",
        "no_signs": "No room has anything on.", "run_sheet": "Run sheet", "untimed": "not timed",
        "cancelled": "This event was cancelled.", "postponed": "This event was postponed.",
        "date_open": "The date is not fixed yet", "provisional": "provisional",
        "time": "Time", "minutes": "Min", "what": "What", "where": "Where", "who": "Who",
        "cues": "Cues", "notes": "Notes", "next": "next in this room at",
        "change": "minutes to change over", "people": "places", "join": "online link",
        "hidden": "hidden", "at_once": "no pause before",
    },
    "de": {
        "page": "Seite", "day": "Tag", "other_day": "Tag noch offen", "until": "bis",
        "online": "Online", "hybrid": "Vor Ort und online",
        "draft": "Entwurf – Änderungen möglich", "state": "Programm, veröffentlicht am",
        "empty": "Das Programm ist leer.", "no_signs": "In keinem Raum findet etwas statt.",
        "run_sheet": "Ablaufplan", "untimed": "ohne Zeit",
        "cancelled": "Diese Veranstaltung wurde abgesagt.",
        "postponed": "Diese Veranstaltung wurde verschoben.",
        "date_open": "Der Termin steht noch nicht fest", "provisional": "vorläufig",
        "time": "Zeit", "minutes": "Min", "what": "Was", "where": "Wo", "who": "Wer",
        "cues": "Stichworte", "notes": "Notizen", "next": "danach in diesem Raum um",
        "change": "Minuten Umbau", "people": "Plätze", "join": "Online-Link",
        "hidden": "verborgen", "at_once": "keine Pause davor",
    },
    "fr": {
        "page": "Page", "day": "Jour", "other_day": "Jour non fixé", "until": "jusqu’à",
        "online": "En ligne", "hybrid": "Sur place et en ligne",
        "draft": "Projet – sous réserve de modifications", "state": "Programme publié le",
        "empty": "Le programme est vide.", "no_signs": "Aucune salle n’est occupée.",
        "run_sheet": "Conducteur", "untimed": "sans horaire",
        "cancelled": "Cet événement est annulé.", "postponed": "Cet événement est reporté.",
        "date_open": "La date n’est pas encore fixée", "provisional": "provisoire",
        "time": "Heure", "minutes": "Min", "what": "Quoi", "where": "Où", "who": "Qui",
        "cues": "Repères", "notes": "Notes", "next": "ensuite dans cette salle à",
        "change": "minutes de battement", "people": "places", "join": "lien en ligne",
        "hidden": "masqué", "at_once": "sans pause avant",
    },
}  # fmt: skip

ROLES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "keynote": "Keynote", "moderator": "Moderation", "panellist": "Panel",
        "rapporteur": "Rapporteur", "host": "Host", "jury": "Jury", "awardee": "Award",
    },
    "de": {
        "keynote": "Hauptvortrag", "moderator": "Moderation", "panellist": "Podium",
        "rapporteur": "Berichterstattung", "host": "Gastgeber", "jury": "Jury",
        "awardee": "Auszeichnung",
    },
    "fr": {
        "keynote": "Conférence", "moderator": "Animation", "panellist": "Table ronde",
        "rapporteur": "Rapporteur", "host": "Hôte", "jury": "Jury", "awardee": "Prix",
    },
}  # fmt: skip

KINDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "site_visit": "Site visit", "workshop": "Workshop", "panel": "Panel",
        "keynote": "Keynote", "world_cafe": "World café", "matchmaking": "Matchmaking",
        "side_event": "Side event", "award_ceremony": "Award ceremony",
        "exhibition": "Exhibition", "networking": "Networking",
    },
    "de": {
        "site_visit": "Besichtigung", "workshop": "Workshop", "panel": "Podium",
        "keynote": "Hauptvortrag", "world_cafe": "Weltcafé", "matchmaking": "Kontaktgespräche",
        "side_event": "Begleitveranstaltung", "award_ceremony": "Preisverleihung",
        "exhibition": "Ausstellung", "networking": "Begegnung",
    },
    "fr": {
        "site_visit": "Visite", "workshop": "Atelier", "panel": "Table ronde",
        "keynote": "Conférence", "world_cafe": "World café",
        "matchmaking": "Rencontres d’affaires", "side_event": "Événement associé",
        "award_ceremony": "Remise de prix", "exhibition": "Exposition",
        "networking": "Réseautage",
    },
}  # fmt: skip
