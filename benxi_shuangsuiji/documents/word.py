"""Papers as Word: an official document after GB/T 9704 (ui.md 8), and a filled-in form. `official` and `filled` say what is in it."""

import io
from datetime import datetime

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .codes import png_of
from .filled import Filled, Grid, Line, Picks, Prose, Sign, Signs, Text, is_long
from .official import Heading, Official, Para, Table

RED = "C8161D"
LINE = Pt(28.95)  # domain.md 3.4: 22 lines on 225 mm
TITLE, BODY, HEAD, SUBHEAD, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"


def written(paper: Official) -> bytes:
    document = Document()
    _page(document.sections[0])
    _styles(document)
    head = document.add_paragraph(paper.issuer, style="发文机关")
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _red_rule(document.add_paragraph(paper.number, style="发文字号"))
    document.add_paragraph(paper.title, style="Title")
    for block in paper.blocks:
        if isinstance(block, Heading):
            document.add_heading(block.text, level=block.level)
        elif isinstance(block, Para):
            document.add_paragraph(block.text)
        elif isinstance(block, Table):
            _table(document, block)
    for text in (paper.signed, paper.dated):
        document.add_paragraph(text, style="落款")
    if paper.note:
        document.add_paragraph(paper.note, style="附注")
    return _bytes(document, paper.title, paper.issuer, paper.made_at, paper.mark)


def filled(paper: Filled) -> bytes:
    """A form of a check: its rows as tables, its long texts as cells that go on over pages."""
    document = Document()
    _page(document.sections[0], top=26, bottom=29, sides=20)
    _styles(document)
    document.add_paragraph(f"{paper.left}　　{paper.right}", style="附注")
    document.add_paragraph(paper.title, style="Title")
    for block in paper.blocks:
        if isinstance(block, Prose):
            for text in block.text.splitlines():
                document.add_paragraph(text)
        elif isinstance(block, Grid):
            rows = tuple(tuple(cell or "—" for cell in row) for row in block.rows)
            _table(document, Table(block.label, block.head, rows, block.widths), width=170)
        elif isinstance(block, Signs):
            for at, sign in enumerate(block.signs, 1):
                line = document.add_paragraph(_signed(sign), style="表内")
                line.paragraph_format.keep_with_next = at < len(block.signs)  # nobody's signature stands alone
        elif isinstance(block, Picks):
            _pairs(document, Line(((block.label, _ticked(block)),)))
        else:
            _pairs(document, block)
    for text in filter(None, (*paper.foot, paper.note)):
        document.add_paragraph(text, style="附注")
    if paper.address:
        document.add_paragraph(style="附注").add_run().add_picture(png_of(paper.address), width=Mm(18))
    return _bytes(document, paper.title, paper.unit, paper.made_at, paper.mark)


def _signed(sign: Sign) -> str:
    """Who signed and when, as the PDF says it; the hand itself stands there only."""
    hand = "手写签名见 PDF" if sign.path else ""
    words = "　".join(w for w in (sign.name, sign.when or "　　年　　月　　日", hand, sign.remark) if w)
    return f"{sign.label}：　　　　　　{words}"


def _ticked(block: Picks) -> str:
    rows = []
    for name, choices, words in block.rows:
        boxes = "　".join(f"{'■' if on else '□'}{choice}" for choice, on in choices)
        rows.append("　".join(w for w in (name, boxes, words) if w))
    return "\n".join(rows)


