"""Series and editions, with their agenda and figures, through the verbs of the rooms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda import actions as agenda
from eventsvc.core.rights import Actor
from eventsvc.events import actions, queries
from eventsvc.visits import actions as visits
from seeds import files
from seeds.directory import Persons

PLAIN = (
    "slug",
    "parent_relation",
    "title",
    "title_printed",
    "theme",
    "theme_printed",
    "edition",
    "edition_printed",
    "edition_derived",
    "ordinal_in_country",
    "city",
    "country",
    "region",
    "mode",
    "mode_basis",
    "timezone",
    "timezone_basis",
    "stated_status",
    "archive",
    "sources",
)
ITEM = (
    "position",
    "day",
    "day_basis",
    "type",
    "title",
    "title_printed",
    "slot_text",
    "parallel_group",
    "stands_for",
    "points",
    "archive",
    "source",
)
VISIT = ("place", "place_country", "subject")
SPEAKER = ("role", "affiliation", "job_title", "country", "note", "source")
# editions.md §12: the state that a status of the documents becomes
STATES = {"held": "completed", "announced": "announced", "planned": None}


class Archive:
    """Loads editions of one organiser; what is there already is left as it is."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        organiser_id: str,
        organisations: dict[str, str],
        *,
        now: datetime,
    ) -> None:
        self.session = session
        self.actor = actor
        self.organiser_id = organiser_id
        self.organisations = organisations
        self.persons = Persons(session, actor, organiser_id, now)
        self.now = now
        self.series = {row.slug: row.id for row in session.scalars(queries.series_of(actor))}
        self.events = {row.slug: row for row in session.scalars(queries.events_of(actor))}

    def load(self) -> None:
        """Series, then events, then what stands in and around each event."""
        for fact in files.series():
            if fact["slug"] not in self.series:
                self._add_series(fact)
        fresh = [fact for fact in files.editions() if fact["slug"] not in self.events]
        for fact in fresh:
            self._add_event(fact)
        for fact in fresh:
            self._surround(fact)
            self._fill_agenda(fact)
        for fact in fresh:
            self._relate(fact)
            self._step(fact)

    def _add_series(self, fact: dict[str, Any]) -> None:
        values = {name: value for name, value in fact.items() if name not in ("run_by", "figures")}
        if "run_by" in fact:
            values["run_by_id"] = self.organisations[fact["run_by"]]
        row = actions.add_series(self.session, self.actor, self.organiser_id, values, now=self.now)
        self.series[fact["slug"]] = row.id
        for figure in fact.get("figures", ()):
            actions.add_figure(self.session, self.actor, row, figure, now=self.now)

    def _add_event(self, fact: dict[str, Any]) -> None:
        values = {name: fact[name] for name in PLAIN if name in fact}
        values |= _dates(fact["dates"])
        if "series" in fact:
            values["series_id"] = self.series[fact["series"]]
        if "parent" in fact:
            values["parent_id"] = self.events[fact["parent"]].id
        self.events[fact["slug"]] = actions.add_event(
            self.session, self.actor, self.organiser_id, values, now=self.now
        )

    def _surround(self, fact: dict[str, Any]) -> None:
        event = self.events[fact["slug"]]
        told = (self.session, self.actor, event)
        roles = [
            (self.organisations[role["organisation"]], role["role"])
            for role in fact.get("organisation_roles", ())
        ]
        actions.set_organisation_roles(*told, roles, now=self.now)
        for figure in fact.get("figures", ()):
            actions.add_figure(*told, figure, now=self.now)
        for link in fact.get("links", ()):
            actions.add_link(*told, link, now=self.now)
        for message in fact.get("key_messages", ()):
            actions.add_key_message(*told, message, now=self.now)
        for award in fact.get("awards", ()):
            actions.add_award(*told, self._award(award), now=self.now)

    def _award(self, fact: dict[str, Any]) -> dict[str, Any]:
        laureate = fact["laureate"]
        values = {
            name: fact[name] for name in ("category", "year", "note", "source") if name in fact
        }
        return values | {
            "person_id": self.persons.id_of(laureate),
            "laureate_name": laureate["name"],
            "affiliation": laureate.get("affiliation"),
            "job_title": laureate.get("job_title"),
            "organisation_id": self.organisations[fact["organisation"]],
        }

    def _fill_agenda(self, fact: dict[str, Any]) -> None:
        event = self.events[fact["slug"]]
        ids: dict[int, str] = {}
        for moderator in fact.get("moderators", ()):
            self._speaker(event, None, moderator)
        for item in fact.get("agenda", ()):
            values = {name: item[name] for name in ITEM if name in item}
            if "own_event" in item:
                values["own_event_id"] = self.events[item["own_event"]].id
            if "block" in item:
                values["block_id"] = ids[item["block"]]
            row = self._item(event, item, values)
            ids[item["position"]] = row.id
            for speaker in item.get("speakers", ()):
                self._speaker(event, row, speaker)

    def _item(self, event: Any, item: dict[str, Any], values: dict[str, Any]) -> Any:
        told = (self.session, self.actor, event)
        visit = item.get("visit")
        if visit is None:
            values["organisation_ids"] = [
                self.organisations[slug] for slug in item.get("organisations", ())
            ]
            return agenda.add_session(*told, values, now=self.now)
        values |= {name: visit[name] for name in VISIT if name in visit}
        values["host_organisation_id"] = self.organisations[visit["host_organisation"]]
        return visits.add_visit(*told, values, now=self.now).item

    def _speaker(self, event: Any, item: Any, fact: dict[str, Any]) -> None:
        values = {name: fact[name] for name in SPEAKER if name in fact}
        values |= {"person_id": self.persons.id_of(fact), "name_printed": fact["name"]}
        # named in a report of a public event that took place (security.md §3, editions.md §4)
        values |= {"state": "confirmed", "publish": True}
        if "organisation" in fact:
            values["organisation_id"] = self.organisations[fact["organisation"]]
        agenda.add_speaker(self.session, self.actor, event, item, values, now=self.now)

    def _relate(self, fact: dict[str, Any]) -> None:
        for relation in fact.get("relations", ()):
            actions.relate(
                self.session,
                self.actor,
                self.events[fact["slug"]],
                self.events[relation["event"]],
                relation["kind"],
                basis=relation["basis"],
                source=relation.get("source"),
                now=self.now,
            )

    def _step(self, fact: dict[str, Any]) -> None:
        event, to = self.events[fact["slug"]], STATES[fact["stated_status"]]
        told = (self.session, self.actor, event)
        if to is not None:
            recorded = to == "completed"
            actions.transition(*told, to, recorded=recorded, now=self.now)
        if to == "completed" and fact.get("agenda"):
            agenda.publish(*told, now=self.now)


def _dates(fact: dict[str, Any]) -> dict[str, Any]:
    """The dates of an edition as the verb takes them; nothing is filled in."""
    values: dict[str, Any] = {"date_precision": fact["precision"]}
    for name in ("month", "year", "length_days"):
        if name in fact:
            values[name] = fact[name]
    for name in ("not_after", "before_on"):
        if name in fact:
            values[name] = date.fromisoformat(fact[name])
    if "first_day" in fact:
        values |= {
            "all_day": True,
            "starts_on": date.fromisoformat(fact["first_day"]),
            "ends_on": date.fromisoformat(fact["last_day"]),
        }
    if "starts_at" in fact:
        values |= {name: datetime.fromisoformat(fact[name]) for name in ("starts_at", "ends_at")}
    return values
