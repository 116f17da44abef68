"""Settings: typed, refused with a sentence that says what to write (security.md §4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventsvc.core.config import SettingRefused, load, shown

GOOD_SECRET = "a-Xk29vQz7Lm4Rt8Yp1Wc6Bn3Hd5Jf0Gs"
PRODUCTION = {
    "EVENTSVC_ENVIRONMENT": "production",
    "EVENTSVC_SECRET_KEY": GOOD_SECRET,
    "EVENTSVC_BASE_URL": "https://events.example.org",
    "EVENTSVC_DATABASE_URL": "postgresql+psycopg://u:p@db/e",
}


def test_without_any_setting_it_is_embedded_on_sqlite(tmp_path: Path):
    settings = load({"EVENTSVC_DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/eventsvc.db"
    assert settings.mail_url == f"file://{tmp_path}/mailbox"
    assert settings.embedded
    assert settings.mode == "embedded"


def test_values_are_typed():
    settings = load(
        {
            "EVENTSVC_RATELIMIT_ENABLED": "off",
            "EVENTSVC_MAIL_BATCH": "7",
            "EVENTSVC_ALLOWED_HOSTS": "A.example.org, b.example.org",
        }
    )
    assert settings.ratelimit_enabled is False
    assert settings.mail_batch == 7
    assert settings.hosts == {"a.example.org", "b.example.org"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ENVIRONMENT", "prod", "write one of development, test, production"),
        ("MAIL_BATCH", "-1", "whole number of at least 1"),
        ("MAIL_BATCH", "٥", "whole number"),
        ("RATELIMIT_ENABLED", "maybe", "write true or false"),
        ("DATABASE_URL", "mysql://x", "must begin with one of sqlite://"),
        ("MAIL_URL", "null://", "must begin with one of smtp://"),
        ("BROKER_URL", "amqp://x", "must begin with one of redis://"),
        ("BASE_URL", "events.example.org", "like https://events.example.org"),
        ("BASE_URL", "https://events.example.org/x", "without a path"),
        ("BIND", "8000", "host:port"),
        ("MAIL_FROM", "nobody", "e-mail address"),
        ("MAIL_FORM", "x", "is no setting"),
        ("SECRET_KEY_FILE", "/nowhere/key", "cannot be read"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(name: str, value: str, said: str):
    with pytest.raises(SettingRefused, match=said):
        load({f"EVENTSVC_{name}": value})


def test_a_secret_may_come_from_a_file(tmp_path: Path):
    file = tmp_path / "key"
    file.write_text("from the file\n")
    assert load({"EVENTSVC_SECRET_KEY_FILE": str(file)}).secret_key == "from the file"


def test_production_accepts_a_right_environment():
    assert load(PRODUCTION).production


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"EVENTSVC_SECRET_KEY": ""}, "at least 32 random bytes"),
        ({"EVENTSVC_SECRET_KEY": "short"}, "at least 32 random bytes"),
        ({"EVENTSVC_SECRET_KEY": "a" * 40}, "at least 32 random bytes"),
        ({"EVENTSVC_PREVIOUS_SECRET_KEY": "short"}, "the key before this one"),
        ({"EVENTSVC_PREVIOUS_SECRET_KEY": GOOD_SECRET}, "the key before this one"),
        ({"EVENTSVC_BASE_URL": "http://events.example.org"}, "begin with https"),
        (
            {"EVENTSVC_DATABASE_URL": "sqlite:///x.db", "EVENTSVC_BROKER_URL": "redis://r"},
            "one machine",
        ),
        ({"EVENTSVC_WEB_WORKERS": "2"}, "EVENTSVC_CACHE_URL"),
        ({"EVENTSVC_OUTGOING_LOOPBACK": "true"}, "not in production"),
    ],
)
def test_production_refuses_what_is_unsafe(change: dict[str, str], said: str):
    with pytest.raises(SettingRefused, match=said):
        load(PRODUCTION | change)


def test_secrets_are_masked_when_shown():
    rows = {name: value for name, value, _ in shown(load(PRODUCTION))}
    assert GOOD_SECRET not in str(rows)
    assert ":p@" not in rows["EVENTSVC_DATABASE_URL"]
    assert rows["EVENTSVC_BASE_URL"] == "https://events.example.org"
