"""The promises of api.md §9.1–9.5, asked of the whole database in SQL (`eventsvc invariants`).

Each question is written apart from the code that keeps the promise, so that both would have to
err in the same way.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from eventsvc.core.db import Instant

TERMS = """
WITH holding(state) AS (VALUES ('confirmed'), ('offered'), ('attended'), ('no_show')),
automatic AS (
    SELECT e.id FROM events e
    WHERE e.state IN ('published', 'running', 'postponed')
      AND coalesce(e.promotion_ends > :now, e.starts_at > :in_a_day, true)
      AND coalesce(e.auto_promote_until > :now, e.starts_at > :in_a_week, true)),
held AS (
    SELECT e.id, count(r.id) AS held,
           sum(CASE WHEN r.mode = 'on_site' THEN 1 ELSE 0 END) AS on_site,
           sum(CASE WHEN r.mode = 'online' THEN 1 ELSE 0 END) AS online
    FROM events e LEFT JOIN registrations r
         ON r.event_id = e.id AND r.state IN (SELECT state FROM holding)
    GROUP BY e.id),
pool AS (
    SELECT p.id, p.event_id, p.seats, (
           SELECT count(*) FROM registrations r WHERE r.pool_id = p.id AND r.mode = 'on_site'
           AND r.state IN (SELECT state FROM holding)) AS held
    FROM pools p WHERE p.release_at IS NULL OR p.release_at > :now),
kept AS (
    SELECT event_id, sum(CASE WHEN seats > held THEN seats - held ELSE 0 END) AS kept
    FROM pool GROUP BY event_id),
bus AS (
    SELECT b.id, b.visit_id, b.seats, (
           SELECT count(*) FROM bookings k WHERE k.bus_id = b.id
           AND k.state IN (SELECT state FROM holding)) AS held
    FROM buses b),
carried AS (SELECT visit_id, sum(seats) AS seats FROM buses GROUP BY visit_id),
item AS (
    SELECT i.id, i.event_id, i.over_capacity, i.starts_at, i.ends_at, i.state,
           CASE WHEN coalesce(i.capacity, r.capacity) < c.seats OR c.seats IS NULL
                THEN coalesce(i.capacity, r.capacity) ELSE c.seats END AS capacity,
           (SELECT count(*) FROM bookings k WHERE k.item_id = i.id
            AND k.state IN (SELECT state FROM holding)) AS held
    FROM agenda_items i LEFT JOIN rooms r ON r.id = i.room_id
         LEFT JOIN carried c ON c.visit_id = i.id)
