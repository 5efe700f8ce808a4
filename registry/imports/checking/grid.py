"""The rows in which heads are looked for: what stands in a cell, and what is merged over it (X18–X20)."""

from benxi_shuangsuiji.documents.workbooks.reading import Sheet

HEADER_WITHIN = 30
HEAD_ROWS = 3  # a head is written over so many rows at most
AREAS = 2_000  # merged areas looked at for the heads
_LONGEST = 200  # what is longer is no head


class Grid:
    """The first rows of a sheet, and which of their cells belong to a merged one."""

    def __init__(self, sheet: Sheet):
        self._rows = dict(sheet.first)
        self.width = max((len(cells) for cells in self._rows.values()), default=0)
        self._covered: dict[tuple[int, int], int] = {}  # in the top row of a merged area: where it begins
        self._merged: set[int] = set()
        self._reach: dict[int, int] = {}  # row → down to where the areas reach that begin in it
        for top, left, bottom, right in sheet.spans[:AREAS]:
            if top > HEADER_WITHIN:
                continue
            for at in range(left, min(right, self.width)):
                self._covered[top, at] = left - 1
                self._merged.add(top)
            if bottom - top < HEAD_ROWS and self.text(top, left - 1):
                self._reach[top] = max(self._reach.get(top, 0), bottom)

    def text(self, row: int, at: int) -> str:
        cells = self._rows.get(row, ())
        cell = cells[at] if at < len(cells) else None
        return cell.strip() if isinstance(cell, str) and len(cell) <= _LONGEST else ""

    def may_be_head(self, top: int, bottom: int) -> bool:
        """No merged area may be cut, and a row with one text alone is a title or begins a section."""
        rows = range(top, bottom + 1)
        if any(self._reach.get(row, 0) > bottom for row in rows):
            return False
        return top == bottom or all(sum(1 for at in range(self.width) if self.text(row, at)) > 1 for row in rows)

    def labels(self, top: int, bottom: int, at: int) -> list[str]:
        """The texts of one column, the lowest first; above a text of its own also what is merged over it."""
        found: list[str] = []
        for row in range(bottom, top - 1, -1):
            text = self.text(row, at) or (self._over(row, at) if found else "")
            if text and text not in found:
                found.append(text)
        return found

    def _over(self, row: int, at: int) -> str:
        if (row, at) in self._covered:
            return self.text(row, self._covered[row, at])
        if row in self._merged or not self.text(row + 1, at):
            return ""
        # Without merged areas, as in a .csv: the nearest text to the left that has something below it, too.
        for left in range(at - 1, -1, -1):
            if self.text(row, left):
                return self.text(row, left) if self.text(row + 1, left) else ""
        return ""
