"""What offices make of a table that they were given: columns in another order, lines around it, other ways of writing."""

import io
from dataclasses import dataclass, field

import openpyxl
from hypothesis import strategies as st

ABOVE = [
    ["本溪市双随机检查名录"],
    ["填报单位（盖章）：示例分局"],
    ["填报日期：2026 年 7 月 1 日"],
    [],
    ["填表说明：按季度更新。"],
]
BELOW = [[], ["注：本表由系统导出。"], ["填报人：示例甲"], ["审核人：示例乙"], ["合计"], ["本页小计"]]
_WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
# Ways of writing one text that mean the same, by what the column holds.
OF_CODES = [str, lambda t: t.translate(_WIDE), lambda t: f" {t}　", lambda t: f"{t[:9]} {t[9:]}", lambda t: f"{t}\n"]
OF_NAMES = [str, lambda t: t.replace("（", "(").replace("）", ")"), lambda t: f"{t[:2]} {t[2:]}", lambda t: f"　{t}"]
OF_PEOPLE = [str, lambda t: "　".join(t) if len(t) == 2 else t, lambda t: f"{t} "]
OF_DAYS = [
    lambda d: d.isoformat(),
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: d,
]
OF_HEADS = [
    str,
    lambda t: f"★{t}",
    lambda t: f"{t}：",
    lambda t: f"{t[:1]} {t[1:]}",
    lambda t: f"{t[:2]}\n{t[2:]}",
    lambda t: f"{t}（必填）",
]
NOTHING = [None, "/", "—", "", "　"]


@dataclass(frozen=True)
class Decoration:
    """How one table is changed; `pick` chooses among the ways of writing, cell by cell, always the same for one seed."""

    seed: int
    above: list = field(default_factory=list)
    below: list = field(default_factory=list)
    between: list = field(
        default_factory=list
    )  # (after how many rows, what is put there: blanks, the heads again, a sum)

    def pick(self, ways: list, *place: int):
        return ways[hash((self.seed, *place)) % len(ways)]


DECORATIONS = st.builds(
    Decoration,
    seed=st.integers(0, 10_000),
    above=st.lists(st.sampled_from(ABOVE), max_size=4),
    below=st.lists(st.sampled_from(BELOW), max_size=4),
    between=st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["blank", "heads", "sum"])), max_size=3),
)


def decorated(
    content: bytes, how: Decoration, ways: dict[str, list], *, names: str, kept: tuple[str, ...] = ()
) -> bytes:
    """The exported table written anew. `ways`: head → ways of writing its cells; `names`: the head of the name column.

    Columns in `kept` never get a dash for nothing.
    """
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    order = sorted(range(len(rows[0])), key=lambda at: hash((how.seed, at)))
    heads = [rows[0][at] for at in order]
    book = openpyxl.Workbook()
    out = book.active

    def written(row: int, column: int, value):
        if value is None:
            return None if heads[column] in kept else how.pick(NOTHING, row, column)
        return how.pick(ways.get(heads[column], [lambda text: text]), row, column)(value)

    for line in how.above:
        out.append(line)
    shown = [how.pick(OF_HEADS, 0, column)(head) for column, head in enumerate(heads)]
    out.append(shown)
    for number, row in enumerate(rows[1:], 1):
        out.append([written(number, column, row[at]) for column, at in enumerate(order)])
        for after, what in how.between:
            if after == number:
                out.append({"blank": [], "heads": shown, "sum": _beside(heads, names, "小计")}[what])
    for line in how.below:
        out.append(_beside(heads, names, line[0]) if line == ["合计"] else line)
    for cell in (cell for line in out.iter_rows() for cell in line if isinstance(cell.value, str)):
        cell.data_type = "s"  # a text that begins with = is no formula
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _beside(heads: list[str], names: str, word: str) -> list:
    """A sum stands where the names stand."""
    return [word if head == names else "3 家" if head == "地址" else None for head in heads]
