"""Rows of a workbook against the items of one draft list: which item each means, and what it would change (六(一)1-a)."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from benxi_shuangsuiji.accounts.models import Unit, User
from plans.bases import citations
from plans.bases.actions import Library
from plans.models import InspectionItem, ItemList
from registry.codes import name_key
from registry.comparison import RUNNING_NUMBER, Comparison, before_and_after, json_value
from registry.imports.kinds import Kind
from registry.models import ImportBatch

from . import actions, rules, sheets

_CODE = re.compile(r"[0-9A-Z][0-9A-Z_-]{0,7}")
_SHARE = re.compile(r"0?\.\d+|1(\.0+)?")


class ItemRows(Comparison):
    """The items of a list are few: all of them are in memory. `asked["list"]` is the draft."""

    by = ("code",)
    double_remedy = "一个编号只留一行"

    def __init__(self, *args):
        super().__init__(*args)
        self.list = _list(self.asked)
        self._items = {item.code: item for item in self.list.items.all()}
        self._named: dict[str, list[InspectionItem]] = {}
        for item in self._items.values():
            self._named.setdefault(name_key(item.name), []).append(item)
        self._new: dict[str, int] = {}  # code → the first row that adds it
        self._library = Library()
        self._older: list[int] = []

    def find(self, line, found: Any) -> None:
        if code := line.values.get("code"):
            line.values["code"] = code.upper()
            line.match = self._items.get(code.upper())
            if line.match is None and RUNNING_NUMBER.fullmatch(code):
                self._find_by_name(line)

    def _find_by_name(self, line) -> None:
        """1, 2, 3 down the column 序号 number the rows and are nobody's code: the name says which item is meant."""
        same = self._named.get(name_key(line.values.get("name") or ""), [])
        if len(same) == 1:
            (line.match,) = same
            line.values["code"] = line.match.code
            self.note(line, "code", f"只是行号，按抽查事项的名称对应 {line.match.code}")
        else:
            found = f"清单里同名的是 {'、'.join(item.code for item in same)}" if same else "例如 A01"
            self.wrong(line, "code", "只是行号，不是事项编号", f"填写事项编号，{found}")

    def change(self, line, item: InspectionItem | None) -> dict | None:
        self._check_code(line)
        self._check_day(line)
        self._check_ratio(line)
        self._check_basis(line)
        if item is None:
            self._check_whole(line)
        said = line.values
        changed = {n: value for n, value in said.items() if item is None or _flat(getattr(item, n)) != value}
        if line.problems or not changed:
            return None
        return {"code": item.code if item else "", "name": said["name"], **before_and_after(item, changed)}

    def _check_code(self, line) -> None:
        code = line.values.get("code")
        if not code or line.has_problem_in(self.title("code")):
            return
        if not _CODE.fullmatch(code):
            self.wrong(line, "code", "不是事项编号", "用 1 到 8 位大写字母和数字，例如 A01")
        elif reason := rules.why_not_item_code(self.list, code):
            problem, _, remedy = reason.rstrip("。").partition("，")
            self.wrong(line, "code", problem, remedy)
        elif line.match is None and (first := self._new.setdefault(code, line.number)) != line.number:
            self.wrong(line, "code", f"与第 {first} 行编号相同", self.double_remedy)

    def _check_day(self, line) -> None:
        """A day before the list's year is that of an earlier list: its items hold on, from the first day of this one.

        A copy of last year's list does the same (`actions.draft_list`), so that last year's workbook goes in as it is.
        """
        day = line.values.get("valid_from")
        if day is None:
            return
        if day.year < self.list.year:
            self._older.append(line.number)
            line.values["valid_from"] = rules.first_day_of(self.list)
        elif reason := rules.why_not_item_day(self.list, day):
            self.wrong(line, "valid_from", "不在清单的年度之内", reason.partition("，")[2].rstrip("。"))

    def _check_ratio(self, line) -> None:
        """A cell that shows 5% holds 0.05; that of 100% holds 1, and so does one in which somebody wrote 1."""
        text = line.values.get("ratio_text")
        if not text or not _SHARE.fullmatch(text):
            return
        if float(text) == 1:
            self.wrong(line, "ratio_text", "看不出是百分之一还是全部", "整列设为“文本”格式，连百分号一起填写")
        else:
            line.values["ratio_text"] = share = f"{round(float(text) * 100, 4):g}%"
            self.note(line, "ratio_text", f"按 {share} 读取")

    def _check_basis(self, line) -> None:
        text = line.values.get("legal_basis")
        if not text:
            return
        cited, unknown = self._library.find(text)
        if unknown:
            remedy = "照抄依据库里的全称和条款；还没有登记的，由牵头部门先在依据库登记"
            self.wrong(line, "legal_basis", f"依据库里没有{unknown[0]}", remedy)
        elif not cited:
            self.wrong(line, "legal_basis", "读不出是哪一部依据", "按“《全称》第四十二条”的写法填写")
        else:
            line.values["legal_basis"] = basis = citations.write(actions.cites_of(InspectionItem(), cited))
            if len(basis) > actions.LONGEST_BASIS:
                self.wrong(line, "legal_basis", f"写出来超过 {actions.LONGEST_BASIS} 个字", "少引几部")

    def _check_whole(self, line) -> None:
        for name in sheets.NEEDED:
            title = self.title(name)
            if not line.values.get(name) and not line.has_problem_in(title):
                self.wrong(line, name, f"新事项没有填写{title}", f"填写{title}，或删去这一行")

    def missing(self) -> int:
        """How many items of the list no row means; they stay."""
        return sum(item.pk not in self.matched for item in self._items.values())

    def finish(self) -> None:
        super().finish()
        if self._older:
            text = f"有 {len(self._older)} 行早于清单年度，从 {rules.first_day_of(self.list).isoformat()} 起算"
            self.notes.add(self._older[0], self.title("valid_from"), "", text)


def _flat(value: Any) -> Any:
    """A text of the list as a cell gives it: line breaks and runs of blanks are one blank."""
    return unicodedata.normalize("NFC", " ".join(value.split())) if isinstance(value, str) else value


def _list(asked: Mapping[str, Any]) -> ItemList:
    return ItemList.objects.select_related("unit").get(pk=asked["list"])


def _why_not(unit: Unit, user: User, asked: Mapping[str, Any]) -> str:
    return rules.why_not_edit_list(_list(asked), user)


def _seen(unit: Unit, asked: Mapping[str, Any]) -> str:
    """Digest of the items as they stand in the list."""
    items = _list(asked).items.order_by("code").values_list(*(c.field for c in sheets.COLUMNS))
    return hashlib.sha256(json.dumps(list(items), default=str).encode()).hexdigest()


def _why_not_withdraw(batch: ImportBatch) -> str:
    """As long as the list is a draft and its items say what the workbook said."""
    there = {item.code: item for item in _list(batch.asked).items.all()}
    for line in batch.lines.filter(content__isnull=False):
        new = line.content["new"]
        code = line.code or new["code"]
        item = there.get(code)
        if item is None or any(json_value(getattr(item, name)) != value for name, value in new.items()):
            return f"导入以后又改过事项 {code}，不能整批撤回。在清单里逐项修改。"
    return ""


ITEMS = Kind(
    columns=sheets.columns,
    comparison=ItemRows,
    write=actions.write_items,
    withdraw=actions.take_items_back,
    why_not=_why_not,
    seen=_seen,
    why_not_withdraw=_why_not_withdraw,
)
