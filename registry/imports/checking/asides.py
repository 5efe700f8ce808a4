"""Rows of a sheet that are no data: totals, notes, signatures, heads that stand again, titles of sections.

A row with a code, a permit number or a certificate is never one of them, whatever else stands in it. What is passed over is told
with its row and its text, so that nothing vanishes.
"""

import re
from collections.abc import Callable, Sequence

from benxi_shuangsuiji.documents.workbooks.reading import Bad, Cell
from registry.codes import plain
from registry.columns import Column
from registry.imports.cells import shown
from registry.imports.checking.heads import Heads, normal_head
from registry.imports.checking.tables import Table
from registry.inspectors import person_names
from registry.unit_words import unit_in_title

_STRONG = ("uscc", "permit", "certificate", "code")
_LONG_CODE = re.compile(r"[0-9A-Z]{15,}")
_DAY = re.compile(r"(19|20)\d\d[-./年]\d{1,2}([-./月](\d{1,2}日?)?)?([T ]?[\d:]+)?")
_COUNT = r"约?\d{1,6}(家|户|人|个|项|条|件|名|处|份|行)?(次)?"
_OF = "(区|县|市|省|街道|镇|乡|村|页|表|类|园区|行业|单位|企业|级|管理|队|局|科|部分)"
_TOTAL = re.compile(
    rf"(([^\W\d]{{0,12}}{_OF})?(合计|总计|小计|共计|累计|总数|总人数)(数|家数|户数|人数|数量|个数|项数)?(\(.{{0,12}}\))?[:、]?({_COUNT})?"
    rf"|(以上|本页|本表|全区|全县|全市)?共计?{_COUNT})[。.]?"
)
_ONE_COUNT = re.compile(rf"[^\W\d]{{0,6}}{_COUNT}([.]\d+)?%?")
_NOTE = re.compile(
    r"(注|备注|附注|注释|说明|注意|填表说明|填报说明|填写说明|填表须知|填报要求|数据来源|名词解释)(事项)?[\d一二三四五六]?[:.、]"
)
_ACT = "填报|填表|填写|制表|制作|审核|复核|审批|审定|审查|校对|经办|统计|编制|报送|上报|批准|联系|负责|主管|分管|科室|单位|部门|领导"
_BY = "人|员|者|人员|单位|部门|科室|领导|负责人|日期|时间|电话|联系电话|人电话|方式|签字|盖章|签章|意见"
_SIGNATURE = re.compile(
    rf"(({_ACT})({_ACT})?({_BY})?({_BY})?|联系电话|电话|日期|时间|传真|邮箱)(\(.{{0,8}}\))?:.*"
    rf"|(填报|填表|制表|审核|复核|审批|审定|经办|统计|编制|校对|报送)({_BY})|({_ACT})?({_BY})?\((盖章|签字|签章|公章)\).*"
)
_UNITS = {"无", "家", "户", "人", "个", "项", "条", "件", "名", "处", "份", "行", "次"}
_END = re.compile(r"\(?以下(为)?(空白|无正文|无内容)\)?|\(?(此页|本页)?无正文\)?|年月日|\(?(盖章|公章|签章|签字)\)?")
_PAGE = re.compile(r"第?\d+页[,，]?(共?\d+页)?|-\d+-|\d+/\d+")
_SECTION = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[).、,．]|第[一二三四五六七八九十]{1,3}(部分|类|章|批)")
_SECTION_END = re.compile(
    "(街道|街道办|办事处|镇|乡|区|县|市|园区|行业|类|类别|科|科室|大队|中队|分局|支队|名单|名录|清单|人员|(重点|简化|登记)管理"
    "|污染源|冶炼|制造业|采矿业|服务业|单位)$"
)
_FIRM = re.compile(
    "有限|公司|(厂|店|站|场|院|所|中心|社|矿|部|户|馆|庄|坊|城|楼|酒店|宾馆|集团|学校|小学|中学|大学|学院|幼儿园|医院|诊所|库|基地|项目|工程"
    "|养殖|加油|屠宰|物业|超市|市场|热力|水务|公园|局|政府|委员会|银行|车行|商行|苑|港|寺|庙)$"
)
_ORDINALS = "甲乙丙丁戊己庚辛壬癸"
_HAN_NUMBERS = "一二三四五六七八九十"


