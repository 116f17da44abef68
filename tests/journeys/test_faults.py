"""Processes killed at any moment and a broker that is away: nothing lost, nothing twice."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.journeys.caller import Caller, Reply
from tests.journeys.homes import Home, wait_for
from tests.journeys.scenes import Scene, published_edition

pytestmark = [pytest.mark.servers, pytest.mark.deep]

GUESTS = [f"guest{number:02}@example.org" for number in range(30)]
LEASES_ENDED = timedelta(minutes=10)
CONFIRMED = "registration_confirmed"


def entered(organiser: Caller, scene: Scene, email: str) -> Reply:
    """Staff register somebody; the call may be repeated."""
    guest = {"name": "Guest Example", "email": email}
    path = f"{scene.path}/registrations"
    return organiser.call("POST", path, guest, Idempotency_Key=f"enter {email}")


def entered_stubbornly(organiser: Caller, scene: Scene, email: str, done: Callable[[str], None]):
    """The same, again and again until it is known to have worked, as a client should."""
    while True:
        try:
            reply = entered(organiser, scene, email)
        except OSError:  # nobody there, or killed in the middle of the answer
            time.sleep(0.2)
            continue
        if reply.status == 201:
            done(email)
            return
        again = reply.status == 503 or reply.json["code"] == "idempotency-in-progress"
        assert again, reply.text
        time.sleep(0.2)


@pytest.fixture
def entering() -> Iterator[Callable[[Home, Scene], list[str]]]:
    """Enter all guests in the background; gives the list of those done, which grows."""
    threads = []

    def begin(home: Home, scene: Scene) -> list[str]:
        done: list[str] = []

        def enter() -> None:
            for email in GUESTS:
                entered_stubbornly(home.organiser, scene, email, done.append)

        threads.append(threading.Thread(target=enter, daemon=True))
        threads[-1].start()
        return done

    yield begin
    for thread in threads:
        thread.join(30)


def wait_until_told(home: Home, scene: Scene) -> None:
    """Wait for every confirmation; what a killed process held is free once its lease has ended."""
    for _ in range(5):
        home.ring("post.drain")
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if {row["state"] for row in scene.messages(f"purpose={CONFIRMED}")} == {"sent"}:
                return
            time.sleep(0.5)
        home.let_pass(LEASES_ENDED)
    raise AssertionError([row["state"] for row in scene.messages(f"purpose={CONFIRMED}")])


def test_kill_9_of_web_and_sender_loses_nothing_and_doubles_nothing(home: Home, entering):
    scene = published_edition(home, starts_in=timedelta(hours=20))
    done = entering(home, scene)

    wait_for("some are registered", lambda: len(done) >= 8)
    home.kill("web")
    home.start("web")
    home.let_pass(LEASES_ENDED)  # a call that was cut off may be taken over after a minute

    wait_for("mail is going out", lambda: len(home.mails(purpose=CONFIRMED)) >= 3)
    home.kill(home.worker)
    wait_for("all are registered", lambda: len(done) == len(GUESTS))
    home.start(home.worker)
    home.let_pass(LEASES_ENDED)

    rows = scene.registrations()
    assert sorted(row["email"] for row in rows) == GUESTS
    assert {row["state"] for row in rows} == {"confirmed"}
    assert sorted(row["sequence"] for row in rows) == list(range(1, len(GUESTS) + 1))
    wait_until_told(home, scene)
    messages = scene.messages(f"purpose={CONFIRMED}")
    assert sorted(row["address"] for row in messages) == GUESTS
    mails = home.mails(purpose=CONFIRMED)
    copies = Counter(mail["Message-ID"] for mail in mails)
    assert len(copies) == len(GUESTS)
    assert len(mails) <= len(GUESTS) + 1  # one sender was killed once (delivery.md §6)
    assert home.command("invariants").strip() == "All hold."


def test_without_redis_the_web_goes_on_and_mail_leaves_late(production: Home):
    home, scene = production, published_edition(production)
    home.stop("redis")
    early, late = GUESTS[:2]
    assert entered(home.organiser, scene, early).status == 201
    assert scene.event()["state"] == "published"
    assert home.caller().call("GET", "/calendars/made-up/first.ics").status == 200
    form = {"name": "Guest Example", "email": late}
    path = "/api/v1/public/events/made-up/first/registrations"
    refused = home.caller().call("POST", path, form)
    assert refused.status == 503  # who cannot be counted is not let in unlimited (api.md §12)
    assert refused.headers["Retry-After"]

    home.start("redis")  # empty: every ring is lost
    home.mail(CONFIRMED, to=early)
    wait_for("a way in", lambda: home.caller().call("POST", path, form).status == 202)
    assert home.mail("registration_proof", to=late)
    assert home.running["worker"].alive
    assert home.running["beat"].alive
    assert len(home.mails()) == 2


def test_the_mail_server_away_mail_leaves_late_and_once(production: Home):
    home, scene = production, published_edition(production)
    home.stop("mail")
    for email in GUESTS[:3]:
        assert entered(home.organiser, scene, email).status == 201
    home.ring("post.drain")
    time.sleep(3)  # time enough for a try that fails
    assert home.mails() == []
    home.start("mail")
    wait_until_told(home, scene)
    assert sorted(mail["To"] for mail in home.mails()) == GUESTS[:3]


def test_two_runners_or_workers_at_once_send_nothing_twice(home: Home, entering):
    scene = published_edition(home)
    first = home.running.pop(home.worker)
    home.start(home.worker)
    done = entering(home, scene)
    wait_for("all are registered", lambda: len(done) == len(GUESTS))
    wait_for("all are told", lambda: len(home.mails(purpose=CONFIRMED)) >= len(GUESTS), seconds=120)
    assert first.alive
    assert sorted(mail["To"] for mail in home.mails(purpose=CONFIRMED)) == GUESTS
    attempts = {row["attempts"] for row in scene.messages(f"purpose={CONFIRMED}")}
    assert attempts == {1}
