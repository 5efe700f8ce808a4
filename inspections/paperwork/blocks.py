"""From what a paper knows and how it is laid out to its rows: one way for all papers, as PDF and as Word."""

from collections.abc import Callable
from typing import Protocol

from benxi_shuangsuiji.documents import filled, official, pdf
from benxi_shuangsuiji.documents.filled import Block, Filled, Line, Prose, Sign, Signs, Text
from benxi_shuangsuiji.documents.official import Official

from .layouts import Layout

LONG = {
    "subject",
    "decided",
    "asked",
    "outcome",
    "recheck",
    "situation",
    "evidence",
    "finding",
    "opinion",
    "decision",
    "rectify",
    "addenda",
    "bases",
    "items",
    "shown",
    "publication",
    "discipline",
}
SHORT = {  # two of these share a row
    "uscc",
    "legal_person",
    "category",
    "recorder",
    "contact",
    "mode",
    "duration",
    "permit_no",
    "permit",
    "industry",
    "phone",
}
IF_ANY = {
    "frequency",
    "grounds",
    "materials",
    "slip",
    "made_up",
    "assistants",
    "remark",
}  # left out of papers that have none
OWN = {"points", "deliveries", "way", "answers", "proposed", "decided_by"}  # the paper sets these itself


class Facts(Protocol):
    """What a paper knows, asked for by the keys of its layout."""

    def of(self, key: str) -> str: ...

    def blocks(self, key: str, label: str) -> list[Block]: ...

    def signs(self, layout: Layout) -> tuple[Sign, ...]: ...


def blocks_of(facts: Facts, layout: Layout) -> tuple[Block, ...]:
    blocks: list[Block] = [Prose(text) for text in layout.opening.splitlines()]
    waiting: tuple[str, str] | None = None
    for key, label in layout.fields:
        if waiting and key not in SHORT:
            blocks.append(Line((waiting,)))
            waiting = None
        if key in OWN:
            blocks += facts.blocks(key, label)
        elif key in IF_ANY:
            if text := facts.of(key):
                blocks.append(Line(((label, text),)))
        elif key in LONG:
            if text := facts.of(key):
                blocks.append(Text(label, text))
        elif key not in SHORT:
            blocks.append(Line(((label, facts.of(key)),)))
        elif waiting:
            blocks.append(Line((waiting, (label, facts.of(key)))))
            waiting = None
        else:
            waiting = (label, facts.of(key))
    if waiting:
        blocks.append(Line((waiting,)))
    blocks += [Prose(text) for text in layout.closing.splitlines()]
    if layout.signers:
        blocks.append(Signs(facts.signs(layout)))
    return tuple(blocks)


WAYS: dict[str, tuple[dict[type, Callable], str]] = {
    "pdf": ({Filled: filled.as_pdf, Official: official.as_pdf}, pdf.PDF),
    "docx": ({Filled: filled.as_docx, Official: official.as_docx}, official.DOCX),
}


def written(paper: Filled | Official, way: str) -> tuple[bytes, str]:
    """(content, content type)."""
    makers, content_type = WAYS[way]
    return makers[type(paper)](paper), content_type
