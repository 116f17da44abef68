"""Exports: asked for, made by a job, forgotten after a day."""

from eventsvc.exports.actions.keeping import ask, forget_files
from eventsvc.exports.actions.making import claim_next, content_of, make, table_of

__all__ = ["ask", "claim_next", "content_of", "forget_files", "make", "table_of"]
