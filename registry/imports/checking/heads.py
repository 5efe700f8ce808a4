"""From the text of a head to the column it stands for: without brackets, marks and blanks, in one row or over several."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents.workbooks.limits import HEAD
from benxi_shuangsuiji.documents.workbooks.reading import Cell
from registry.columns import Column
from registry.facilities import levels
from registry.imports.cells import read, shown

# Numbers the rows, or is nothing to be read: such a head is not told of as unknown.
SILENT = {"序号", "序", "编次", "NO", "NO.", "行号", HEAD}  # HEAD: of a marked copy that comes back
_MARKS = re.compile(r"[*★☆※●○◆◇▲△#✱:;\"'“”‘’?]")
_NUMBERED = re.compile(r"^\(?\d{1,2}[).、]")
_BRACKETS = str.maketrans("〔【[{《〈〕】]}》〉", "(((((())))))")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
# What stands in brackets and says which of two columns it is, not what is meant besides.
_END_OF_TIME = re.compile(r"^(起|止|始|终|至|自|到|从|开始|起始|起始日期|截止|结束|终止|止日期|起日期)$")
_YEAR = re.compile(r"(19|20)\d\d年?度?")
_GENERAL = re.compile(r"(基本|主要)?(信息|情况|概况|资料)$")
# Heads that say what is meant only under the right word: 编号 under 环评批复 is no number of the registry.
_VAGUE = re.compile(
    "编号|名称|类别|类型|状态|单位|日期|时间|结果|负责人|(联系)?电话|联系人|地址|等级|批次|有效期[至止]?|有效期限|到期日期|截止日期|证号|证书编号"
)
_ABOUT_IT = re.compile("企业|单位|对象|污染源|基本|人员|概况|联系")


def normal_head(text: str) -> str:
    """Heads are compared without blanks, line breaks and marks, with one kind of brackets, in capital letters."""
    text = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    return _NUMBERED.sub("", _MARKS.sub("", "".join(text.split()).upper()))


class Heads:
    """By what heads the columns of one kind of workbook are known."""

    def __init__(self, columns: Sequence[Column]):
        self.columns = columns
        places = _places(tuple((c.title, tuple(c.also)) for c in columns))
        self._known: dict[str, Column] = {head: columns[n] for head, n in places.items()}
        self._found: dict[str, Column | None] = {}
        self._levels: dict[str, dict[str, str]] = {}

    def column(self, text: str) -> Column | None:
        """The column a head stands for, as far as its own words say."""
        if text not in self._found:
            self._found[text] = self._look_up(normal_head(text))
        return self._found[text]

    def _look_up(self, head: str) -> Column | None:
        known = self._known
        for form in (head, _dissolved(head), _YEAR.sub("", head)):
            if form in known:
                return known[form]
        inside = _IN_BRACKETS.findall(head)
        short = _without(head)
        column = known.get(short) or known.get(_YEAR.sub("", short))
        if column is not None:
            # 有效期（起） is no 有效期, and 名称（曾用名） is the 曾用名.
            others = [known[word] for word in inside if word in known and known[word] is not column]
            return None if others or any(_END_OF_TIME.match(word) for word in inside) else column
        either = [known.get(part) for part in re.split(r"[/、]|或|及", short) if part]
        return either[0] if either and all(column is either[0] for column in either) else None

    def place(self, labels: Sequence[str]) -> tuple[Column | None, str]:
        """What the texts of one column of the sheet mean, its own first, then those above it.

        The second is a word where the column holds ticks: which of several values a tick stands for.
        """
        own, above = labels[0], labels[1:]
        for text in above:
            for group in (normal_head(text), _GENERAL.sub("", normal_head(text))):
                if column := self.column(group + normal_head(own)):
                    return column, ""
        group = next((c for text in above if (c := self.column(text)) and c.joins), None)
        column = self.column(own)
        if column and above and _VAGUE.fullmatch(normal_head(own)) and not _suits(column, above):
            column = None
        if group and (column is None or column is group):
            return group, self.tick(own, group) or own
        if column is not None:
            return column, ""
        for column in self.columns:
            if column.each and (word := self.tick(own, column)):
                return column, word
        return None, ""

    def tick(self, text: str, column: Column) -> str:
        """The values of a column that takes several, or the level, which a head, a section or a sheet calls by name."""
        if column.kind == "level":
            return self.level(text, column) or ""
        left, found = plain_title(text), []
        for name in sorted(column.each, key=len, reverse=True):
            if name in left:
                left = left.replace(name, "\n")
                found.append((plain_title(text).index(name), column.each[name]))
        if not found or _ABOUT_A_LIST.sub("", left).strip("\n"):
            return ""
        return "、".join(dict.fromkeys(word for _, word in sorted(found)))

    def level(self, text: str, column: Column) -> str | None:
        """The level that a title calls by name: 一、环保诚信企业（绿牌）3 家."""
        words = self._levels.get(column.field)
        if words is None:
            words = self._levels.setdefault(column.field, levels.words(column.field, clock.today()))
        text = _ORDER.sub("", normal_head(text))
        return levels.meant(_AROUND_A_LEVEL.sub("", _COUNTED.sub("", text)), words)

    def said(self, text: str, column: Column) -> str:
        """The same as the registry keeps it."""
        word = self.tick(text, column)
        return column.words.get(word, word)

    def value(self, cell: Cell, column: Column) -> object:
        """What a cell says for a column, None where it says nothing or something wrong."""
        if column.kind == "level":
            return None if cell is None else self.level(shown(cell), column)
        return read(cell, column).value

    def lacking(self, fields) -> list[str]:
        """The titles of columns that must be there and are not; the last may be several of which one is needed."""
        found = [f"“{c.title}”" for c in self.columns if c.required and c.field not in fields]
        some = [c for c in self.columns if c.one_of]
        if some and not any(c.field in fields for c in some):
            found.append("或".join(f"“{c.title}”" for c in some))
        return found

    def wanted(self) -> str:
        return "、".join(self.lacking(()))


@lru_cache(maxsize=64)
def _places(named: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, int]:
    """Head → place of its column, reckoned once for the columns of a kind: several readers of one workbook ask for it."""
    # A head that another column calls its own name is never taken as a synonym, nor a synonym for half of another.
    said = [
        [(title, n) for n, (title, _) in enumerate(named)],
        [(t, n) for n, (_, also) in enumerate(named) for t in also],
    ]
    known: dict[str, int] = {}
    for form in (str, _dissolved, _without):
        for texts in said:
            for text, n in texts:
                if head := form(normal_head(text)):
                    known.setdefault(head, n)
    return known


_ABOUT_A_LIST = re.compile(
    "环境|污染|防治|风险|管控|许可|持证|证|重点|排污|监管|单位|企业|名录|名单|类别|要素|类|表|附件|附表|和|及|与|[、,.()（）〇一二三四五六七八九十\\d年度版_-]"
)
_ORDER = re.compile(r"^(第?[一二三四五六七八九十]{1,3}[、.,类)]|\([一二三四五六七八九十]{1,3}\)|附件\d*)")
# Not from within a number: a cell of thirty thousand digits would be tried from each of them to its end.
_COUNTED = re.compile(r"\((共|计)*\d+(家|户|个)?\)|[,、]?(共|计)*(?<!\d)\d+(家|户|个)(?=$|\))")
_AROUND_A_LEVEL = re.compile(
    r"^((19|20)\d\d年?度?)?(企业)?((环境|环保)?信用)?(评价|评定)?(等级|结果|类别)?为?(?=.)|(名单|名录|清单|一览表|汇总表|明细表)+$"
)


def plain_title(text: str) -> str:
    """A title without what numbers it and what stands in brackets."""
    return _without(normal_head(text))


def _dissolved(head: str) -> str:
    return re.sub(r"[()、/]", "", head)


def _without(head: str) -> str:
    return _IN_BRACKETS.sub("", head)


def _suits(column: Column, above: Sequence[str]) -> bool:
    """Whether a vague head stands under a word about the thing itself, or about what the column is called."""
    for text in above:
        if _ABOUT_IT.search(text) or any(text[n : n + 3] in column.title for n in range(len(text) - 2)):
            return True
    return False
