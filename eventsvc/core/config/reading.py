"""Reading the environment: the only place in the house that does."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from eventsvc.core.config.providers import read_providers
from eventsvc.core.config.refused import SettingRefused
from eventsvc.core.config.settings import PREFIX, Settings, variable

EXAMPLE_SECRETS = frozenset({"change-me", "secret", "development", "example"})


def _parsed(setting: Field[Any], raw: str) -> Any:
    name, kind = variable(setting), setting.type
    if kind == "bool":
        if raw.lower() in {"1", "true", "yes", "on"}:
            return True
        if raw.lower() in {"0", "false", "no", "off"}:
            return False
        raise SettingRefused(f"{name} is {raw!r}: write true or false.")
    if kind == "int":
        least = setting.metadata["least"]
        if not (raw.isascii() and raw.isdigit()) or (least is not None and int(raw) < least):
            raise SettingRefused(f"{name} is {raw!r}: write a whole number of at least {least}.")
        return int(raw)
    if kind == "Path":
        return Path(raw)
    if kind.startswith("tuple"):
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    return raw.strip()


def _raw(setting: Field[Any], environ: Mapping[str, str]) -> str | None:
    name = variable(setting)
    if name in environ:
        return environ[name]
    file = environ.get(name + "_FILE")
    if file is None:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingRefused(
            f"{name}_FILE names {file!r}, which cannot be read: {error.strerror}."
        ) from error


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises:
        SettingRefused: a value is unreadable, unknown, or not allowed in production.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        raw = _raw(setting, environ)
        if raw is not None and raw != "":
            values[setting.name] = _parsed(setting, raw)
    _refuse_unknown(environ)
    data_dir = Path(values.get("data_dir", Path("var"))).resolve()
    values["data_dir"] = data_dir
    values.setdefault("database_url", f"sqlite:///{data_dir / 'eventsvc.db'}")
    values.setdefault("mail_url", f"file://{data_dir / 'mailbox'}")
    settings = Settings(**values)
    _check(settings)
    return settings


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {variable(setting) for setting in fields(Settings)}
    for name in environ:
        if not name.startswith(PREFIX) or name.startswith((PREFIX + "TEST_", PREFIX + "BENCH_")):
            continue
        if name not in known and name.removesuffix("_FILE") not in known:
            raise SettingRefused(f"{name} is no setting. See `eventsvc config table`.")


def _check(settings: Settings) -> None:
    _check_word("ENVIRONMENT", settings.environment, ("development", "test", "production"))
    _check_word("LOG_LEVEL", settings.log_level, ("DEBUG", "INFO", "WARNING", "ERROR"))
    _check_scheme("DATABASE_URL", settings.database_url, ("sqlite", "postgresql+psycopg"))
    _check_scheme("MAIL_URL", settings.mail_url, ("smtp", "smtps", "smtp+starttls", "file"))
    for name, url in (("BROKER_URL", settings.broker_url), ("CACHE_URL", settings.cache_url)):
        if url:
            _check_scheme(name, url, ("redis", "rediss", "unix"))
    base = urlsplit(settings.base_url)
    if base.scheme not in {"http", "https"} or not base.hostname or base.path or base.query:
        raise SettingRefused("EVENTSVC_BASE_URL: like https://events.example.org, without a path.")
    _check_bind("BIND", settings.bind, "127.0.0.1:8000")
    if settings.metrics_bind:
        _check_bind("METRICS_BIND", settings.metrics_bind, "127.0.0.1:9464")
    if "@" not in settings.mail_from or any(c in settings.mail_from for c in "\r\n"):
        raise SettingRefused("EVENTSVC_MAIL_FROM must be an e-mail address.")
    for origin in settings.cors_origins:
        _check_origin(settings, origin)
    read_providers(settings.oidc_providers)
    if settings.production:
        _check_production(settings)


def _check_origin(settings: Settings, origin: str) -> None:
    found = urlsplit(origin)
    schemes = ("https",) if settings.production else ("https", "http")
    if (
        found.scheme not in schemes
        or not found.hostname
        or origin != found.scheme + "://" + (found.netloc.lower())
    ):
        raise SettingRefused(
            f"EVENTSVC_CORS_ORIGINS: write {origin!r} like https://www.example.org."
        )


def _check_bind(name: str, bind: str, example: str) -> None:
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise SettingRefused(f"{PREFIX}{name}: write host:port, e.g. {example}.")


def _check_word(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise SettingRefused(f"{PREFIX}{name} is {value!r}: write one of {', '.join(allowed)}.")


def _check_scheme(name: str, url: str, allowed: tuple[str, ...]) -> None:
    if urlsplit(url).scheme not in allowed:
        forms = ", ".join(f"{scheme}://" for scheme in allowed)
        raise SettingRefused(f"{PREFIX}{name} must begin with one of {forms}.")


def _check_production(settings: Settings) -> None:
    secret = settings.secret_key
    if len(secret.encode()) < 32 or secret.lower() in EXAMPLE_SECRETS or len(set(secret)) < 8:
        raise SettingRefused(
            "EVENTSVC_SECRET_KEY must have at least 32 random bytes in production."
        )
    previous = settings.previous_secret_key
    if previous and (len(previous.encode()) < 32 or previous == secret):
        raise SettingRefused(
            "EVENTSVC_PREVIOUS_SECRET_KEY must be the key before this one, or be left out."
        )
    if not settings.base_url.startswith("https://"):
        raise SettingRefused("EVENTSVC_BASE_URL must begin with https:// in production.")
    if settings.database_url.startswith("sqlite") and settings.broker_url:
        raise SettingRefused(
            "SQLite serves one machine: with EVENTSVC_BROKER_URL use PostgreSQL in production."
        )
    if settings.outgoing_loopback:
        raise SettingRefused("EVENTSVC_OUTGOING_LOOPBACK opens the inside: not in production.")
    if settings.web_workers > 1 and settings.ratelimit_enabled and not settings.cache_url:
        raise SettingRefused(
            "Several web processes need EVENTSVC_CACHE_URL to share their rate limits."
        )


_current: list[Settings] = []


def configure(settings: Settings) -> None:
    """Make these the settings of this process (``create_app`` does it)."""
    _current[:] = [settings]


def current() -> Settings:
    """The settings of this process; read from the environment when nothing configured it."""
    if not _current:
        configure(load())
    return _current[0]


def environment() -> dict[str, str]:
    """A copy of the process environment, for child processes of the command line."""
    return dict(os.environ)
