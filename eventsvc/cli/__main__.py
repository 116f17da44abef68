"""``python -m eventsvc.cli``: how ``eventsvc up`` starts its parts."""

import sys

from eventsvc.cli import main

sys.exit(main())
