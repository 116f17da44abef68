"""What can be exported, in which form, to whom."""

from __future__ import annotations

import pytest

from eventsvc.core.errors import Forbidden, Invalid
from eventsvc.core.rights import SCOPES, Actor
from eventsvc.exports.policy import (
    FORMATS,
    KINDS,
    MEDIA,
    PEOPLE,
    check_form,
    check_people,
    file_name,
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMATS)
def test_only_programmes_have_forms_of_their_own(kind, form):
    if kind == "programme" or form in ("csv", "xlsx"):
        check_form(kind, form)
        return
    with pytest.raises(Invalid) as refused:
        check_form(kind, form)
    assert refused.value.errors[0].code == "not-for-this-kind"


def test_every_form_has_a_media_type():
    assert set(MEDIA) == set(FORMATS)


@pytest.mark.parametrize("kind", KINDS)
def test_people_need_the_list_of_registrations(kind):
    editor = Actor("token", "t", role="programme-editor", scopes=SCOPES)
    if kind not in PEOPLE:
        check_people(editor, kind)
        return
    with pytest.raises(Forbidden) as refused:
        check_people(editor, kind)
    assert refused.value.members == {"required_scope": "registrations:read"}
    check_people(Actor("token", "t", role="event-manager", scopes=SCOPES), kind)


def test_names_of_files():
    assert file_name("cmr-20", "programme", "frab_xml") == "cmr-20-programme.xml"
    assert file_name("cmr-20", "bookings", "csv") == "cmr-20-bookings.csv"
