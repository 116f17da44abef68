"""The way out to a folder: one ``.eml`` per message, for a machine without a mail server."""

from __future__ import annotations

import os
from pathlib import Path

from eventsvc.post.policy import Answer, Step
from eventsvc.post.smtp.message import Envelope
from eventsvc.post.smtp.steps import Refused


class Folder:
    """Writes each message to ``<public id>.eml``; a copy overwrites itself."""

    throttled = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def offer(self, envelope: Envelope) -> None:
        """Make the folder. Raises Refused when that fails: the disk is full or not ours."""
        del envelope
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(Answer(Step.CONNECT, 0, type(error).__name__)) from error

    def hand_over(self, envelope: Envelope) -> Answer:
        """Write the file whole, then give it its name."""
        unfinished = self.folder / f".{envelope.name}.{os.getpid()}"
        try:
            with unfinished.open("wb") as file:
                file.write(envelope.content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(self.folder / f"{envelope.name}.eml")
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise Refused(Answer(Step.DATA, 0, type(error).__name__)) from error
        return Answer(Step.DATA, 250, "written")

    def withdraw(self) -> None:
        """Nothing was begun."""

    def close(self) -> None:
        """Nothing is open."""
