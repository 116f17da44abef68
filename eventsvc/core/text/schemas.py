"""Bases of the schemas at the door: closed requests, open answers (api.md §1, §14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, ClassVar

from marshmallow import EXCLUDE, RAISE, Schema, SchemaOpts, ValidationError, fields, pre_load

from eventsvc.core.text.refusals import Coded

SERVER_SET = frozenset(
    {
        "id",
        "state",
        "version",
        "created_at",
        "updated_at",
        "created_by",
        "updated_by",
        "organiser_id",
        "event_id",
        "series_id",
        "waitlist_position",
        "sequence",
        "revision",
        "email_key",
        "suspicious_email",
    }
)
"""Names that only the server sets: sent by a client they answer ``read-only-field``."""


class ClosedOptions(SchemaOpts):
    """Unknown names are refused, whatever ``Meta`` says."""

    def __init__(self, meta: type) -> None:
        super().__init__(meta)
        self.unknown = RAISE


class OpenOptions(SchemaOpts):
    """Answers may grow: the document leaves them open."""

    def __init__(self, meta: type) -> None:
        super().__init__(meta)
        self.unknown = EXCLUDE


class Closed(Schema):
    """Shared by requests: no caller, webargs included, can load it with unknown names let in."""

    OPTIONS_CLASS = ClosedOptions
    error_messages: ClassVar[dict[str, str]] = {  # type: ignore[misc]
        "unknown": Coded("unknown-field", "Unknown field"),
        "type": Coded("invalid-type", "Give an object"),
    }

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if hasattr(getattr(cls, "Meta", None), "description"):
            raise TypeError(f"{cls.__name__}: apispec opens a schema that has Meta.description")

    def load(self, data: Any, *, unknown: str | None = None, **options: Any) -> Any:
        """Load as marshmallow does; ``unknown`` is ignored: names not declared are refused."""
        del unknown
        return super().load(data, unknown=RAISE, **options)


class Body(Closed):
    """A request body. Names not declared are ``unknown-field``, server-set ones
    ``read-only-field``; a subclass may give its own ``server_set``.
    """

    server_set: ClassVar[frozenset[str]] = SERVER_SET
    example: ClassVar[Mapping[str, Any] | None] = None
    """For the document, where what is required says too little to be of use."""

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **kwargs: Any) -> None:
        """Tell server-set names from unknown ones (hook of marshmallow)."""
        del data, kwargs
        messages = error.messages
        if isinstance(messages, dict):
            for found in messages.values() if many else (messages,):
                if isinstance(found, dict):
                    self._mark_read_only(found)

    def _mark_read_only(self, messages: dict[Any, Any]) -> None:
        read_only = self.server_set | self.dump_fields.keys() - self.load_fields.keys()
        for name in read_only & messages.keys():
            if [getattr(message, "code", "") for message in messages[name]] == ["unknown-field"]:
                messages[name] = [Coded("read-only-field", "Only the server sets this field")]


class Patch(Body):
    """The body of a PATCH (RFC 7396): absent = unchanged, ``null`` clears where ``allow_none``.

    Use it before the body it changes: ``class SessionPatch(Patch, SessionBody)``.
    ``load`` answers only what was sent; defaults of fields do not apply.
    """

    example: ClassVar[Mapping[str, Any] | None] = None

    def __init__(self, **options: Any) -> None:
        options.setdefault("partial", True)
        super().__init__(**options)


class Answer(Schema):
    """A response: only declared names are written; the document leaves it open."""

    OPTIONS_CLASS = OpenOptions

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """The value of a field (hook of marshmallow), without its search for other ways to it."""
        if "." in attr:
            return super().get_attribute(obj, attr, default)
        if isinstance(obj, dict):
            return obj.get(attr, default)
        return getattr(obj, attr, default)

    @classmethod
    @cache
    def names(cls) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(cls().dump_fields)


@lru_cache(maxsize=2000)
def ready(schema: type[Schema], only: tuple[str, ...] | None = None) -> Schema:
    """The schema, made once and used by all threads: making one copies every field of it.

    ``only``: the names to be written; the caller has checked them.
    """
    return schema(only=only)


class Query(Closed):
    """Query parameters: closed, each given once unless it is a ``ListOf``.

    Loads a plain mapping as well as a multi-dict (werkzeug's, or webargs' proxy of it).
    Codes: ``unknown-parameter``, ``repeated-parameter``; see ``parameter_refusal``.
    """

    error_messages: ClassVar[dict[str, str]] = {  # type: ignore[misc]
        "unknown": Coded("unknown-parameter", "There is no such parameter"),
        "type": Coded("invalid-type", "Give parameters"),
    }

    @pre_load
    def _each_once(self, given: Mapping[str, Any], **kwargs: Any) -> dict[str, Any]:
        del kwargs
        getlist = getattr(given, "getlist", None)
        if getlist is None:
            return dict(given)
        lists = set(self._list_names())
        read: dict[str, Any] = {}
        repeated: dict[str, list[str]] = {}
        for name in dict.fromkeys(given):
            values = list(getlist(name))
            if len(values) > 1 and name not in lists:
                repeated[name] = [Coded("repeated-parameter", "Give this parameter once")]
            read[name] = values if name in lists else values[0]
        if repeated:
            raise ValidationError(dict(repeated))
        return read

    def _list_names(self) -> Iterator[str]:
        for name, field in self.load_fields.items():
            if isinstance(field, fields.List):
                yield field.data_key or name


def register_fields(plugin: Any) -> None:
    """Teach apispec's ``MarshmallowPlugin`` (or its converter) what our schemas mean.

    The fields describe themselves; only the defaults of a ``Patch`` have to go, because a
    patch never fills in what was left out; the bounds of an answer's, because they judge only
    what comes in.
    """
    converter = getattr(plugin, "converter", plugin)
    converter.add_attribute_function(no_default_in_patch)
    converter.add_attribute_function(no_bounds_in_answer)


def no_default_in_patch(converter: Any, field: Any, ret: dict[str, Any]) -> dict[str, Any]:
    """Attribute function of apispec: drops ``default`` from fields of a partial schema."""
    del converter
    if getattr(field.root, "partial", None) is True:
        ret.pop("default", None)
    return {}


def no_bounds_in_answer(converter: Any, field: Any, ret: dict[str, Any]) -> dict[str, Any]:
    """Attribute function of apispec: drops the bounds of values that we write ourselves."""
    del converter
    if isinstance(field.root, Answer):
        for bound in ("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"):
            ret.pop(bound, None)
    return {}
