"""checkable-facts.md, read from the answers of the API: events, figures, people."""

from __future__ import annotations

from collections import Counter

import pytest

DOC = {
    "000": "000_819af72b5e97c556.txt",
    "001": "001_f274a48bf349ce0a.txt",
    "002": "002_5bdf9984815b1c05.txt",
    "003": "003_34d0cff002d9748e.txt",
    "004": "004_62742ff8fbce7d66.txt",
}


@pytest.fixture(scope="module")
def events(get):
    return {event["slug"]: event for event in get("/events", limit=200)}


@pytest.fixture(scope="module")
def series(get):
    return {one["slug"]: one for one in get("/series")}


@pytest.fixture(scope="module")
def agendas(get, events):
    return {slug: get(f"/events/{event['id']}/agenda") for slug, event in events.items()}


def items(agenda):
    return agenda["items"] if isinstance(agenda, dict) else agenda


def people(agenda):
    return {speaker["name"] for item in items(agenda) for speaker in item["speakers"]}


def notation(figure):
    return f"{figure['operator'] if figure['operator'] != '=' else ''}{figure['value']}"


def test_event_records(events):
    assert len(events) == 12
    parents = Counter(event["parent_id"] for event in events.values() if event["parent_id"])
    assert parents == {events["ecc-2024"]["id"]: 3, events["ecc-2022"]["id"]: 1}


def test_events_per_series(events, series):
    assert set(series) == {"cmr", "ecc", "eu-clusters-talk"}
    count = Counter(event["series_id"] for event in events.values())
    assert count[series["cmr"]["id"]] == 3
    assert count[series["ecc"]["id"]] == 2
    assert count[series["eu-clusters-talk"]["id"]] == 1
    assert count[None] == 6


def test_status_in_the_documents(events):
    count = Counter(event["stated_status"] for event in events.values())
    assert count == {"held": 9, "announced": 2, "planned": 1}


def test_past_editions_are_recorded_and_the_clock_completes_nothing(events):
    states = Counter((event["state"], event["recorded"]) for event in events.values())
    assert states == {("completed", True): 9, ("announced", False): 2, ("idea", False): 1}


def test_top_level_events_by_country(get):
    top = get("/events", top_level="true", limit=200)
    count = Counter(event["country"] for event in top)
    assert count == {"DE": 2, "ES": 1, "BE": 1, None: 4}


def test_records_per_source(events):
    count = Counter(source for event in events.values() for source in event["sources"])
    assert count == {DOC["000"]: 2, DOC["001"]: 1, DOC["002"]: 4, DOC["003"]: 4, DOC["004"]: 1}


def test_complete_dates(events):
    dated = {slug for slug, event in events.items() if event["starts_at"]}
    assert dated == {
        "talk-2022-10-05",
        "cmr-2023-duesseldorf",
        "ecc-2024",
        "cmr-2025-palma",
    }
    assert events["cmr-2023-duesseldorf"]["starts_at"] == "2023-11-08T00:00:00+01:00"
    assert events["cmr-2023-duesseldorf"]["ends_at"] == "2023-11-09T00:00:00+01:00"
    assert events["ecc-2024"]["starts_at"] == "2024-05-07T00:00:00+02:00"
    assert events["ecc-2024"]["ends_at"] == "2024-05-09T00:00:00+02:00"
    assert events["cmr-2025-palma"]["starts_at"] == "2025-05-14T00:00:00+02:00"


def test_talk_in_utc(events):
    talk = events["talk-2022-10-05"]
    assert talk["starts_at"] == "2022-10-05T08:30:00+02:00"
    assert talk["ends_at"] == "2022-10-05T09:30:00+02:00"
    assert talk["timezone_basis"] == "suggested"


def test_order_in_time(get):
    order = [event["slug"] for event in get("/events", top_level="true")]
    assert order[:6] == [
        "ecc-2022",
        "talk-2022-10-05",
        "cmr-2023-duesseldorf",
        "ecc-2024",
        "cmr-2025-heilbronn",
        "cmr-2025-palma",
    ]
    undated = {"een-info-day-invest-eu", "wigratec-food-feed-forum"}
    assert set(order[6:]) == undated


def test_dates_known_to_the_month_get_no_invented_day(events):
    heilbronn = events["cmr-2025-heilbronn"]
    assert heilbronn["date_precision"] == "month"
    assert heilbronn["month"] == "2025-04"
    assert heilbronn["not_after"] == "2025-04-22"
    assert heilbronn["starts_at"] is None
    assert events["ecc-2022"]["date_precision"] == "year"
    assert events["ecc-2022"]["before_on"] == "2022-10-05"


