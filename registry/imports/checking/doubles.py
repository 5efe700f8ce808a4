"""Rows that mean the same twice: joined where they say different things of one firm, else one of them, or neither."""

from collections.abc import Iterable, Iterator, Sequence

from registry.codes import name_key, normal_word
from registry.columns import Column
from registry.imports.cells import shown
from registry.imports.checking.line import Line
from registry.imports.checking.notes import Notes


def joined(lines: Iterable[Line], columns: Sequence[Column], notes: Notes) -> Iterator[Line]:
    """Rows that say of the same firm one more of several things: the first says them all, the others are `dropped`.

    The same firm is the same code or permit number; without either, the same name as an earlier row.
    """
    lines = list(lines)
    for column in columns:
        if column.latest:
            _leave_older(lines, column, notes)
    several = {c.field for c in columns if c.several}
    firsts: dict[tuple[str, str], Line] = {}
    rows: dict[int, list[int]] = {}
    for line in lines:
        said = [
            (name, normal_word(str(line.values[name])))
            for name in ("permit_no", "uscc", "name")
            if line.values.get(name)
        ]
        if line.problems or not said:
            continue
        keys = said if said[0][0] == "name" else [key for key in said if key[0] != "name"]
        first = next((firsts[key] for key in keys if key in firsts), None)
        if first is None or not _differ_only_in(several, first, line):
            for key in said:
                firsts.setdefault(key, line)
            continue
        for name in several & line.values.keys():
            parts = [*str(first.values.get(name, "")).split("、"), *str(line.values[name]).split("、")]
            first.values[name] = "、".join(dict.fromkeys(part for part in parts if part))
        line.dropped = True
        rows.setdefault(first.number, []).append(line.number)
    for number, others in rows.items():
        where = "、".join(notes.where(other) for other in others)
        notes.add(number, "", "", f"与{where}是同一家，类别合在一起，只算一行")
    yield from lines


def _leave_older(lines: list[Line], column: Column, notes: Notes) -> None:
    """Of rows of one permit, as a platform lists every renewal, that with the latest day; none where one says it is gone."""
    rows: dict[str, list[Line]] = {}
    for line in lines:
        if number := line.values.get("permit_no"):
            rows.setdefault(number, []).append(line)
    for same in (of for of in rows.values() if len(of) > 1):
        staying = [line for line in same if not line.leaving]
        if len(staying) < len(same):
            for line in staying:
                remedy = "许可证还有效的，删去那一行；不再有效的，删去这一行"
                line.wrong("permit_no", "排污许可证／登记编号", "同一许可证另有一行写的是注销一类", remedy)
            continue
        days = {line.values.get(column.field) for line in staying}
        names = {name_key(line.values.get("name", "")) for line in staying}
        if None not in days and len(days) == len(staying) and len(names) == 1:
            last = max(staying, key=lambda line: line.values[column.field])
            for line in staying:
                line.dropped = line is not last
            notes.add(last.number, column.title, "", "同一许可证有几行，按截止日最晚的这一行读取")


def _differ_only_in(several: set[str], first: Line, line: Line) -> bool:
    """Whether a row says something else in one of these columns, and in the others nothing else."""
    ones, others = first.values, line.values
    if not any(ones.get(name) != others.get(name) for name in several):
        return False  # the same row again
    return all(
        name in several or name not in ones or normal_word(str(ones[name])) == normal_word(str(value))
        for name, value in others.items()
    )


class Doubles:
    """Rows that mean the same thing twice: the same data count once, different data are all faulty (X39, X40).

    Of the rows gone by, only their key, name and a digest stay in memory; what is found out about them later is kept
    in `later` and written to them at the end.
    """

    def __init__(self, comparison, notes: Notes):
        self._of, self._notes = comparison, notes
        self._by_key: dict[tuple[str, str], tuple[int, str, int]] = {}
        self._by_match: dict[int, tuple[int, str]] = {}
        self.later: dict[int, list[dict]] = {}
        self.dropped = 0

    def look_in_file(self, line: Line) -> None:
        values = line.values
        col = next((c for c in self._of.keys if values.get(c.field)), None)
        if col is None or (col.field == "name" and line.problems):
            return
        key, name = str(values[col.field]), name_key(values.get("name") or "")
        said = values | {"name": name}
        digest = hash((*said, *[tuple(v) if v.__class__ is list else v for v in said.values()]))
        place = col.field, name if col.field == "name" else key
        first = self._by_key.setdefault(place, (line.number, name, digest))
        if first[0] == line.number:
            return
        if first[2] == digest:
            line.dropped = True
            self.dropped += not line.problems
            self._notes.add(line.number, col.title, key, f"与{self._notes.where(first[0])}完全相同，只算一行")
            return
        what = "名称不同" if name != first[1] else "其他内容不同"
        for at, other in ((first[0], line.number), (line.number, first[0])):
            text = f"与{self._notes.where(other)}{col.title}相同、{what}"
            self._tell(line, at, self._notes.entry(at, col.title, key, text, self._of.double_remedy))

    def look_at_match(self, line: Line) -> None:
        """Two rows that mean the same entry of the registry by different codes."""
        if line.match is None or not self._of.one_row_each:
            return
        first = self._by_match.setdefault(line.match.pk, (line.number, shown(line.cell("name"))))
        if first[0] == line.number or line.problems or first[0] in self.later:
            return
        here = line.number, first[0], shown(line.cell("name"))
        for at, other, quoted in ((first[0], line.number, first[1]), here):
            text = f"与{self._notes.where(other)}是名录里的同一个"
            self._tell(line, at, self._notes.entry(at, self._of.title("name"), quoted, text, "两行只留一行"))

    def _tell(self, line: Line, at: int, problem: dict) -> None:
        (line.problems if at == line.number else self.later.setdefault(at, [])).append(problem)
