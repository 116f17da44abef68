"""``python -m seeds``: load the real editions and the synthetic one."""

from __future__ import annotations

import sys

from eventsvc.app import create_app
from seeds import load

with create_app().app_context():
    sys.stdout.write(", ".join(f"{count} {name}" for name, count in load(synthetic=True).items()))
    sys.stdout.write("\n")
