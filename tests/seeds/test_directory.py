"""checkable-facts.md, read from the answers of the API: organisations and target countries."""

from __future__ import annotations

from collections import Counter

import pytest

CONCEPT = (
    "US 9; NL 7; CA, JP 6; FR 5; CN, FI, GB, KR 4; BE, BR, CZ, ES 3; IT 2; "
    "AU, DK, LT, NO, PL, PT, SG, SI 1"
)
IMPLEMENTATION = (
    "JP, NL, US 6; CA 4; CZ, FR 3; BE, BR, GB, KR, SG 2; "
    "AT, AU, CN, CO, DK, ES, FI, IT, LT, PL, SI, ZA 1"
)
EITHER = (
    "US 9; NL 7; CA, JP 6; FR 5; CN, FI, GB, KR 4; BE, BR, CZ, ES 3; IT, SG 2; "
    "AT, AU, CO, DK, LT, NO, PL, PT, SI, ZA 1"
)
RANKINGS = {
    "concept": (
        22,
        71,
        CONCEPT,
    ),
    "implementation": (
        23,
        50,
        IMPLEMENTATION,
    ),
    "either": (
        25,
        75,
        EITHER,
    ),
}


@pytest.fixture(scope="module")
def organiser(get):
    return get("/series")[0]["organiser_id"]


@pytest.fixture(scope="module")
def organisations(get, organiser):
    return get(f"/organisers/{organiser}/organisations", initiative="false", limit=200)


def ranking(text):
    return {
        country: int(group.rsplit(" ", 1)[1])
        for group in text.split("; ")
        for country in group.rsplit(" ", 1)[0].split(", ")
    }


def test_72_organisations_and_12_initiatives_kept_apart(get, organiser, organisations):
    assert len(organisations) == 72
    assert Counter(one["leading_edge"] for one in organisations) == {True: 32, False: 40}
    initiatives = get(f"/organisers/{organiser}/organisations", initiative="true", limit=200)
    assert len(initiatives) == 12


def test_clusters_without_a_printed_seat(organisations):
    leading = [one for one in organisations if one["leading_edge"]]
    seatless = {one["name"] for one in leading if one["city"] is None}
    assert len(seatless) == 3
    towns = Counter(one["city"] for one in leading)
    assert towns["Stuttgart"] == 3
    assert [towns[town] for town in ("Augsburg", "Dresden", "Hamburg", "Heidelberg")] == [2] * 4


@pytest.mark.parametrize("phase", RANKINGS)
def test_target_countries_one_vote_per_cluster(get, organiser, phase):
    different, pairs, printed = RANKINGS[phase]
    found = get(f"/organisers/{organiser}/organisations/target-countries", phase=phase)
    counts = {row["country"]: row["organisations"] for row in found["ranking"]}
    assert counts == ranking(printed)
    assert (found["countries"], found["pairs"]) == (different, pairs)


def test_inconsistency_25_a_region_is_no_country(organisations):
    open_hybrid = next(one for one in organisations if "Open Hybrid" in one["name"])
    regions = {target["region"] for target in open_hybrid["targets"]} - {None}
    assert regions == {"Asia-Pacific"}


def test_figures_of_organisations(get, organiser, organisations):
    ipai = next(one for one in organisations if one["slug"] == "ipai")
    figures = get(f"/organisers/{organiser}/organisations/{ipai['id']}/figures")
    assert [(figure["operator"], figure["value"]) for figure in figures] == [(">", 60)]
