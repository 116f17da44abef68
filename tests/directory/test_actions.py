"""The verbs of the directory."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select

from eventsvc.audit.models import AuditEntry
from eventsvc.core.errors import Conflict, Invalid, NotFound
from eventsvc.core.ids import new_id
from eventsvc.directory import actions, queries
from eventsvc.directory.models import (
    MergeSuggestion,
    Organisation,
    OrganisationFigure,
    Person,
    TargetCountry,
)
from eventsvc.events.models import Award, OrganisationRole
from tests.factories.accounts import an_event, an_organiser
from tests.factories.directory import HOUSE, a_person, an_organisation, targets

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def audited(session, thing) -> list[str]:
    found = select(AuditEntry.action).where(AuditEntry.subject_id == thing.id)
    return list(session.scalars(found.order_by(AuditEntry.seq)))


def suggested(session, organiser) -> list[tuple[str, str, str]]:
    found = session.scalars(queries.suggestions_of(organiser.id, {}))
    return [(one.first_id, one.second_id, one.confidence) for one in found]


# organisations


def test_an_organisation_gets_a_slug_that_is_free(session, organiser):
    made = [an_organisation(session, organiser, "Alpha Cluster") for _ in range(3)]
    assert [one.slug for one in made] == ["alpha-cluster", "alpha-cluster-2", "alpha-cluster-3"]
    elsewhere = an_organisation(session, an_organiser(session), "Alpha Cluster")
    assert elsewhere.slug == "alpha-cluster"


def test_a_given_slug_is_taken_once_per_organiser(session, organiser):
    first = an_organisation(session, organiser, slug="one")
    with pytest.raises(Conflict) as error:
        an_organisation(session, organiser, "Other", slug="one")
    assert error.value.code == "slug-taken"
    assert error.value.members["conflicts_with"] == [first.id]
    other = an_organisation(session, organiser, "Other")
    with pytest.raises(Conflict):
        actions.change_organisation(session, HOUSE, other, {"slug": "one"}, now=NOW)


def test_a_change_is_audited_by_the_names_of_its_fields(session, organiser):
    one = an_organisation(session, organiser)
    actions.change_organisation(session, HOUSE, one, {"city": "Heilbronn", "tags": ["a"]}, now=NOW)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (entry.action, entry.organiser_id) == ("organisation.changed", organiser.id)
    assert entry.changes == {"fields": ["city", "tags"]}
    assert one.version == 2


def test_a_change_to_the_same_values_writes_nothing(session, organiser):
    named = targets("concept", "JP")
    one = an_organisation(session, organiser, city="Heilbronn", targets=named)
    same = {"city": "Heilbronn", "targets": named}
    actions.change_organisation(session, HOUSE, one, same, now=NOW)
    assert one.version == 1
    assert audited(session, one) == ["organisation.added"]


def test_a_new_name_is_found_and_the_old_one_is_not(session, organiser):
    one = an_organisation(session, organiser, "Before")
    actions.change_organisation(session, HOUSE, one, {"name": "Āfter"}, now=NOW)
    assert queries.organisation_named(session, organiser.id, "after").id == one.id
    assert queries.organisation_named(session, organiser.id, "before") is None


def test_targets_are_replaced_as_a_whole_and_count_as_a_version(session, organiser):
    one = an_organisation(session, organiser, targets=targets("concept", "JP", "US"))
    wanted = [
        {"phase": "concept", "country": "US", "printed": "USA"},
        {"phase": "concept", "region": "Asia-Pacific", "printed": "Economic area: Asia-Pacific"},
        {"phase": "implementation", "country": "SG", "printed": "Sinapore"},
    ]
    actions.set_targets(session, HOUSE, one, wanted, now=NOW)
    assert one.version == 2
    session.expire_all()
    read = queries.organisation_of(session, organiser.id, one.id)
    assert [(t.phase, t.country, t.region, t.printed) for t in read.targets] == [
        ("concept", "US", None, "USA"),
        ("concept", None, "Asia-Pacific", "Economic area: Asia-Pacific"),
        ("implementation", "SG", None, "Sinapore"),
    ]


def test_a_target_of_no_country_or_twice_is_refused_and_changes_nothing(session, organiser):
    twice = targets("concept", "JP", "JP")
    with pytest.raises(Invalid):
        an_organisation(session, organiser, targets=twice)
    one = an_organisation(session, organiser, targets=targets("concept", "US"))
    with pytest.raises(Invalid):
        actions.set_targets(session, HOUSE, one, twice, now=NOW)
    assert [target.country for target in one.targets] == ["US"]


# persons


def test_accents_case_and_titles_do_not_make_another_person(session, organiser):
    one = a_person(session, organiser, "Kristina Šermukšnytė-Alešiūnienė")
    for printed in ("Kristina Sermuksnyte-Alesiuniene", "Dr. KRISTINA Šermukšnytė-Alešiūnienė"):
        assert actions.person_named(session, organiser.id, printed).id == one.id
    assert actions.person_named(session, organiser.id, "Kristina") is None
    assert actions.person_named(session, an_organiser(session).id, one.name) is None


def test_a_person_is_found_by_an_alias(session, organiser):
    one = a_person(session, organiser, "Eva Beispiel", aliases=["Eva Muster"])
    other = a_person(session, organiser, "Max Beispiel")
    actions.add_alias(session, HOUSE, other, "Maxim Beispiel", now=NOW)
    assert actions.person_named(session, organiser.id, "Prof. Eva Muster").id == one.id
    assert actions.person_named(session, organiser.id, "maxim beispiel").id == other.id


def test_a_name_comes_before_an_alias(session, organiser):
    a_person(session, organiser, "Eva Beispiel", aliases=["Eva Muster"])
    named = a_person(session, organiser, "Eva Muster")
    assert actions.person_named(session, organiser.id, "Eva Muster").id == named.id


def test_a_printed_name_keeps_its_spelling_as_an_alias(session, organiser):
    def printed(name: str) -> Person:
        return actions.person_as_printed(session, HOUSE, organiser.id, {"name": name}, now=NOW)

    first = printed("Anais Le Corvec")
    assert printed("Anaïs Le Corvec").id == printed("Anais Le Corvec").id == first.id
    assert (first.name, first.aliases) == ("Anais Le Corvec", ["Anaïs Le Corvec"])
    assert printed("Veerle De Graef").id == printed("Veerle de Graef").id != first.id
    one, other = printed("Dr. Jan-Philipp Kramer"), printed("Jan-Philippe Kramer")
    assert suggested(session, organiser) == [(one.id, other.id, "near")]


# look-alikes are suggested, never merged silently


@pytest.mark.parametrize(
    ("before", "added", "likeness"),
    [
        ("Dr. Jan-Philipp Kramer", "Jan-Philippe Kramer", "near"),
        ("Kristina Sermuksnyte-Alesiuniene", "Kristina Šermukšnytė-Alešiūnienė", "same"),
        ("Veerle De Graef", "Prof. Veerle de Graef", "same"),
        ("Eva Beispiel", "Max Muster", None),
    ],
)
def test_a_look_alike_person_is_suggested(session, organiser, before, added, likeness):
    first, second = a_person(session, organiser, before), a_person(session, organiser, added)
    assert first.id != second.id
    expected = [] if likeness is None else [(first.id, second.id, likeness)]
    assert suggested(session, organiser) == expected


def test_a_look_alike_organisation_is_suggested(session, organiser):
    first = an_organisation(session, organiser, "ARENA 2036", aliases=["Arena 2036 e.V."])
    by_alias = an_organisation(session, organiser, "Arena 2036 E.V.")
    near = an_organisation(session, organiser, "ARENA2036")
    an_organisation(session, organiser, "Arena 2037")
    assert set(suggested(session, organiser)) == {
        (first.id, by_alias.id, "same"),
        (first.id, near.id, "near"),
    }


def test_a_pair_is_suggested_once_and_only_within_its_organiser(session, organiser):
    first, second = a_person(session, organiser), a_person(session, organiser)
    a_person(session, an_organiser(session))
    actions.add_alias(session, HOUSE, first, "Eva B.", now=NOW)
    actions.change_person(session, HOUSE, second, {"aliases": ["Eva B."]}, now=NOW)
    assert suggested(session, organiser) == [(first.id, second.id, "same")]


def test_a_change_of_name_can_make_a_look_alike(session, organiser):
    first, second = a_person(session, organiser), a_person(session, organiser, "Max Muster")
    actions.change_person(session, HOUSE, second, {"country": "AT"}, now=NOW)
    assert suggested(session, organiser) == []
    actions.change_person(session, HOUSE, second, {"name": "Eva Beispiél"}, now=NOW)
    assert suggested(session, organiser) == [(first.id, second.id, "same")]
    assert second.version == 3


def test_a_person_and_an_organisation_never_look_alike(session, organiser):
    a_person(session, organiser, "Example Name")
    an_organisation(session, organiser, "Example Name")
    assert suggested(session, organiser) == []


# removal


def test_an_entry_that_nothing_refers_to_goes_with_what_is_its_own(session, organiser):
    one = an_organisation(session, organiser, targets=targets("concept", "JP"))
    twin = an_organisation(session, organiser)
    actions.add_figure(session, HOUSE, one, figure(), now=NOW)
    assert len(suggested(session, organiser)) == 1
    actions.remove_organisation(session, HOUSE, one, now=NOW)
    for model in (TargetCountry, OrganisationFigure, MergeSuggestion):
        assert session.scalars(select(model)).all() == []
    assert session.scalars(select(Organisation)).all() == [twin]
    assert audited(session, one)[-1] == "organisation.removed"


def test_a_referred_entry_stays(session, organiser):
    one, person = an_organisation(session, organiser), a_person(session, organiser)
    edition = an_event(session, organiser)
    role = OrganisationRole(
        organiser_id=organiser.id, event_id=edition.id, organisation_id=one.id, role="host"
    )
    award = Award(event_id=edition.id, category="Example of the Year", person_id=person.id)
    session.add_all([role, award])
    session.flush()
    with pytest.raises(Conflict) as error:
        actions.remove_organisation(session, HOUSE, one, now=NOW)
    assert (error.value.code, error.value.members["conflicts_with"]) == ("in-use", [role.id])
    with pytest.raises(Conflict) as error:
        actions.remove_person(session, HOUSE, person, now=NOW)
    assert error.value.members["conflicts_with"] == [award.id]
    session.execute(delete(Award))
    actions.remove_person(session, HOUSE, person, now=NOW)
    assert session.scalars(select(Person)).all() == []


def test_a_reference_made_since_we_looked_is_found_by_the_database(session, organiser, monkeypatch):
    person = a_person(session, organiser)
    edition = an_event(session, organiser)
    session.add(Award(event_id=edition.id, category="Example", person_id=person.id))
    session.flush()
    monkeypatch.setattr(queries, "references_to", lambda *_arguments: [])
    with pytest.raises(Conflict) as error:
        actions.remove_person(session, HOUSE, person, now=NOW)
    assert error.value.code == "in-use"
    assert session.scalars(select(Person.id)).all() == [person.id]


# figures


def figure(**values):
    return {"metric": "members", "operator": "=", "value": 126, **values}


def test_figures_stand_in_order_and_keep_operator_and_source(session, organiser):
    one = an_organisation(session, organiser)
    actions.add_figure(session, HOUSE, one, figure(source="000.txt"), now=NOW)
    more = figure(metric="members_and_partners", operator=">", value=60, printed="over 60")
    actions.add_figure(session, HOUSE, one, more, now=NOW)
    listed = queries.figures_of(one.id).order_by(OrganisationFigure.position)
    found = session.scalars(listed).all()
    assert [(f.operator, f.value, f.printed, f.source, f.position) for f in found] == [
        ("=", 126, None, "000.txt", 0),
        (">", 60, "over 60", None, 1),
    ]


def test_of_one_metric_one_figure_is_preferred(session, organiser):
    one = an_organisation(session, organiser)
    first = actions.add_figure(session, HOUSE, one, figure(preferred=True), now=NOW)
    other = actions.add_figure(session, HOUSE, one, figure(metric="x", preferred=True), now=NOW)
    second = actions.add_figure(session, HOUSE, one, figure(value=130), now=NOW)
    actions.change_figure(session, HOUSE, one, second, {"preferred": True}, now=NOW)
    assert (first.preferred, second.preferred, other.preferred) == (False, True, True)
    assert (first.version, second.version, other.version) == (2, 2, 1)


def test_figures_are_audited_with_their_organisation(session, organiser):
    one = an_organisation(session, organiser)
    made = actions.add_figure(session, HOUSE, one, figure(), now=NOW)
    actions.change_figure(session, HOUSE, one, made, {"value": 126}, now=NOW)
    actions.change_figure(session, HOUSE, one, made, {"value": 127}, now=NOW)
    actions.remove_figure(session, HOUSE, one, made, now=NOW)
    assert audited(session, one)[1:] == [
        "organisation.figure-added",
        "organisation.figure-changed",
        "organisation.figure-removed",
    ]
    assert session.scalars(queries.figures_of(one.id)).all() == []


def test_no_id_of_another_organisation_opens_a_figure(session, organiser):
    one, other = (an_organisation(session, organiser, name) for name in ("One", "Other"))
    made = actions.add_figure(session, HOUSE, one, figure(), now=NOW)
    assert queries.figure_of(session, one.id, made.id).id == made.id
    for organisation, figure_id in ((other, made.id), (one, new_id()), (one, "x")):
        with pytest.raises(NotFound):
            queries.figure_of(session, organisation.id, figure_id)