class Asides:
    """Which rows of one table are no data. `why_not_data` gives their text as the note quotes it, "" for a row of data."""

    def __init__(self, table: Table, columns: Sequence[Column], is_section: Callable[[str], bool] = lambda text: False):
        """`is_section`: what else, alone in the column of names, begins a section."""
        self._is_section = is_section
        here = [c for c in columns if c.field in table.places]
        self._strong = [table.places[c.field] for c in here if c.kind in _STRONG]
        self._names = {table.places[c.field] for c in here if c.field == "name"}
        self._people = any(c.kind == "person" for c in here)
        self._known = set(table.places.values())
        self._fields = {at: name for name, at in table.places.items()}
        self._ticked = {at for of in table.ticks.values() for at in of}
        self._all_heads = Heads(columns)
        self.other = ""  # what another table in the sheet has for a head where this one has a column that is read
        self._first = table.header_row + 1
        self._heads: dict[int, set[str]] = {}
        self._titles: set[str] = set()
        for number, cells in table.sheet.first:
            if number <= table.header_row:
                for at, text in _texts(cells):
                    if number >= (table.head_from or table.header_row):
                        self._heads.setdefault(at, set()).add(normal_head(text))
                    else:
                        self._titles.add(normal_head(text))
        # A cell merged over more columns than its own head is a title, not a value.
        own = {left: right for top, left, _, right in table.sheet.spans if top <= table.header_row}
        self._wide = {
            (top, left - 1)
            for top, left, _, right in table.sheet.spans
            if top > table.header_row and right > max(left, own.get(left, 0))
        }
        self._head_row = 0  # where heads stood again last
        self._noted = 0  # the row last passed over as a note or a signature: what follows may belong to it

    def why_not_data(self, number: int, cells: list[Cell]) -> str:
        texts = _texts(cells)
        if not texts or self._means_somebody(cells):
            return ""
        at, first = texts[0]
        text = plain(first)
        if section := self._section(texts):
            return section
        if self._is_note(number, text, texts):
            self._noted = number
        elif not (
            self._stands_above(number, texts) or self._is_total(texts) or self._is_title(number, at, text, texts)
        ):
            return ""
        return shown(first)

    def _means_somebody(self, cells: list[Cell]) -> bool:
        """A code in a column of codes, right or wrong; a long one anywhere."""
        if any(_is_code(cells[at]) for at in self._strong if at < len(cells)):
            return True
        return any(c.__class__ is str and len(c) > 14 and _LONG_CODE.search(plain(c).upper()) for c in cells)

    def _stands_above(self, number: int, texts: list[tuple[int, str]]) -> bool:
        """The heads or a title again, on every page; or the columns numbered below their heads."""
        heads = [normal_head(text) in self._heads.get(at, ()) for at, text in texts]
        if all(heads) or (sum(heads) > 1 and 3 * sum(heads) >= 2 * len(heads)) or self._is_head_row(texts):
            if len(texts) > 1:
                differs = next((text for at, text in texts if self._reads_otherwise(at, text)), "")
                # Heads over two rows are one: where the upper differs, the lower does not make it this table again.
                self.other = differs or (self.other if self._head_row == number - 1 else "")
                self._head_row = number
            return True
        if len(texts) == 1:
            return normal_head(texts[0][1]) in self._titles
        numbers = [_ordinal(plain(text)) for _, text in texts]
        return number == self._first and len(numbers) > 2 and all(0 < n <= len(numbers) + 2 for n in numbers)

    def _is_head_row(self, texts: list[tuple[int, str]]) -> bool:
        """In the column of names stands its own head, or any, and beside it another: nobody is called so."""
        heads = [column for at, text in texts if (column := self._all_heads.column(text))]
        if len(texts) < 2 or not heads:
            return False
        named = [text for at, text in texts if at in self._names]
        if any((column := self._all_heads.column(text)) and column.field == "name" for text in named):
            return True
        known = [at for at, text in texts if normal_head(text) in self._heads.get(at, ())]
        return len({c.field for c in heads}) > 2 or (
            len(heads) + len(known) > 1 and any(map(self._all_heads.column, named))
        )

    def _reads_otherwise(self, at: int, text: str) -> bool:
        """Whether a head that stands again is another than that by which its column is read."""
        if at not in self._fields and at not in self._ticked:
            return False
        if normal_head(text) in self._heads.get(at, ()):
            return False
        column = self._all_heads.column(text)
        return column is None or column.field != self._fields.get(at)

    def _is_note(self, number: int, text: str, texts: list[tuple[int, str]]) -> bool:
        if _SIGNATURE.fullmatch(text) or (len(texts) == 1 and text[0] in "*※"):
            return True
        if _NOTE.match(text):  # but not 注：新增 before the name of a firm
            return texts[0][0] in self._names or not any(at in self._names for at, _ in texts)
        if len(texts) > 1:
            return False
        if (
            _DAY.fullmatch(text)
            or _PAGE.fullmatch(text)
            or _END.fullmatch(text)
            or (len(text) > 20 and re.search("[。；;]", text))
        ):
            return True
        return self._noted == number - 1 > 0 and bool(re.match(r"\(?\d{1,2}[).、]", text)) and not _FIRM.search(text)

    def _is_total(self, texts: list[tuple[int, str]]) -> bool:
        found = next((at for at, text in texts[:3] if _TOTAL.fullmatch(plain(text))), None)
        if found is None:
            return False
        if re.search(r"\d(家|户|人)", plain(dict(texts)[found])):
            return True
        rest = [(at, plain(text)) for at, text in texts if at != found]
        if found in self._names:
            return all(_says_little(text) for _, text in rest)
        return all(_says_little(text) for at, text in rest if at in self._names)

    def _section(self, texts: list[tuple[int, str]]) -> str:
        """What is the title of a section, that of a unit in any column, its number and a count perhaps beside it."""
        titles = (t for at, t in texts[:3] if unit_in_title(t) or (at in self._names and self._is_section(t)))
        named = next(titles, "")
        others = [plain(text) for _, text in texts if text != named]
        if not named or not all(_says_little(text) or _ordinal(text) for text in others):
            return ""
        return f"{others[0]}、{named}" if texts[0][1] != named and _ordinal(others[0]) else named

    def _is_title(self, number: int, at: int, text: str, texts: list[tuple[int, str]]) -> bool:
        """A text alone in its row. In the column of names only what looks like a section and not like a firm."""
        if len(texts) > 1:
            return False
        wide = (number, at) in self._wide
        core = re.sub(r"\([^()]*\)$", "", text)
        section, firm = bool(_SECTION.match(text)), bool(_FIRM.search(core))
        if at in self._names and self._people:
            return section or wide or person_names.is_section(text)
        if at in self._names:
            return (section and (wide or not firm)) or (
                not firm and (wide or (len(core) <= 20 and bool(_SECTION_END.search(core))))
            )
        return at in self._known and (section or wide)


