"""The verbs of the agenda; the only writers of its tables."""

from eventsvc.agenda.actions.calendar import (
    calendar_item,
    show_banner,
    show_items,
    status_of,
)
from eventsvc.agenda.actions.consents import (
    note_consent,
    side_of,
)
from eventsvc.agenda.actions.copies import (
    copy_agenda,
)
from eventsvc.agenda.actions.following import (
    follow_start,
    follow_zone,
)
from eventsvc.agenda.actions.items import (
    add_item,
    change_item,
    remove_item,
    transition_item,
)
from eventsvc.agenda.actions.profiles import (
    change_profile,
    profile_made,
    renew_speaker_link,
    set_photo,
)
from eventsvc.agenda.actions.publications import (
    publish,
)
from eventsvc.agenda.actions.references import (
    check_references,
)
from eventsvc.agenda.actions.roles import (
    move_role,
)
from eventsvc.agenda.actions.rooms import (
    add_room,
    add_track,
    change_room,
    change_track,
    remove_place,
)
from eventsvc.agenda.actions.sessions import (
    add_session,
    change_session,
    remove_session,
)
from eventsvc.agenda.actions.speakers import (
    add_speaker,
    change_speaker,
    remove_speaker,
)
from eventsvc.agenda.actions.surroundings import (
    Place,
    Surroundings,
    country_name,
    in_common,
    surroundings_of,
)
from eventsvc.agenda.actions.takeaways import (
    add_takeaway,
    change_takeaway,
    clear_quote,
    remove_takeaway,
)
from eventsvc.agenda.actions.telling import (
    Before,
    about,
    before,
    starts_elsewhere,
    tell_changes,
)

__all__ = [
    "Before",
    "Place",
    "Surroundings",
    "about",
    "add_item",
    "add_room",
    "add_session",
    "add_speaker",
    "add_takeaway",
    "add_track",
    "before",
    "calendar_item",
    "change_item",
    "change_profile",
    "change_room",
    "change_session",
    "change_speaker",
    "change_takeaway",
    "change_track",
    "check_references",
    "clear_quote",
    "copy_agenda",
    "country_name",
    "follow_start",
    "follow_zone",
    "in_common",
    "move_role",
    "note_consent",
    "profile_made",
    "publish",
    "remove_item",
    "remove_place",
    "remove_session",
    "remove_speaker",
    "remove_takeaway",
    "renew_speaker_link",
    "set_photo",
    "show_banner",
    "show_items",
    "side_of",
    "starts_elsewhere",
    "status_of",
    "surroundings_of",
    "tell_changes",
    "transition_item",
]
