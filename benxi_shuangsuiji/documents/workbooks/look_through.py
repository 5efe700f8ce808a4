"""Walk the XML of an .xlsx sheet without building it: where cells really are, and which have no usable value.

Needed before calamine, which lays the sheet out as a rectangle (one cell at XFD1048576 would fill all memory),
and reads errors and uncalculated formulas as empty.
"""

import re
from xml.parsers import expat

from benxi_shuangsuiji.documents.workbooks.limits import MAX_COLUMNS, MAX_ROWS, MIB, Look, entities

# A cell that is not what Excel, WPS and openpyxl write for a plain value within the limits, to the byte; or what is no cell:
# a formula, a comment, CDATA. One pattern, since every "<" of a sheet is looked at.
_NOT_PLAIN = re.compile(
    rb'<(?:c(?=[\s/>])(?! r="(?:[A-Z]|[AB][A-Z]|C[A-V])(?:[1-9][0-9]{0,4}|1000(?:[0-2][0-9]|3[0-2]))"'
    rb'(?: s="[0-9]+")?(?: t="(?:s|n|str|inlineStr|b)")?/?>)|[f!])'
)
_ROW = re.compile(rb'<row(?: r="([1-9][0-9]{0,5})"([^>]*)>)?')  # of one that is not plain, no number
_COLUMN = re.compile(rb"<col\s([^>]*)>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")
_BLOCK = 4 * MIB


def look_through(archive, part: str, sheet: str) -> Look:
    """What stands in a sheet: quickly where all cells are plain, else step by step."""
    look = Look(sheet)
    with archive.open(part) as stream:
        if look_quickly(stream, look):
            return look
    walk = _Walk(Look(sheet))
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = walk.data, entities
    with archive.open(part) as stream:
        parser.ParseFile(stream)
    return walk.look


class _Walk:
    """The handlers of the slow way."""

    def __init__(self, look: Look):
        self.look, self.row, self.column = look, 0, 0
        self.kind = self.text = None
        self.has_formula = self.has_value = False

    def start(self, tag, attrs):
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self.column += 1
            if match := _REF.match(attrs.get("r", "")):
                self.column, self.row = _column_number(match[1]), int(match[2])
            self.kind, self.text = attrs.get("t"), None
            self.has_formula = self.has_value = False
        elif tag == "row":
            self.row = int(attrs["r"]) if attrs.get("r", "").isdigit() else self.row + 1
            self.column = 0
            if _hidden(attrs) and len(self.look.hidden_rows) < MAX_ROWS:
                self.look.hidden_rows.append(self.row)
        elif tag == "col":
            _note_column(self.look, attrs)
        elif tag == "f":
            self.has_formula = True
        elif tag in ("v", "is"):
            self.has_value, self.text = True, []

    def data(self, text):
        if self.text is not None:
            self.text.append(text)

    def end(self, tag):
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._cell()
            self.text = None

    def _cell(self):
        text = "".join(self.text or [])
        if not self.has_value and not self.has_formula:
            return
        self.look.keep_within(self.row, self.column)
        if text:
            self.look.reach(self.row, self.column)
        if self.kind == "e":
            self.look.bad[self.row, self.column] = ("error", text)
        elif self.has_formula and not text and not (self.has_value and self.kind == "str"):
            # Not the formula whose result is the empty text: Excel writes that as t="str" with an empty <v>.
            self.look.bad[self.row, self.column] = ("formula", "")


def look_quickly(stream, look: Look) -> bool:
    """The same as the walk for a sheet of plain cells, by patterns; False as soon as anything is not plain.

    A hundred thousand rows take a second instead of twenty. What does not match to the byte (formulas, errors, cells
    without an address, other prefixes or encodings) is left to the walk, so that nothing can slip through here.
    """
    rest, first = b"", True
    while data := stream.read(_BLOCK):
        block = rest + data
        end = block.rfind(b"</row>") + 6
        if first:
            top = block[: block.find(b"<sheetData")]
            if b"\x00" in block or block.count(b"xmlns", 0, 65536) != top.count(b"xmlns"):
                return False
            root = re.search(rb"<(?!\?)[^>]*>", block)
            if root is None or not root[0].startswith(b"<worksheet "):
                return False
            for column in _COLUMN.findall(top):
                _note_column(look, dict(_ATTRIBUTE.findall(column.decode("utf-8", "replace").replace("'", '"'))))
            first = False
        elif b"xmlns" in block:
            return False
        if end < 6:
            if len(block) > 8 * _BLOCK:
                return False
            rest = block
            continue
        block, rest = block[:end], block[end:]
        if not _plain_block(block, look):
            return False
    return not first and b"<c" not in rest.replace(b"<col", b"").replace(b"<conditional", b"").replace(b"<cf", b"")


def _plain_block(block: bytes, look: Look) -> bool:
    if _NOT_PLAIN.search(block):
        return False
    rows = _ROW.findall(block)
    if not all(number for number, _ in rows):
        return False
    last = max((int(number) for number, _ in rows), default=0)
    if last > MAX_ROWS:
        return False  # the walk says which cell stands there, or that the rows are empty
    look.last_row = max(look.last_row, last if b"<c " in block else 0)
    for number, rest in rows:
        if b"hidden" in rest and (b'hidden="1"' in rest or b'hidden="true"' in rest):
            look.hidden_rows.append(int(number))
    return True


def _note_column(look: Look, attrs) -> None:
    if _hidden(attrs) and attrs.get("min", "").isdigit() and attrs.get("max", "").isdigit():
        look.hidden_columns += range(int(attrs["min"]), min(int(attrs["max"]), MAX_COLUMNS) + 1)


def _hidden(attrs) -> bool:
    return attrs.get("hidden") in ("1", "true")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
