"""``eventsvc db``, ``seed``, ``invariants``, ``doctor``."""

from __future__ import annotations

import re

from sqlalchemy import create_engine, text

from eventsvc import jobs
from tests.conftest import SECRET


def write(shell, *statements: str) -> None:
    engine = create_engine(shell.database_url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_up_down_and_the_check_between(shell):
    assert "db upgrade" in shell.fails("db", "check")
    assert shell("db", "upgrade").code == 0  # makes its folder, too
    assert shell("db", "upgrade").code == 0
    assert shell("db", "check").code == 0
    assert "nope" in shell.fails("db", "upgrade", "nope")
    assert shell("db", "downgrade").code == 0
    assert "not up to date" in shell.fails("db", "check")


def test_the_check_sees_a_table_that_differs(shell):
    assert shell("db", "upgrade").code == 0
    write(shell, "ALTER TABLE organisers ADD COLUMN surplus TEXT")
    assert "surplus" in shell.fails("db", "check")


def test_a_database_that_is_away_is_a_sentence_without_its_password(shell):
    url = "postgresql+psycopg://owner:hidden-word@127.0.0.1:1/x"
    sentence = shell.fails("token", "list", DATABASE_URL=url)
    assert "EVENTSVC_DATABASE_URL" in sentence
    assert "hidden-word" not in sentence


def test_seeding_twice_changes_nothing_and_the_rules_hold(made):
    first = made("seed", SECRET_KEY=SECRET)
    assert first.code == 0, first.err
    assert re.search(r"\b3 series\b", first.out)
    assert re.search(r"\b13 events\b", first.out)  # twelve real ones and the synthetic one
    assert made("seed", SECRET_KEY=SECRET).out == first.out
    assert made("invariants").out.strip() == "All hold."
    write(made, "UPDATE events SET capacity = 1 WHERE slug = 'synthetic-coming-edition'")
    broken = made("invariants")
    assert broken.code == 1
    assert broken.out.strip()
    assert "All hold." not in broken.out


def test_seeds_without_the_synthetic_edition(shell):
    assert shell("db", "upgrade").code == 0
    said = shell("seed", "--without-synthetic", SECRET_KEY=SECRET)
    assert re.search(r"\b12 events\b", said.out)


def test_the_doctor_names_silent_jobs(shell):
    assert shell("db", "upgrade").code == 0
    said = shell("doctor")
    assert said.code == 1
    assert said.out.count("SILENT") == len(jobs.PERIODIC)
    ran = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    rows = ", ".join(f"('{job.name}', {ran}, {ran})" for job in jobs.PERIODIC)
    insert = "INSERT INTO job_heartbeats (name, last_run_at, last_ok_at) VALUES "
    write(shell, insert + rows)
    said = shell("doctor")
    assert said.code == 0, said.out
    assert "SILENT" not in said.out
    write(shell, "UPDATE job_heartbeats SET last_ok_at = NULL, last_error = 'ValueError' "
                 "WHERE name = 'post.drain'")  # fmt: skip
    said = shell("doctor")
    assert re.search(r"post\.drain .*never .*ValueError", said.out)
