"""What the doors of reports take and answer."""

from __future__ import annotations

from marshmallow import fields

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    Id,
    Instant,
    Integer,
    ListOf,
    Query,
    QueryChoice,
    Text,
)
from eventsvc.reports.policy import LANGUAGES, STATES
from eventsvc.reports.render import FORMATS

KINDS = ("stated", "counted")


class ReportBody(Body):
    """A new revision. ``reason``: why the figures are frozen again."""

    reason = Text(max_length=500, multiline=True)


class ReportTransitionBody(Body):
    """A step of a report."""

    to = Choice(STATES[1:], required=True)


class ReportOut(Answer):
    """A report revision."""

    id = Id()
    event_id = Id()
    revision = Integer(minimum=1)
    state = Choice(STATES)
    opened_at = Instant()
    written_at = Instant(allow_none=True)
    released_at = Instant(allow_none=True)
    reason = Text(allow_none=True)
    version = Integer(minimum=1)


class ReportsQuery(ListQuery):
    """Filters of report revisions."""

    state = ListOf(QueryChoice(STATES), 3)


class PageQuery(Query):
    """Which page of a report."""

    format = QueryChoice(tuple(FORMATS), load_default="html")
    language = QueryChoice(LANGUAGES, load_default="en")


class ReportFigureOut(Answer):
    """A figure: stated by the organisers, or counted from rows. ``value`` null: not recorded."""

    id = Text(metadata={"examples": ["participants.attended", "stated.participants"]})
    kind = Choice(KINDS)
    metric = Text()
    operator = Text(allow_none=True)
    value = Integer(allow_none=True)
    unit = Text(allow_none=True)
    source = Text(allow_none=True)
    note = Text(allow_none=True)
    definition = Text()


class DifferenceOut(Answer):
    """Counted less stated; ``fits`` null where "about" says neither."""

    operator = Text()
    value = fields.Integer()
    fits = Boolean(allow_none=True)


class GlanceOut(Answer):
    """What was stated beside what was counted."""

    metric = Text()
    stated = fields.Nested(ReportFigureOut, allow_none=True)
    counted = fields.Nested(ReportFigureOut, allow_none=True)
    difference = fields.Nested(DifferenceOut, allow_none=True)


class CellOut(Answer):
    """A line of a breakdown; ``few``: one or two people; ``held-back``: would give those away."""

    key = Text()
    state = Choice(("shown", "few", "held-back"))
    count = Integer(allow_none=True)


class ParticipationOut(Answer):
    """Guests with a place; null: too few to break down."""

    types = fields.List(fields.Nested(CellOut), allow_none=True)
    countries = fields.List(fields.Nested(CellOut), allow_none=True)


class ItemFiguresOut(Answer):
    """Seats of a session or visit. Null: without limit, or not recorded."""

    id = Id()
    kind = Text()
    type = Text()
    title = Text()
    capacity = Integer(allow_none=True)
    booked = Integer()
    waited = Integer()
    promoted = Integer()
    attended = Integer(allow_none=True)
    no_show = Integer(allow_none=True)
    fill_rate = Integer(allow_none=True, metadata={"description": "Percent"})


class FiguresOut(Answer):
    """Figures counted now; nothing is stored. Which members there are depends on the name."""

    counted_at = Text()
    software_version = Text()
    headline = Text()
    figures = fields.List(fields.Nested(ReportFigureOut))
    glance = fields.List(fields.Nested(GlanceOut))
    registrations = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer())
    )
    participation = fields.Nested(ParticipationOut)
    seats = fields.List(fields.Nested(ItemFiguresOut))


class TrendFigureOut(Answer):
    """A stated figure of an edition."""

    metric = Text()
    operator = Text()
    value = Integer()
    unit = Text(allow_none=True)
    note = Text(allow_none=True)
    source = Text(allow_none=True)
    context = Boolean()


class TrendDatesOut(Answer):
    """What is known of when."""

    precision = Text()
    starts_on = Text(allow_none=True)
    ends_on = Text(allow_none=True)
    month = Text(allow_none=True)
    year = Integer(allow_none=True)
    not_after = Text(allow_none=True)
    before_on = Text(allow_none=True)
    length_days = Integer(allow_none=True)


class TrendEditionOut(Answer):
    """An edition: what was stated and what was counted, apart. Empty: not stated, not counted."""

    event_id = Id()
    slug = Text()
    title = Text()
    edition = Integer(allow_none=True)
    edition_derived = Integer(allow_none=True)
    state = Text()
    dates = fields.Nested(TrendDatesOut)
    stated = fields.List(fields.Nested(TrendFigureOut))
    counted = fields.Dict(keys=fields.String(), values=fields.Integer(allow_none=True))


class SumOut(Answer):
    """A kind of stated figure over the editions; ``value`` null: no bound follows."""

    metric = Text()
    operator = Text(allow_none=True)
    value = Integer(allow_none=True)
    editions = ListOf(Text(), 500)
    not_stated = ListOf(Text(), 500)


class GapOut(Answer):
    """Edition numbers that are not loaded; ``unnumbered`` editions may be among them."""

    first = Integer()
    last = Integer()
    unnumbered = ListOf(Text(), 500)


class TrendsOut(Answer):
    """A series edition by edition."""

    editions = fields.List(fields.Nested(TrendEditionOut))
    sums = fields.List(fields.Nested(SumOut))
    gaps = fields.List(fields.Nested(GapOut))
