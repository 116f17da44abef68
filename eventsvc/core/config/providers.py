"""Providers of single sign-on, as the operator lists them (security row 12)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from eventsvc.core.config.refused import SettingRefused

SETTING = "EVENTSVC_OIDC_PROVIDERS"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")


@dataclass(frozen=True)
class Provider:
    """One provider (OpenID Connect).

    ``link_by_email``: whether its *verified* address may open the account of that address at the
    first sign-in. Only for a provider that gives each address to its owner alone.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str
    title: str = ""
    link_by_email: bool = False


def read_providers(text: str) -> Mapping[str, Provider]:
    """The providers of the setting, by name.

    Raises:
        SettingRefused: it is no JSON object of objects, or a provider lacks something.
    """
    if not text:
        return {}
    try:
        given = json.loads(text)
        return {name: _provider(name, told) for name, told in given.items()}
    except (ValueError, TypeError, AttributeError):  # never the text: it holds secrets
        raise SettingRefused(f"{SETTING} must be a JSON object of objects.") from None


def _provider(name: str, told: Mapping[str, Any]) -> Provider:
    if not _NAME.fullmatch(name):
        raise SettingRefused(f"{SETTING}: a name has small letters, digits and hyphens.")
    known = {field.name for field in fields(Provider)} - {"name"}
    missing = {"issuer", "client_id", "client_secret"} - told.keys()
    if missing or told.keys() - known:
        raise SettingRefused(
            f"{SETTING}: {name} needs issuer, client_id and client_secret; it may have title and"
            " link_by_email."
        )
    issuer = urlsplit(str(told["issuer"]))
    if issuer.scheme != "https" or not issuer.hostname or issuer.query or issuer.fragment:
        raise SettingRefused(f"{SETTING}: the issuer of {name} is an https address.")
    texts = {k: v for k, v in told.items() if k != "link_by_email"}
    if not all(isinstance(v, str) and v for v in texts.values()):
        raise SettingRefused(f"{SETTING}: the values of {name} are texts.")
    if not isinstance(told.get("link_by_email", False), bool):
        raise SettingRefused(f"{SETTING}: link_by_email of {name} is true or false.")
    return Provider(name, **told)
