"""From a template and its values to the words of a message. Pure; texts are read once.

English sentences are the keys of the catalogues in ``templates/catalogue``. A sentence that is
missing in a language makes the whole message English: half a message in each is worse (§8).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from mjml import mjml2html

from eventsvc.post.policy import Rendered
from eventsvc.post.text import FILTERS

TEMPLATES = Path(__file__).parent / "templates"
ENGLISH = "en"
LOCALES = (ENGLISH, "de", "fr")
_EMPTY_LINES = re.compile(r"\n{3,}")


class Untranslated(Exception):  # noqa: N818  it is how a language says that it lacks a sentence
    """A catalogue has no translation of a sentence. ``str(error)`` is the English sentence."""


def render(
    template: str, locale: str, context: Mapping[str, Any], *, folder: Path = TEMPLATES
) -> Rendered:
    """The subject, text and HTML of ``template`` (a folder of ``templates``) in ``locale``.

    A language that is not written here, or lacks a sentence of this message, gives English.

    Raises:
        jinja2.exceptions.UndefinedError: a value is missing in ``context``.
        ValueError: the result is not valid MJML.
    """
    language = locale.replace("_", "-").partition("-")[0].lower()
    if language in LOCALES and language != ENGLISH:
        try:
            return _rendered(template, language, context, folder)
        except Untranslated:
            pass
    return _rendered(template, ENGLISH, context, folder)


def _rendered(template: str, locale: str, context: Mapping[str, Any], folder: Path) -> Rendered:
    plain, marked = _environments(folder, locale)
    subject = plain.get_template(f"{template}/subject.txt").render(context)
    text = plain.get_template(f"{template}/body.txt").render(context)
    source = marked.get_template(f"{template}/body.mjml").render(context)
    return Rendered(
        subject=" ".join(subject.split()),
        text=_tidied(text),
        html=mjml2html(source, fonts={}),  # no fonts: nothing is fetched when a mail is opened
        locale=locale,
    )


def _tidied(text: str) -> str:
    """The text without blanks at line ends and with at most one empty line in a row."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _EMPTY_LINES.sub("\n\n", lines).strip() + "\n"


@cache
def _environments(folder: Path, locale: str) -> tuple[Environment, Environment]:
    """One for plain text and one that escapes every value, both in ``locale``."""
    plain, marked = (
        Environment(
            loader=FileSystemLoader(folder),
            autoescape=escapes,  # noqa: S701  a text/plain part is not markup
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        for escapes in (False, True)
    )
    one, many = _translations(folder, locale)
    for environment in (plain, marked):
        # imported macros see globals only
        environment.globals["locale"] = locale
        environment.filters.update(FILTERS)
        environment.install_gettext_callables(one, many, newstyle=True)  # type: ignore[attr-defined]
    return plain, marked


def _translations(
    folder: Path, locale: str
) -> tuple[Callable[[str], str], Callable[[str, str, int], str]]:
    """What ``gettext`` and ``ngettext`` answer in ``locale``."""
    if locale == ENGLISH:
        return (lambda sentence: sentence), (lambda one, many, n: one if n == 1 else many)
    catalogue = _catalogue(folder, locale)

    def one(sentence: str) -> str:
        return _found(catalogue, sentence)[0]

    def many(singular: str, _plural: str, n: int) -> str:
        forms = _found(catalogue, singular)
        return forms[min(catalogue.plural(n), len(forms) - 1)]

    return one, many


class _Sentences:
    """The sentences of one language, those that are really translated."""

    def __init__(self, catalogue: Catalog) -> None:
        self.forms: dict[str, tuple[str, ...]] = {}
        for message in catalogue:
            sentence = message.id if isinstance(message.id, str) else message.id[0]
            given = message.string or ""
            forms = (given,) if isinstance(given, str) else tuple(given)
            if sentence and all(forms) and not message.fuzzy:
                self.forms[sentence] = tuple(str(form) for form in forms)
        # French counts 0 as singular; German and English do not (Unicode CLDR).
        self.zero_is_one = str(catalogue.locale_identifier or "").startswith("fr")

    def plural(self, n: int) -> int:
        """Which form to take for ``n`` things: 0 for one, 1 for several."""
        return 0 if n == 1 or (n == 0 and self.zero_is_one) else 1


@cache
def _catalogue(folder: Path, locale: str) -> _Sentences:
    with (folder / "catalogue" / f"{locale}.po").open("rb") as file:
        return _Sentences(read_po(file, locale=locale))


def _found(catalogue: _Sentences, sentence: str) -> tuple[str, ...]:
    forms = catalogue.forms.get(sentence)
    if forms is None:
        raise Untranslated(sentence)
    return forms
