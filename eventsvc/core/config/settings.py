"""What can be set: name, type, default and meaning."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "EVENTSVC_"


_DATA_DIR = Path("var")


def _setting(default: Any, doc: str, *, secret: bool = False, least: int | None = None) -> Any:
    return field(default=default, metadata={"help": doc, "secret": secret, "least": least})


@dataclass(frozen=True)
class Settings:
    """What can be set. Durations are seconds unless the name says otherwise."""

    environment: str = _setting("development", "`development`, `test` or `production`")
    data_dir: Path = _setting(_DATA_DIR, "folder for the SQLite file, the mailbox and reports")
    database_url: str = _setting("", "SQLAlchemy URL; empty: SQLite file in `DATA_DIR`")
    broker_url: str = _setting("", "Redis URL of the Celery broker; empty: a runner works")
    cache_url: str = _setting("", "Redis URL for rate limits and caches; empty: in memory")
    mail_url: str = _setting(
        "",
        "`smtp://host:port`, `smtps://…`, `file:///folder`; empty: `mailbox` in `DATA_DIR`",
    )
    base_url: str = _setting(
        "http://127.0.0.1:8000", "public address of this service, without a slash at the end"
    )
    bind: str = _setting("127.0.0.1:8000", "`host:port` the web server listens on")
    secret_key: str = _setting(
        "", "at least 32 bytes; signs cursors and links, encrypts secrets", secret=True
    )
    previous_secret_key: str = _setting(
        "", "the secret key before the present one; what it signed or sealed holds", secret=True
    )
    web_workers: int = _setting(1, "processes of the web server", least=1)
    web_threads: int = _setting(4, "threads of each web process", least=1)
    trusted_proxies: int = _setting(0, "how many proxies in front set X-Forwarded-For", least=0)
    allowed_hosts: tuple[str, ...] = _setting(
        (), "host names answered, separated by commas; empty: the host of `BASE_URL`"
    )
    cors_origins: tuple[str, ...] = _setting(
        (),
        "origins of other sites whose pages may call with a token, e.g. `https://www.example.org`",
    )
    oidc_providers: str = _setting(
        "", "single sign-on: JSON, name → `issuer`, `client_id`, `client_secret`", secret=True
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
    digest_quiet: int = _setting(
        900, "how long after its last change a digest of programme changes is sealed", least=0
    )
    digest_max: int = _setting(
        7200, "how long after its first change a digest is sealed at the latest", least=0
    )
    calendar_plain_clients: tuple[str, ...] = _setting(
        (), "parts of User-Agent that get calendars uncompressed, separated by commas"
    )
    report_delay: int = _setting(3600, "how long after its end an event gets its report", least=0)
    outgoing_ca_file: str = _setting(
        "", "PEM file of further authorities that outgoing calls (webhooks, sign-in) trust"
    )
    outgoing_loopback: bool = _setting(
        False, "outside production: outgoing calls may go to 127.0.0.0/8 and any port"
    )

    metrics_bind: str = _setting("", "`host:port` on which Prometheus is answered; empty: nowhere")
    retention_mail_days: int = _setting(
        30,
        "days until address, payload and server answers of an ended message are blanked",
        least=1,
    )
    retention_outbox_days: int = _setting(
        400, "days until the bare row of an ended message goes", least=1
    )
    retention_attempt_days: int = _setting(90, "days until attempts to send go", least=1)
    retention_webhook_days: int = _setting(30, "days that webhook deliveries are kept", least=1)
    retention_job_days: int = _setting(90, "days until ended one-off jobs go", least=1)
    retention_link_read_only_days: int = _setting(
        30, "days after the event until private links only read", least=1
    )
    retention_link_days: int = _setting(
        730, "days after the event until private links end", least=1
    )
    retention_registration_days: int = _setting(
        730, "days after the event until registrations are anonymised", least=1
    )
    retention_audit_days: int = _setting(
        1827, "days until sealed audit entries go; five years at least", least=1827
    )

    @property
    def production(self) -> bool:
        """Whether the strict rules of security.md §4 apply."""
        return self.environment == "production"

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The present secret key, which signs and seals, and the previous one if it is set."""
        both = (self.secret_key, self.previous_secret_key)
        return both if self.previous_secret_key else both[:1]

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


def table() -> str:
    """Every setting as a Markdown table, with its default and its meaning."""
    lines = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for setting in fields(Settings):
        default = setting.default
        text = ",".join(default) if isinstance(default, tuple) else str(default)
        shown_default = f"`{text}`" if text else "empty"
        lines.append(f"| `{variable(setting)}` | {shown_default} | {setting.metadata['help']} |")
    return "\n".join(lines) + "\n"


def _without_password(text: str) -> str:
    if "://" not in text:
        return text
    password = urlsplit(text).password
    return text.replace(f":{password}@", ":••••@") if password else text
