"""A paper read back from its PDF and its Word file, beside the description that both were made from."""

import html
import io
import re
from zipfile import ZipFile

import pypdfium2

from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.documents.official import Official
from inspections.paperwork.blocks import written
from tests.documents.page_validation import faults

MM = 72 / 25.4


def whole(paper) -> tuple[bytes, int]:
    """(PDF, pages) of a paper on which nothing is lacking, in either form, and which is the same when made again."""
    content, _ = written(paper, "pdf")
    broken = faults(content)
    assert not broken, broken
    assert lacking(paper, text_of(content) + text_of(content, isinstance(paper, Official))) == []
    if isinstance(paper, filled.Filled):
        assert re.sub(r"\s", "", paper.digest) in text_of(content)
    assert content == written(paper, "pdf")[0]
    assert lacking(paper, words_in_docx(written(paper, "docx")[0])) == []
    with pypdfium2.PdfDocument(content) as made:
        return content, len(made)


def text_of(content: bytes, official: bool | None = None) -> str:
    """Every word as a reader copies it out, without spaces and breaks; given the kind, without head and foot of the pages."""
    edges = {None: (None, None), True: (34 * MM, 261 * MM), False: (28 * MM, 272 * MM)}[official]
    with pypdfium2.PdfDocument(content) as paper:
        said = [page.get_textpage().get_text_bounded(bottom=edges[0], top=edges[1]) for page in paper]
    return re.sub(r"\s", "", "".join(said))


def words_of(paper: filled.Filled) -> str:
    """What a reader of the paper reads below its head, before it is typeset."""
    page = filled.as_html(paper)
    return re.sub(r"\s+|<[^>]+>", "", page[page.index("<h1>") :])


def words_in_docx(content: bytes) -> str:
    return html.unescape(re.sub(r"<[^>]+>|\s", "", ZipFile(io.BytesIO(content)).read("word/document.xml").decode()))


def said_on(paper) -> list[str]:
    """Every text that the paper is made of, in no order."""
    if isinstance(paper, Official):
        said = (paper.issuer, paper.number, paper.title, paper.signed, paper.dated, *(b.text for b in paper.blocks))
        return [re.sub(r"\s", "", text) for text in said if text]
    found = [paper.title, paper.left, paper.right]
    for block in paper.blocks:
        if isinstance(block, filled.Line):
            found += [text for pair in block.cells for text in pair]
        elif isinstance(block, filled.Grid):
            found += [block.label, *(cell for row in block.rows for cell in row)]
        elif isinstance(block, filled.Signs):
            found += [text for sign in block.signs for text in (sign.label, sign.name, sign.when, sign.remark)]
        elif isinstance(block, filled.Picks):
            found += [block.label, *(text for name, choices, words in block.rows for text in (name, words))]
            found += [choice for _, choices, _ in block.rows for choice, _ in choices]
        else:
            found += [block.text, getattr(block, "label", ""), getattr(block, "signed", "")]
    return [re.sub(r"\s", "", text) for text in found if text]


def lacking(paper, text: str) -> list[str]:
    """What stands on the paper and not in what was read; a long cell goes on over pages, sentence by sentence."""
    heads = ["".join(block.head) for block in paper.blocks if isinstance(block, filled.Grid)]
    missing = [head for head in heads if head not in text]
    for head in heads:  # it stands on each page, also amid a sentence
        text = text.replace(head, "")
    parts = [part for said in said_on(paper) for part in re.split("(?<=[。；，])", said)]
    return missing + [part for part in parts if part not in text]
