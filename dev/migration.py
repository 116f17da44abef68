"""Write a new migration from the models: ``python -m dev.migration "say what changes"``.

Compares an SQLite database at the newest revision with the models. Read the result before you
commit it: names of checks, data moves and triggers are yours to write.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import flask_migrate

from eventsvc.app import MIGRATIONS, create_app
from eventsvc.core import config


def main(message: str) -> None:
    """Make the next numbered file below ``eventsvc/migrations/versions``."""
    number = len(list((MIGRATIONS / "versions").glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load({"EVENTSVC_DATA_DIR": folder})
        Path(folder).mkdir(exist_ok=True)
        with create_app(settings).app_context():
            flask_migrate.upgrade()
            flask_migrate.migrate(message=message, rev_id=f"{number:04d}")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
