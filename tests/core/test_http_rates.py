"""How often one may call, and what happens when nobody can count (api.md §12, row 28)."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from eventsvc.core.http import rates
from tests.core import small_app
from tests.core.small_app import bearer

ME = "/api/v1/me"
HALL = "/api/v1/public/halls/x"
FEW = {"default": "3/minute", "write": "2/minute", "public": "4/minute"}


@pytest.fixture
def counted(lite):
    """The small application with rate limits of a few calls, in memory."""
    with small_app.standing(lite, ratelimit_enabled=True, limits=FEW) as app:
        yield app.test_client()


def test_what_is_left_is_told_and_then_refused(counted):
    first = counted.get(ME, headers=bearer())
    assert first.headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert first.headers["RateLimit"].startswith('"default";r=2;t=')
    statuses = [counted.get(ME, headers=bearer()).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    over = counted.get(ME, headers=bearer())
    assert over.json["code"] == "rate-limited"
    assert 1 <= over.json["retry_after"] <= 60
    assert over.headers["Retry-After"] == str(over.json["retry_after"])
    assert over.headers["RateLimit"].startswith('"default";r=0;t=')
    assert counted.get(ME, headers=bearer("editor")).status_code == 200


def test_reading_and_writing_are_counted_apart(counted):
    chairs = f"/api/v1/halls/{small_app.HALL}/chairs"
    made = [counted.post(chairs, json={"name": str(n)}, headers=bearer()) for n in range(3)]
    assert [answer.status_code for answer in made] == [201, 201, 429]
    assert made[0].headers["RateLimit-Policy"] == '"write";q=2;w=60'
    assert counted.get(chairs, headers=bearer()).status_code == 200


@pytest.mark.threat(28)
def test_a_forged_forwarding_header_lifts_nothing(counted):
    statuses = [
        counted.get(HALL, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(5)
    ]
    assert statuses == [200] * 4 + [429]


def test_behind_a_trusted_proxy_each_caller_is_counted_alone(lite):
    options = {"ratelimit_enabled": True, "limits": FEW, "trusted_proxies": 1}
    with small_app.standing(lite, **options) as app:
        client = app.test_client()
        for n in range(6):
            forwarded = {"X-Forwarded-For": f"192.0.2.77, 192.0.2.{n}"}
            assert client.get(HALL, headers=forwarded).status_code == 200
        statuses = [
            client.get(HALL, headers={"X-Forwarded-For": f"2001:db8::{n}"}).status_code
            for n in range(1, 6)
        ]
        assert statuses == [200] * 4 + [429]


def test_guessed_credentials_run_out(counted):
    statuses = [counted.get(ME, headers=bearer(f"guess-{n}")).status_code for n in range(6)]
    assert statuses == [401] * 4 + [429] * 2
    assert counted.get(ME, headers=bearer()).status_code == 200


def test_the_limit_comes_after_the_route_and_before_the_credentials(counted):
    for _ in range(6):
        assert counted.get("/api/v1/nowhere").status_code == 404
    last = counted.get(ME)
    assert last.status_code == 429
    assert last.headers["RateLimit-Policy"] == '"public";q=4;w=60'


def test_a_special_policy_has_several_windows(counted):
    path = f"{HALL}/visitors"
    first = counted.post(path, json={"name": "a"})
    assert first.status_code == 202
    policy = '"registrations";q=10;w=60, "registrations-day";q=50;w=86400'
    assert first.headers["RateLimit-Policy"] == policy
    statuses = [counted.post(path, json={"name": "a"}).status_code for _ in range(10)]
    assert statuses == [202] * 9 + [429]


def test_a_view_may_count_under_a_subject_of_its_own(counted):
    app = counted.application
    with app.test_request_context("/"):
        for _ in range(5):
            rates.spend("login-account", "ada")
        rates.spend("login-account", "grace")
        with pytest.raises(rates.RateLimited):
            rates.spend("login-account", "ada")


def test_health_checks_are_not_counted(counted):
    answers = [counted.get("/api/v1/healthz") for _ in range(9)]
    assert {answer.status_code for answer in answers} == {200}


def test_every_answer_tells_what_is_left(counted):
    """Also one that is refused for its size, its route, its method or its host (api.md §12)."""
    chairs = f"/api/v1/halls/{small_app.HALL}/chairs"
    answers = [
        counted.post(chairs, data=b"x", headers={"Content-Encoding": "gzip"}),
        counted.get("/api/v1/nowhere"),
        counted.patch(chairs),
        counted.get(ME, headers={"Host": "evil.example"}),
        counted.get(ME),
    ]
    assert [answer.status_code for answer in answers] == [415, 404, 405, 400, 429]
    for answer in answers:
        assert answer.headers["RateLimit-Policy"] == '"public";q=4;w=60'
        assert answer.headers["RateLimit"].startswith('"public";r=')


def test_limits_can_be_off(lite):
    with small_app.standing(lite, limits=FEW) as app:
        answers = [app.test_client().get(HALL) for _ in range(9)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0].headers


def test_the_numbers_of_the_contract():
    allowed = {name: policy.allowed for name, policy in rates.POLICIES.items()}
    assert allowed["default"] == "600/minute"
    assert allowed["write"] == "120/minute"
    assert allowed["public"] == "120/minute"
    assert allowed["registrations"] == "10/minute;50/day"
    assert allowed["checkin"] == "600/minute"
    assert allowed["login"] == "30/15 minutes"
    assert allowed["login-account"] == "5/15 minutes"
    assert allowed["link-request"] == "3/hour"
    assert allowed["imports"] == allowed["exports"] == "10/hour"
    assert allowed["calendars"] == "60/hour"


def test_an_unknown_policy_is_refused_at_the_start(lite):
    with pytest.raises(ValueError, match="fast"):
        small_app.make(lite, limits={"fast": "1/minute"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen]]:
    """A Redis of this test alone, and its process."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server here")
    socket = tmp_path / "redis.sock"
    running = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    client = redis.Redis(unix_socket_path=str(socket))
    for _ in range(100):
        try:
            client.ping()
            break
        except redis.ConnectionError:
            time.sleep(0.05)
    client.close()
    yield f"unix://{socket}", running
    running.kill()
    running.wait()


@pytest.mark.threat(28)
def test_redis_counts_for_all_processes_and_may_fall_away(lite, store):
    """Store away: reads go on, public registration answers 503, nothing is 500."""
    url, running = store
    options = {"ratelimit_enabled": True, "limits": {"public": "3/minute"}, "cache_url": url}
    with small_app.standing(lite, **options) as app:
        client = app.test_client()
        other, _ = small_app.make(lite, **options)
        assert client.get(HALL).status_code == 200
        assert other.test_client().get(HALL).headers["RateLimit"].startswith('"public";r=1;')
        assert client.get(HALL).status_code == 200
        assert other.test_client().get(HALL).status_code == 429
        running.kill()
        running.wait()
        assert client.get(HALL).status_code == 200
        assert client.get(ME, headers=bearer()).status_code == 200
        closed = client.post(f"{HALL}/visitors", json={"name": "a"})
        assert (closed.status_code, closed.json["code"]) == (503, "unavailable")
        assert int(closed.headers["Retry-After"]) > 0
        for counted in (app, other):
            counted.extensions[
                "eventsvc-rates"
            ].limiter.storage.storage.connection_pool.disconnect()