"""

QUESTIONS: dict[str, str] = {
    "9.1 event {0}: more places held than there are": """
        SELECT e.id FROM events e JOIN held h ON h.id = e.id
        WHERE NOT e.over_capacity AND (h.held > e.capacity OR h.on_site > e.capacity_on_site
              OR h.online > e.capacity_online)""",
    "9.1 pool {0}: more places held than it keeps": """
        SELECT p.id FROM pool p JOIN events e ON e.id = p.event_id
        WHERE NOT e.over_capacity AND p.held > p.seats""",
    "9.1 item {0}: more seats held than there are": """
        SELECT c.id FROM item c WHERE NOT c.over_capacity AND c.held > c.capacity""",
    "9.1 bus {0}: more passengers than seats": """
        SELECT b.id FROM bus b JOIN agenda_items i ON i.id = b.visit_id
        WHERE NOT i.over_capacity AND b.held > b.seats""",
    "9.2 event {0}: a place is free while somebody waits": """
        SELECT DISTINCT e.id FROM events e
        JOIN registrations w ON w.event_id = e.id AND w.state = 'waitlisted'
        JOIN held h ON h.id = e.id
        LEFT JOIN kept k ON k.event_id = e.id
        LEFT JOIN pool p ON p.id = w.pool_id
        WHERE e.id IN (SELECT id FROM automatic) AND (w.mode <> 'on_site' OR p.id IS NULL)
          AND (e.capacity IS NULL OR h.held + coalesce(k.kept, 0) < e.capacity)
          AND CASE WHEN w.mode = 'online'
              THEN e.capacity_online IS NULL OR h.online < e.capacity_online
              ELSE e.capacity_on_site IS NULL
                   OR h.on_site + coalesce(k.kept, 0) < e.capacity_on_site END""",
    "9.2 item {0}: a seat is free while somebody waits who is free then": """
        SELECT DISTINCT c.id FROM item c
        JOIN events e ON e.id = c.event_id
        JOIN bookings w ON w.item_id = c.id AND w.state = 'waitlisted'
        WHERE e.id IN (SELECT id FROM automatic) AND c.state <> 'cancelled'
          AND (c.capacity IS NULL OR c.held < c.capacity)
          AND (e.allow_overlaps OR c.starts_at IS NULL OR NOT EXISTS (
               SELECT 1 FROM promises p WHERE p.participant_id = w.participant_id
               AND p.item_id <> c.id AND p.starts_at < c.ends_at AND p.ends_at > c.starts_at))
          -- who has promised anything where ways take time may be too far away
          AND NOT EXISTS (
               SELECT 1 FROM travel_times t JOIN promises p ON p.event_id = t.event_id
               WHERE t.event_id = c.event_id AND p.participant_id = w.participant_id
               AND NOT e.allow_overlaps)""",
    "9.3 registration {0}: a newcomer overtook it": """
        SELECT w.id FROM registrations w JOIN events e ON e.id = w.event_id
        WHERE w.state = 'waitlisted' AND NOT e.over_capacity AND EXISTS (
              SELECT 1 FROM registrations r WHERE r.event_id = w.event_id AND r.mode = w.mode
              AND r.promotions = 0 AND r.sequence > w.sequence
              AND r.state IN ('confirmed', 'attended', 'no_show')
              AND coalesce(r.pool_id, r.event_id) = coalesce(w.pool_id, w.event_id))""",
    "9.3 registration {0}: its number stands twice": """
        SELECT min(r.id) FROM (SELECT CAST(id AS varchar(36)) AS id, event_id, sequence
                               FROM registrations) r
        GROUP BY r.event_id, r.sequence HAVING count(*) > 1""",
    "9.5 event {0}: an address is registered twice": """
        SELECT event_id FROM registrations WHERE state <> 'cancelled' AND email_key IS NOT NULL
        GROUP BY event_id, email_key HAVING count(*) > 1""",
    "9.5 registration {0}: an item is booked twice": """
        SELECT registration_id FROM bookings WHERE state <> 'cancelled'
        GROUP BY registration_id, item_id HAVING count(*) > 1""",
    "9.5 participant {0}: promises overlap": """
        SELECT DISTINCT a.participant_id FROM promises a
        JOIN promises b ON b.participant_id = a.participant_id AND b.id > a.id
        JOIN events e ON e.id = a.event_id
        WHERE NOT e.allow_overlaps AND NOT a.overlaps AND NOT b.overlaps
          AND a.starts_at < b.ends_at AND a.ends_at > b.starts_at""",
    "7 booking {0}: its registration holds no place": """
        SELECT k.id FROM bookings k JOIN registrations r ON r.id = k.registration_id
        WHERE k.state <> 'cancelled' AND r.state NOT IN ('confirmed', 'attended', 'no_show')""",
    "7 booking {0}: it has a seat and no promise": """
        SELECT k.id FROM bookings k WHERE k.state IN ('confirmed', 'attended') AND NOT EXISTS (
              SELECT 1 FROM promises p WHERE p.participant_id = k.participant_id
              AND p.item_id = k.item_id)""",
    "7 promise {0}: nothing is booked": """
        SELECT p.id FROM promises p WHERE p.kind IN ('session', 'visit') AND NOT EXISTS (
              SELECT 1 FROM bookings k WHERE k.participant_id = p.participant_id
              AND k.item_id = p.item_id AND k.state IN ('confirmed', 'attended', 'no_show'))""",
}


def broken_invariants(session: Session, *, now: datetime | None = None) -> list[str]:
    """What does not hold, one sentence each, with the id of the row; empty when all holds.

    ``now`` decides whether promotion is automatic; by default the database's clock.
    """
    moment = now or _database_now(session)
    instants = {
        "now": moment,
        "in_a_day": moment + timedelta(days=1),
        "in_a_week": moment + timedelta(days=7),
    }
    found = []
    for sentence, question in QUESTIONS.items():
        asked = text(TERMS + question).bindparams(
            *(bindparam(name, type_=Instant()) for name in instants)
        )
        found += [sentence.format(row[0]) for row in session.execute(asked, instants)]
    return found


def _database_now(session: Session) -> datetime:
    moment: datetime = session.scalars(select(func.now(type_=Instant()))).one()
    return moment
