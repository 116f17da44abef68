"""Settings: read once from the environment, typed, refused with a clear sentence when wrong.

Every setting is an attribute of :class:`Settings` and an environment variable with the prefix
``EVENTSVC_``. A secret may also come from a file: ``EVENTSVC_SECRET_KEY_FILE=/run/secrets/key``.
``docs/reference/settings.md`` is made from this module (``eventsvc config table``).
"""

from eventsvc.core.config.providers import Provider, read_providers
from eventsvc.core.config.reading import configure, current, environment, load
from eventsvc.core.config.refused import SettingRefused
from eventsvc.core.config.settings import PREFIX, Settings, shown, table, variable

__all__ = [
    "PREFIX",
    "Provider",
    "SettingRefused",
    "Settings",
    "configure",
    "current",
    "environment",
    "load",
    "read_providers",
    "shown",
    "table",
    "variable",
]
