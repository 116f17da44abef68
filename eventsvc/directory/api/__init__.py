"""The doors of the directory."""

from eventsvc.core.http import Door
from eventsvc.directory.api import figures, merges, organisations, persons, suggestions

doors: tuple[Door, ...] = (
    organisations.door,
    figures.door,
    persons.door,
    suggestions.door,
    merges.door,
)