def test_editions_printed_and_derived_stay_apart(events):
    assert events["cmr-2025-heilbronn"]["edition"] == 20
    assert events["ecc-2024"]["edition"] == 9
    assert events["cmr-2025-palma"]["edition"] is None
    assert events["cmr-2025-palma"]["edition_derived"] == 21
    assert events["cmr-2023-duesseldorf"]["edition"] is None
    assert events["cmr-2023-duesseldorf"]["ordinal_in_country"] == 1


def test_printed_and_derived_links_between_editions(get, events):
    def links(slug):
        rows = get(f"/events/{events[slug]['id']}/relations")
        by_id = {event["id"]: other for other, event in events.items()}
        return {(row["kind"], by_id[row["other_event_id"]], row["basis"]) for row in rows}

    assert links("cmr-2025-heilbronn") == {("next", "cmr-2025-palma", "printed")}
    assert ("previous", "cmr-2025-heilbronn", "printed") in links("cmr-2025-palma")
    assert ("previous", "ecc-2022", "derived") in links("ecc-2024")


def test_agenda_items(agendas):
    count = {slug: len(items(agenda)) for slug, agenda in agendas.items()}
    assert {slug: number for slug, number in count.items() if number} == {
        "cmr-2023-duesseldorf": 5,
        "cmr-2025-heilbronn": 13,
        "ecc-2022": 15,
        "ecc-2022-matchmaking": 1,
        "talk-2022-10-05": 6,
        "ecc-2024": 12,
    }
    assert sum(count.values()) == 52


def test_site_visits(get, events):
    found = {
        (slug, visit["place"])
        for slug, event in events.items()
        for visit in get(f"/events/{event['id']}/site-visits")
    }
    assert found == {
        ("cmr-2023-duesseldorf", "Duisburg"),
        ("cmr-2025-heilbronn", "Heilbronn"),
        ("cmr-2025-heilbronn", "Lampoldshausen"),
    }


def test_parallel_groups(agendas):
    groups = Counter(
        (item["parallel_group"], item["type"])
        for agenda in agendas.values()
        for item in items(agenda)
        if item["parallel_group"]
    )
    assert groups[("h2-workshops", "workshop")] == 3
    assert groups[("ecc-2022-breakouts", "breakout")] == 4
    assert groups[("ecc-2022-breakouts", "world_cafe")] == 2
    assert groups[("ecc-2024-parallel", "breakout")] == 4
    block = [item for item in items(agendas["ecc-2024"]) if item["stands_for"] == 12]
    assert len(block) == 1
    members = [item for item in items(agendas["ecc-2024"]) if item["block_id"] == block[0]["id"]]
    assert len(members) == 3


def test_named_people_by_event(get, events, agendas):
    named = {slug: people(agenda) for slug, agenda in agendas.items()}
    for slug, event in events.items():
        roles = get(f"/events/{event['id']}/speakers")
        named[slug] |= {role["name"] for role in roles}
    count = {slug: len(names) for slug, names in named.items() if names}
    assert count == {
        "cmr-2023-duesseldorf": 1,
        "cmr-2025-heilbronn": 13,
        "talk-2022-10-05": 9,
        "ecc-2024": 14,
    }
    assert len(set.union(*named.values())) == 36


def test_two_merges_are_suggested_and_none_is_made(get, events):
    organiser = next(iter(events.values()))["organiser_id"]
    assert len(get(f"/organisers/{organiser}/persons")) == 36
    open_ones = get(f"/organisers/{organiser}/merge-suggestions")
    pairs = {
        frozenset((one["first"]["name"], one["second"]["name"]))
        for one in open_ones
        if one["subject_type"] == "person"
    }
    assert pairs == {
        frozenset(("Dr. Jan-Philipp Kramer", "Jan-Philippe Kramer")),
        frozenset(("Kristina Sermuksnyte-Alesiuniene", "Kristina Šermukšnytė-Alešiūnienė")),
    }


def test_panels(agendas):
    def panels(slug):
        found = []
        for item in items(agendas[slug]):
            roles = Counter(speaker["role"] for speaker in item["speakers"])
            if item["type"] == "panel" and roles:
                found.append(roles)
        return found

    assert panels("cmr-2025-heilbronn") == [{"moderator": 1, "panellist": 5}]
    assert panels("ecc-2024") == [{"moderator": 1, "panellist": 5}] * 2
    heilbronn = next(i for i in items(agendas["cmr-2025-heilbronn"]) if i["type"] == "panel")
    countries = {speaker["country"] for speaker in heilbronn["speakers"]} - {None}
    assert countries == {"SI", "IT", "DE", "ES"}