def _texts(cells: list[Cell]) -> list[tuple[int, str]]:
    return [
        (at, shown(c))
        for at, c in enumerate(cells)
        if c is not None and not (c.__class__ is str and (not c or c.isspace()))
    ]


def _is_code(cell: Cell) -> bool:
    """Whether it is meant as a code or a number of somebody: many digits and letters, and not a day, a count or a sentence."""
    if isinstance(cell, Bad):
        return True
    if isinstance(cell, float):
        return abs(cell) >= 100_000
    if not isinstance(cell, str):
        return False
    text = plain(cell)
    signs = sum(1 for c in text if c.isascii() and c.isalnum())
    return signs >= 5 and len(text) - signs <= 6 and ":" not in text and not _DAY.fullmatch(text)


def _says_little(text: str) -> bool:
    """Beside the word 合计: a number, a count, some counts by class, what is counted, or nothing."""
    counts = re.split("[、,;]", text)
    if text in _UNITS or not any(c.isalnum() for c in text):
        return True
    return all(map(_ONE_COUNT.fullmatch, filter(None, counts)))


def _ordinal(text: str) -> int:
    text = text.strip("()、.")
    if text.isdecimal():
        return int(text)
    return max(_ORDINALS.find(text), _HAN_NUMBERS.find(text)) + 1 if len(text) == 1 else 0
