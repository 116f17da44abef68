"""Fields that hold others: a part with fields of its own, a list (api.md §1, RFC 7396)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from eventsvc.core.text.refusals import Coded

_MESSAGES: dict[str, Any] = {
    "required": Coded("required", "This field is required"),
    "null": Coded("null-not-allowed", "This field cannot be null"),
    "type": Coded("invalid-type", "Give an object"),
}


class Part(fields.Nested):
    """An object with fields of its own: ``Part(VenueBody)``. In a patch it is merged too."""

    def __init__(self, nested: Any, **options: Any) -> None:
        super().__init__(nested, **options)

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """The coded message for a standard refusal."""
        message = _MESSAGES.get(key)
        return ValidationError([message]) if message else super().make_error(key, **kwargs)


class ListOf(fields.List[Any]):
    """A JSON array of one kind of item, at most ``max_items``.

    Codes: ``invalid-type``, ``too-many``, ``too-few``, ``duplicate-item`` (with ``unique``).
    Items are always whole, also in a patch, which replaces the list.
    """

    def __init__(
        self,
        inner: fields.Field[Any],
        max_items: int,
        *,
        min_items: int = 0,
        unique: bool = False,
        **options: Any,
    ) -> None:
        documented: dict[str, Any] = {"type": "array", "maxItems": max_items}
        documented.update({"minItems": min_items} if min_items else {})
        documented.update({"uniqueItems": True} if unique else {})
        described = {**documented, **(options.pop("metadata", None) or {})}
        super().__init__(inner, metadata=described, **options)
        self.max_items = max_items
        self.min_items = min_items
        self.unique = unique

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """The coded message for a standard refusal."""
        message = _MESSAGES.get(key)
        return ValidationError([message]) if message else super().make_error(key, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[Any]:
        del kwargs  # ``partial`` ends here: RFC 7396 replaces arrays whole
        if not isinstance(value, list):
            raise ValidationError([Coded("invalid-type", "Give a list")])
        if len(value) > self.max_items:
            raise ValidationError([Coded("too-many", f"At most {self.max_items} items")])
        if len(value) < self.min_items:
            raise ValidationError([Coded("too-few", f"At least {self.min_items} item(s)")])
        read: list[Any] = []
        errors: dict[int, Any] = {}
        for index, item in enumerate(value):
            try:
                item_read = self.inner.deserialize(item, attr, data)
            except ValidationError as refusal:
                errors[index] = refusal.messages
                continue
            if self.unique and item_read in read:
                errors[index] = [Coded("duplicate-item", "This is in the list twice")]
            read.append(item_read)
        if errors:
            raise ValidationError(errors, valid_data=read)
        return read