def test_dated_deadlines_in_the_talk(agendas):
    deadlines = [
        point["deadline"]
        for item in items(agendas["talk-2022-10-05"])
        for point in item["points"]
        if point.get("deadline")
    ]
    assert sorted(deadlines) == ["2022-10-31", "2022-11-23", "2022-12-07", "2023-01-24"]


def test_awards(get, events):
    awards = get(f"/events/{events['ecc-2022']['id']}/awards")
    assert {(award["category"], award["year"]) for award in awards} == {
        ("European Cluster Manager of the Year", 2022),
        ("European Cluster Partnership of the Year", 2022),
    }


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("cmr-2023-duesseldorf", {"participants": ">70"}),
        (
            "cmr-2025-heilbronn",
            {"participants": ">120", "countries": "15", "bilateral_meetings": ">35"},
        ),
        (
            "ecc-2022",
            {
                "on_site": ">500",
                "total": ">900",
                "countries": ">40",
                "eu_member_states": "22",
                "breakout_sessions": "6",
            },
        ),
        ("ecc-2022-matchmaking", {"participants": ">200", "bilateral_meetings": "550"}),
        (
            "ecc-2024",
            {
                "participants": "~700",
                "speakers": "56",
                "parallel_sessions": "12",
                "high_level_panels": "2",
                "side_events": "2",
                "member_states_with_cluster_policy": "14",
            },
        ),
        ("ecc-2024-matchmaking", {"meetings": "800"}),
        ("cmr-2025-palma", {}),
        ("talk-2022-10-05", {}),
        ("een-info-day-invest-eu", {}),
        ("wigratec-food-feed-forum", {}),
        ("ecc-2024-side-partnerships", {}),
        ("ecc-2024-side-associations", {}),
    ],
)
def test_figures_with_operator_and_source(get, events, slug, expected):
    figures = get(f"/events/{events[slug]['id']}/figures")
    assert {figure["metric"]: notation(figure) for figure in figures} == expected
    assert all(figure["source"] in DOC.values() for figure in figures)


def test_key_messages_have_a_home(get, events):
    count = {
        slug: len(get(f"/events/{event['id']}/key-messages")) for slug, event in events.items()
    }
    assert {slug: number for slug, number in count.items() if number} == {
        "cmr-2023-duesseldorf": 2,
        "cmr-2025-heilbronn": 5,
        "ecc-2022": 4,
        "talk-2022-10-05": 5,
        "ecc-2024": 6,
    }


def test_inconsistency_1_and_2_one_series_with_its_spellings(series):
    assert "Cluster meet Regions" in series["cmr"]["aliases"]
    assert "European Clusters Conference 2024" in series["ecc"]["aliases"]


def test_inconsistency_7_an_event_without_place_is_valid(events):
    ecc = events["ecc-2022"]
    assert (ecc["city"], ecc["country"], ecc["timezone"]) == (None, None, None)


def test_inconsistency_13_organisers_per_event(get, events):
    def credit(slug):
        return get(f"/events/{events[slug]['id']}", expand="organisations")["credit_line"]

    heilbronn = credit("cmr-2025-heilbronn")
    assert "European Cluster Collaboration Platform" in heilbronn
    assert "on behalf of the European Commission" in heilbronn.replace(
        "of European", "of the European"
    )
    assert "Raum Heilbronn" in heilbronn
    assert "NRW" in credit("cmr-2023-duesseldorf")


def test_inconsistency_17_a_broken_affiliation_is_none(agendas):
    grippa = [
        speaker
        for item in items(agendas["ecc-2024"])
        for speaker in item["speakers"]
        if speaker["name"] == "Isabelle Grippa"
    ]
    assert [speaker["affiliation"] for speaker in grippa] == [None]


def test_calendars_hold_only_what_has_a_day(archive):
    client = archive.test_client()
    series = client.get("/calendars/cmr.ics").text
    assert series.count("BEGIN:VEVENT") == 2  # Düsseldorf and Palma; Heilbronn has no day
    talk = client.get("/calendars/eu-clusters-talk/talk-2022-10-05.ics").text
    assert "DTSTART;VALUE=DATE:20221005" in talk
    assert "0001" not in talk