def _pairs(document, block: Line | Text) -> None:
    pairs = block.cells if isinstance(block, Line) else ((block.label, block.text),)
    table = document.add_table(rows=1, cols=2 * len(pairs), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    width = 170 / len(pairs)
    label_width = 32 if len(pairs) == 1 else 30
    for at, (label, value) in enumerate(pairs):
        for cell, text, wide in (
            (table.rows[0].cells[2 * at], label, label_width),
            (table.rows[0].cells[2 * at + 1], value or "—", width - label_width),
        ):
            cell.width = Mm(wide)
            cell.paragraphs[0].style = document.styles["表内"]
            cell.paragraphs[0].add_run(text)
    if isinstance(block, Text) and block.signed:
        line = table.rows[0].cells[1].add_paragraph(block.signed, style="表内")
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _bytes(document, title: str, author: str, made_at: str, mark: str) -> bytes:
    _page_numbers(document, mark)
    properties = document.core_properties
    properties.title, properties.author, properties.language = title, author, "zh-CN"
    properties.created = properties.modified = datetime.fromisoformat(made_at).replace(tzinfo=None)
    properties.comments = ""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(section, *, top: int = 37, bottom: int = 35, sides: int = 0) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(sides or 28), Mm(sides or 26)
    section.footer_distance = Mm(bottom - 9)


def _styles(document) -> None:
    styles = document.styles
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    normal = styles["Normal"]
    _face(normal, BODY, 16)
    _line(normal.paragraph_format)
    normal.paragraph_format.first_line_indent = Pt(32)
    _face(styles["Title"], TITLE, 22)
    _flat(styles["Title"], WD_ALIGN_PARAGRAPH.CENTER)
    styles["Title"].paragraph_format.space_before = styles["Title"].paragraph_format.space_after = LINE
    for level, face in ((1, HEAD), (2, SUBHEAD)):
        style = styles[f"Heading {level}"]
        _face(style, face, 16)
        _flat(style, WD_ALIGN_PARAGRAPH.LEFT)
        style.paragraph_format.first_line_indent = Pt(32)
        style.paragraph_format.keep_with_next = True
    _new(styles, "发文机关", TITLE, 30, WD_ALIGN_PARAGRAPH.CENTER).font.color.rgb = RGBColor.from_string(RED)
    _new(styles, "发文字号", BODY, 16, WD_ALIGN_PARAGRAPH.CENTER)
    _new(styles, "表名", HEAD, 12, WD_ALIGN_PARAGRAPH.CENTER).paragraph_format.keep_with_next = True
    _new(styles, "表内", BODY, 10.5, WD_ALIGN_PARAGRAPH.LEFT).paragraph_format.line_spacing = Pt(16)
    _new(styles, "落款", BODY, 16, WD_ALIGN_PARAGRAPH.RIGHT).paragraph_format.right_indent = Pt(64)
    _new(styles, "附注", BODY, 12, WD_ALIGN_PARAGRAPH.LEFT)


def _new(styles, name: str, face: str, size: float, align):
    style = styles.add_style(name, 1)
    style.base_style = styles["Normal"]
    _face(style, face, size)
    _line(style.paragraph_format)
    style.paragraph_format.first_line_indent = Pt(0)
    style.paragraph_format.alignment = align
    return style


def _face(style, face: str, size: float) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = face, Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{script}"), face)


def _flat(style, align) -> None:
    """Without the rules and gaps of Word's own headings."""
    _line(style.paragraph_format)
    style.paragraph_format.alignment = align
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.first_line_indent = Pt(0)
    for border in style.element.findall(".//" + qn("w:pBdr")):
        border.getparent().remove(border)


def _line(spacing) -> None:
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    spacing.space_before = spacing.space_after = Pt(0)


def _red_rule(paragraph) -> None:
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", RED)):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    paragraph._p.get_or_add_pPr().append(border)


def _table(document, block: Table, width: int = 156) -> None:
    document.add_paragraph(block.caption, style="表名")
    table = document.add_table(rows=1, cols=len(block.head), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for _ in block.rows:
        table.add_row()
    figures = block.figures
    for at, (line, values) in enumerate(zip(table.rows, (block.head, *block.rows), strict=True)):
        if not is_long(values):
            line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, percent, is_figure in zip(line.cells, values, block.widths, figures, strict=True):
            cell.width = Mm(width * percent / 100)
            cell.paragraphs[0].style = document.styles["表内"]
            cell.paragraphs[0].add_run(text)
            if is_figure or at == 0:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _page_numbers(document, mark: str) -> None:
    """— 1 —, outside: right on odd pages, left on even ones; beside it the code, in which Word counts no pages."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["附注"]
        paragraph.alignment = align
        if mark:
            paragraph.add_run().add_picture(png_of(f"{mark}:0:0"), width=Mm(15))
            paragraph.add_run("　")
        paragraph.add_run("— ")
        run = paragraph.add_run()
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            if kind:
                part = OxmlElement("w:fldChar")
                part.set(qn("w:fldCharType"), kind)
            else:
                part = OxmlElement("w:instrText")
                part.text = text
            run._r.append(part)
        paragraph.add_run(" —")
