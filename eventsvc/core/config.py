"""Settings: read once from the environment, typed, refused with a clear sentence when wrong.

Every setting is an attribute of :class:`Settings` and an environment variable with the prefix
``EVENTSVC_``. A secret may also come from a file: ``EVENTSVC_SECRET_KEY_FILE=/run/secrets/key``.
``docs/reference/settings.md`` is made from this module (``eventsvc config table``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "EVENTSVC_"
EXAMPLE_SECRETS = frozenset({"change-me", "secret", "development", "example"})


_DATA_DIR = Path("var")


class SettingRefused(Exception):  # noqa: N818  it is shown to a person as one sentence
    """A setting is missing or wrong. ``str(error)`` says which, why and what to write."""


def _setting(default: Any, doc: str, *, secret: bool = False, least: int | None = None) -> Any:
    return field(default=default, metadata={"help": doc, "secret": secret, "least": least})


@dataclass(frozen=True)
class Settings:
    """What can be set. Durations are seconds unless the name says otherwise."""

    environment: str = _setting("development", "`development`, `test` or `production`")
    data_dir: Path = _setting(_DATA_DIR, "folder for the SQLite file, the mailbox and reports")
    database_url: str = _setting("", "SQLAlchemy URL; empty: SQLite file in `DATA_DIR`")
    broker_url: str = _setting("", "Redis URL of the Celery broker; empty: the runner does jobs")
    cache_url: str = _setting("", "Redis URL for rate limits and caches; empty: in memory")
    mail_url: str = _setting(
        "",
        "`smtp://host:port`, `smtps://…` or `file:///folder`; empty: folder `mailbox` in `DATA_DIR`",
    )
    base_url: str = _setting(
        "http://127.0.0.1:8000", "public address of this service, without a slash at the end"
    )
    bind: str = _setting("127.0.0.1:8000", "`host:port` the web server listens on")
    secret_key: str = _setting(
        "", "at least 32 bytes; signs cursors and links, encrypts secrets", secret=True
    )
    web_workers: int = _setting(1, "processes of the web server", least=1)
    web_threads: int = _setting(4, "threads of each web process", least=1)
    trusted_proxies: int = _setting(0, "how many proxies in front set X-Forwarded-For", least=0)
    allowed_hosts: tuple[str, ...] = _setting(
        (), "host names answered, separated by commas; empty: the host of `BASE_URL`"
    )
    ratelimit_enabled: bool = _setting(True, "whether rate limits hold")
    log_level: str = _setting("INFO", "`DEBUG`, `INFO`, `WARNING` or `ERROR`")
    mail_from: str = _setting("events@example.org", "sender address; its domain makes Message-IDs")
    mail_batch: int = _setting(50, "messages claimed at once", least=1)
    mail_lease: int = _setting(60, "how long a claimed message is kept for its sender", least=5)
    mail_data_timeout: int = _setting(300, "longest wait for the answer to DATA", least=1)
    mail_connect_timeout: int = _setting(
        20, "longest wait for a connection to the mail server", least=1
    )
    mail_drain_limit: int = _setting(
        8, "longest run of one drain before it gives back what is left", least=1
    )
    mail_domain_rate: int = _setting(5, "messages a second to one domain", least=1)
    mail_total_rate: int = _setting(20, "messages a second in all", least=1)
    reminder_horizon: int = _setting(86400, "how far ahead reminders are planned", least=60)
    reminder_move_threshold: int = _setting(
        300, "a start moved by less keeps its reminders", least=0
    )
    report_delay: int = _setting(3600, "how long after its end an event gets its report", least=0)

    @property
    def production(self) -> bool:
        """Whether the strict rules of security.md §4 apply."""
        return self.environment == "production"

    @property
    def embedded(self) -> bool:
        """Whether the runner does the jobs (no broker is set)."""
        return not self.broker_url

    @property
    def mode(self) -> str:
        """The word that `/healthz` and the start banner print: ``embedded`` or ``celery``."""
        return "embedded" if self.embedded else "celery"

    @property
    def hosts(self) -> frozenset[str]:
        """Host names that are answered (lower case, without port)."""
        named = {host.lower() for host in self.allowed_hosts}
        return frozenset(named or {urlsplit(self.base_url).hostname or "localhost"})


def variable(setting: Field[Any]) -> str:
    """The environment variable of one field of :class:`Settings`."""
    return PREFIX + setting.name.upper()


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
    data_dir = Path(values.get("data_dir", _DATA_DIR)).resolve()
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
    host, _, port = settings.bind.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise SettingRefused("EVENTSVC_BIND: write host:port, e.g. 127.0.0.1:8000.")
    if "@" not in settings.mail_from or any(c in settings.mail_from for c in "\r\n"):
        raise SettingRefused("EVENTSVC_MAIL_FROM must be an e-mail address.")
    if settings.production:
        _check_production(settings)


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
    if not settings.base_url.startswith("https://"):
        raise SettingRefused("EVENTSVC_BASE_URL must begin with https:// in production.")
    if settings.database_url.startswith("sqlite") and settings.broker_url:
        raise SettingRefused(
            "SQLite serves one machine: with EVENTSVC_BROKER_URL use PostgreSQL in production."
        )
    if settings.web_workers > 1 and settings.ratelimit_enabled and not settings.cache_url:
        raise SettingRefused(
            "Several web processes need EVENTSVC_CACHE_URL to share their rate limits."
        )


def shown(settings: Settings) -> list[tuple[str, str, str]]:
    """(variable, value with secrets masked, help) of every setting, in order."""
    rows = []
    for setting in fields(Settings):
        value = getattr(settings, setting.name)
        text = ",".join(value) if isinstance(value, tuple) else str(value)
        if setting.metadata["secret"] and text:
            text = "••••••••"
        rows.append((variable(setting), _without_password(text), str(setting.metadata["help"])))
    return rows


def _without_password(text: str) -> str:
    if "://" not in text:
        return text
    password = urlsplit(text).password
    return text.replace(f":{password}@", ":••••@") if password else text


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
