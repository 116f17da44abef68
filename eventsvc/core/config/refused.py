"""The word in which a setting is refused."""

from __future__ import annotations


class SettingRefused(Exception):  # noqa: N818  it is shown to a person as one sentence
    """A setting is missing or wrong. ``str(error)`` says which, why and what to write."""
