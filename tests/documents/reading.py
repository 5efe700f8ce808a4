"""What a printed paper says: the letters of a PDF, without a program that may not be installed."""

import io
import re

import pikepdf

_RANGE = re.compile(rb"beginbf(char|range)(.*?)endbf", re.S)
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")


def _letters(font) -> dict[int, str]:
    """Glyph → what it stands for, from the font's own table."""
    found: dict[int, str] = {}
    for kind, body in _RANGE.findall(font.ToUnicode.read_bytes()):
        codes = [bytes.fromhex(code.decode()) for code in _HEX.findall(body)]
        step = 2 if kind == b"char" else 3
        for n in range(0, len(codes), step):
            first, last, says = int.from_bytes(codes[n]), int.from_bytes(codes[n + step - 2]), codes[n + step - 1]
            for offset in range(last - first + 1):
                letters = says.decode("utf-16-be")
                found[first + offset] = letters[:-1] + chr(ord(letters[-1]) + offset)
    return found


def words_of_pdf(content: bytes) -> str:
    """Every letter in the order in which it is printed, without white space."""
    said: list[str] = []
    with pikepdf.open(io.BytesIO(content)) as paper:
        for page in paper.pages:
            fonts = {name: _letters(font) for name, font in page.Resources.Font.items()}
            current: dict[int, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    current = fonts[str(operands[0])]
                elif str(operator) in ("Tj", "TJ"):
                    pieces = operands[0] if str(operator) == "TJ" else operands
                    for piece in pieces:
                        if isinstance(piece, pikepdf.String):
                            codes = bytes(piece)
                            said += [current.get(int.from_bytes(codes[n : n + 2]), "") for n in range(0, len(codes), 2)]
    return re.sub(r"\s", "", "".join(said))
