"""Questions about the directory: the printed rankings, filters, names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eventsvc.directory import queries
from tests.factories.accounts import an_organiser, counted
from tests.factories.directory import a_person, an_organisation, targets

PRINTED = Path(__file__).parent / "target_countries.json"
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
    "concept": (22, 71, CONCEPT),
    "implementation": (23, 50, IMPLEMENTATION),
    "either": (25, 75, EITHER),
}


def as_written(ranking) -> str:
    """The ranking as checkable-facts.md writes it: "US 9; NL 7; CA, JP 6"."""
    by_votes: dict[int, list[str]] = {}
    for country, votes in ranking:
        by_votes.setdefault(votes, []).append(country)
    return "; ".join(f"{', '.join(codes)} {votes}" for votes, codes in by_votes.items())


@pytest.fixture
def clusters(session, organiser):
    """The 32 clusters of the printed list with their target lines, and two bystanders."""
    for name, lines in json.loads(PRINTED.read_text()).items():
        named = [
            {"phase": phase, "country" if len(word) == 2 else "region": word}
            for phase, words in lines.items()
            for word in words
        ]
        an_organisation(session, organiser, name, targets=named, leading_edge=True)
    an_organisation(session, organiser, "Without targets", countries_in_description=["HK"])
    an_organisation(session, an_organiser(session), targets=targets("concept", "JP"))


@pytest.mark.parametrize("phase", ["concept", "implementation", "either"])
def test_the_printed_rankings_of_target_countries(session, organiser, clusters, phase):
    asked = None if phase == "either" else phase
    with counted() as sent:
        found = queries.target_country_counts(session, organiser.id, asked)
    countries, pairs, ranking = RANKINGS[phase]
    assert (found.phase, found.countries, found.pairs) == (phase, countries, pairs)
    assert as_written(found.ranking) == ranking
    assert len(sent) == 1


def test_one_vote_per_organisation_and_a_region_has_none(session, organiser):
    both = [*targets("concept", "SG"), *targets("implementation", "SG")]
    region = {"phase": "concept", "region": "Asia-Pacific"}
    an_organisation(session, organiser, targets=[*both, region])
    assert queries.target_country_counts(session, organiser.id).ranking == (("SG", 1),)


def names(session, organiser, **filters) -> list[str]:
    found = queries.organisations_found(session, organiser.id, filters)
    return sorted(one.name for one in session.scalars(found))


def test_lines_of_the_implementation_phase(session, organiser, clusters):
    assert len(names(session, organiser, leading_edge=True)) == 32
    there = names(session, organiser, phase="implementation")
    assert len(there) == 30
    missing = set(names(session, organiser, phase="concept")) - set(there)
    assert {name.split()[0].lower() for name in missing} == {"deepsea", "medical"}


@pytest.fixture
def directory(session, organiser):
    """Four entries that differ in everything that is filtered."""
    add = {
        "Łódź Cluster": {"country": "PL", "tags": ["photonics", 'a "b"'], "leading_edge": True},
        "Hydrogen Süd": {"country": "DE", "tags": ["b", "hydrogen"], "short_name": "HyS"},
        "Ministry of Examples": {"kind": "public_authority", "aliases": ["MoE 100%"]},
        "Example Programme": {"kind": "programme", "initiative": True, "legal_name": "EP Ltd"},
    }
    for name, values in add.items():
        an_organisation(session, organiser, name, **values)
    an_organisation(session, an_organiser(session), "Foreign", country="PL", tags=["photonics"])


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "EHMŁ"),
        ({"kind": ["cluster"]}, "HŁ"),
        ({"kind": ["cluster", "programme"]}, "EHŁ"),
        ({"country": ["PL"]}, "Ł"),
        ({"country": ["PL", "DE"]}, "HŁ"),
        ({"tag": ["photonics"]}, "Ł"),
        ({"tag": ["photonics", "hydrogen"]}, "HŁ"),
        ({"tag": ["b"]}, "H"),
        ({"tag": ['a "b"']}, "Ł"),
        ({"tag": ["photo"]}, ""),
        ({"leading_edge": True}, "Ł"),
        ({"leading_edge": False}, "EHM"),
        ({"initiative": True}, "E"),
        ({"kind": ["cluster"], "country": ["DE"], "leading_edge": True}, ""),
        ({"q": "lodz"}, "Ł"),
        ({"q": "LÓDZ clust"}, "Ł"),
        ({"q": "cluster łódź"}, "Ł"),
        ({"q": "süd"}, "H"),
        ({"q": "hys"}, "H"),
        ({"q": "ep ltd"}, "E"),
        ({"q": "100%"}, "M"),
        ({"q": "1%0"}, ""),
        ({"q": "nothing"}, ""),
    ],
)
def test_filters_of_organisations(session, organiser, directory, filters, expected):
    assert [name[0] for name in names(session, organiser, **filters)] == list(expected)


def test_target_countries_are_filtered_by_phase(session, organiser):
    an_organisation(session, organiser, "A", targets=targets("concept", "JP", "US"))
    an_organisation(session, organiser, "B", targets=targets("implementation", "JP"))
    assert names(session, organiser, target_country=["JP"]) == ["A", "B"]
    assert names(session, organiser, target_country=["JP"], phase="concept") == ["A"]
    assert names(session, organiser, target_country=["US", "KR"]) == ["A"]
    assert names(session, organiser, target_country=["US"], phase="implementation") == []
    assert names(session, organiser, phase="implementation") == ["B"]


def test_persons_are_found_by_words_and_country(session, organiser):
    a_person(session, organiser, "Dr. Anaïs Le Corvec", aliases=["A. Beispiel"], country="FR")
    a_person(session, organiser, "Max Muster", country="AT")

    def found(**filters) -> list[str]:
        return [
            one.country for one in session.scalars(queries.persons_found(organiser.id, filters))
        ]

    assert found(q="corvec anais") == ["FR"]
    assert found(q="beispiel") == ["FR"]
    assert found(q="dr.") == []
    assert found(country=["AT"]) == ["AT"]
    assert found(country=["AT"], q="anais") == []


def test_look_alikes_cost_one_query_whatever_the_size(session, organiser):
    first = a_person(session, organiser, "Eva Beispiel")
    for number in range(20):
        a_person(session, organiser, f"Somebody {number} Else")
    with counted() as sent:
        assert queries.look_alikes(session, first) == []
    assert len(sent) == 1


def test_wildcards_in_names_are_letters(session, organiser):
    a_person(session, organiser, "Eva Beispiel", aliases=["Eva Muster"])
    an_organisation(session, organiser, "Example Cluster")
    for name in ("Eva M%", "E_a Muster", "%"):
        assert queries.person_named(session, organiser.id, name) is None
    assert queries.organisation_named(session, organiser.id, "Ex%") is None
