"""From the snapshot of a report to its pages. Pure: the same snapshot gives the same bytes."""

from eventsvc.reports.render.pages import FORMATS, render
from eventsvc.reports.render.sentences import headline
from eventsvc.reports.render.texts import Texts, texts_in

__all__ = ["FORMATS", "Texts", "headline", "render", "texts_in"]
