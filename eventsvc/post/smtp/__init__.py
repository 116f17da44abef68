"""Handing over: the bytes of a message, and the ways out."""

from eventsvc.post.smtp.folder import Folder
from eventsvc.post.smtp.message import Envelope, HeaderRefused, Marks, Sender, envelope
from eventsvc.post.smtp.steps import NoAnswer, Refused, Transport
from eventsvc.post.smtp.transports import Server, transport_for

__all__ = [
    "Envelope",
    "Folder",
    "HeaderRefused",
    "Marks",
    "NoAnswer",
    "Refused",
    "Sender",
    "Server",
    "Transport",
    "envelope",
    "transport_for",
]
