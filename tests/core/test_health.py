"""Addresses for supervisors and proxies."""

from sqlalchemy.exc import OperationalError

from eventsvc.core import health


def test_healthz_names_the_mode(client):
    answer = client.get("/healthz", headers={"Host": "10.0.0.1:8000"})
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "mode": "embedded"}


def test_readyz_asks_the_database(client):
    assert client.get("/readyz").json == {"status": "ready", "mode": "embedded"}


def test_without_a_database_it_is_alive_and_not_ready(client, monkeypatch):
    def away(**_options):
        raise OperationalError("connect", {}, Exception("refused"))

    monkeypatch.setattr(health, "transaction", away)
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["code"] == "unavailable"
    assert answer.headers["Retry-After"]
