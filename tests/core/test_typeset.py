"""PDF by typst: tagged, the same bytes each time, and no text of a user is markup."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from eventsvc.core.errors import Conflict
from eventsvc.core.typeset import LARGEST, typeset

AT = datetime(2027, 4, 1, 12, tzinfo=UTC)
HOSTILE = (
    '#panic("x")', "#read(\"/etc/passwd\")", "#import \"@preview/x:0.1.0\"", "$x^2$", "= Heading",
    "*bold* _it_", "\\u{41}", "`raw`", "@label", "<label>", "// comment", "/* x", "#{", "]", "[x]",
    "https://example.org", "- list", "+ list", "~", "--", "#set page(width: 1pt)", "{{7*7}}",
)  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("typst") / "small.typ"
    found.write_text("= #data.title\n#for line in data.lines { block(line) }\n")
    return found


def made(template: Path, *lines: str, title: str = "Šumava") -> bytes:
    told = {"title": title, "language": "en", "page": "Page", "lines": list(lines)}
    return typeset(template, told, at=AT)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_it_is_tagged_titled_and_says_its_language(template):
    reader = PdfReader(io.BytesIO(made(template, "Übung")))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/StructTreeRoot"]["/Type"] == "/StructTreeRoot"
    assert root["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == "Šumava"
    about = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert "<pdfaid:part>2</pdfaid:part>" in about


def test_the_same_data_gives_the_same_bytes_and_the_date_is_of_the_data(template):
    assert made(template, "a") == made(template, "a")
    metadata = PdfReader(io.BytesIO(made(template, "a"))).metadata
    assert metadata is not None
    assert metadata.creation_date == AT


@pytest.mark.threat(21)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stands_as_it_was_written(template, text):
    squeezed = "".join(text_of(made(template, text, title=text)).split())
    assert squeezed.count("".join(text.split())) >= 1


@settings(max_examples=40)
@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=30))
def test_any_plain_text_stands_as_it_was_written(template, text):
    shown = "".join(text_of(made(template, text)).split())
    assert "".join(text.split()) in shown.replace("-\n", "")


@pytest.mark.parametrize("text", ["日本語", "😀", "\ue000", "ok 漢 ok"])
def test_what_no_font_has_is_set_all_the_same_and_tagged(template, text):
    root = PdfReader(io.BytesIO(made(template, text))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True


def test_too_much_is_refused(template):
    with pytest.raises(Conflict) as refused:
        made(template, "x" * LARGEST)
    assert refused.value.code == "document-too-large"


def test_a_defect_of_a_template_is_no_matter_of_glyphs(tmp_path):
    broken = tmp_path / "broken.typ"
    broken.write_text("#data.nothing\n")
    with pytest.raises(RuntimeError, match="nothing"):
        made(broken, "a")
