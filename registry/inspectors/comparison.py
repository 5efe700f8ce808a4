"""Rows of 检查人员 against the registry of a unit: which person is meant, and what the row would change (六(三)-a)."""

import re
from collections import defaultdict

from registry import book
from registry.codes import lost_zeros, name_key
from registry.comparison import Comparison, before_and_after
from registry.models import Inspector
from registry.unit_words import unit_key, unit_words

_LOST_ONE = re.compile("(?!21)[1-9][0-9]{9}")  # of a number of eleven digits whose zero is gone


class InspectorRows(Comparison):
    """The people of one unit are few: all of them are in memory."""

    by = ("code", "certificate_no")
    counted = "人"
    code_remedy = "新增人员的编号由系统编排"

    def __init__(self, *args):
        super().__init__(*args)
        self._existing = list(book.inspectors_of(self.unit).select_related("unit"))
        sections = book.sections_of(self.unit)
        self._sections = {name_key(t): s for s in sections for t in (s.code, s.name, s.short_name)}
        # The section that serves a branch and the branch itself share the shorter words: they mean the section.
        self._called = {word: s for s in sections for word in unit_words(s)}
        self._by_code = {i.code: i for i in self._existing}
        self._by_number = {i.certificate_no: i for i in self._existing if i.certificate_no}
        self._by_name: dict[str, list[Inspector]] = defaultdict(list)
        for i in self._existing:
            self._by_name[name_key(i.name)].append(i)
        self._begin: set[tuple[int, str]] = set()  # how long the certificates are that begin with 0, and how they begin
        self._see_numbers(self._by_number)
        self._first_with: dict[str, int] = {}
        self._in_sheet: dict[str, list[tuple[int, dict]]] = defaultdict(list)

    def missing(self) -> int:
        return sum(1 for i in self._existing if i.pk not in self.matched and i.left_on is None)

    def finish(self) -> None:
        """Remark on people of the same name, who may be one."""
        super().finish()
        for rows in self._in_sheet.values():
            for number, said in rows if len(rows) > 1 else ():
                self.notes.add(number, "姓名", said["name"], "表里有同名人员", "确认不是同一人")

    def prepare(self, lines: list) -> None:
        self._see_numbers(line.values.get("certificate_no") for line in lines)
        for line in lines:
            self.forget_running_number(line, self._by_code)

    def _see_numbers(self, numbers) -> None:
        self._begin |= {(len(n), n[:6]) for n in numbers if n and n[0] == "0"}

    def look_up(self, lines: list) -> dict[str, set[str]]:
        """Numbers of other units' people, which are taken."""
        others = Inspector.objects.exclude(pk__in=[i.pk for i in self._existing])
        taken = {}
        for name in self.by:
            asked = {line.values[name] for line in lines if line.values.get(name)}
            taken[name] = set(others.filter(**{f"{name}__in": asked}).values_list(name, flat=True)) if asked else set()
        return taken

    def find(self, line, found: dict[str, set[str]]) -> None:
        self._find(line, found)
        self.refuse_blank_below_another(line)
        said = self.other_unit(line)
        if line.match is None and (said or self.not_ours(line)):
            self.leave(line)
        elif said:
            problem = f"{line.match.name}在{self.unit.short_name}的名册里，表里写的是{said}"
            self.wrong(line, "unit", problem, "没有调动的，改正单位；调走的，在人员页面登记调离")

    def _find(self, line, found: dict[str, set[str]]) -> None:
        code, number, name = (line.values.get(n) for n in ("code", "certificate_no", "name"))
        key = name_key(name or "")
        if code and code in found["code"]:
            self.wrong(line, "code", "这个编号属于其他单位的检查人员", "对照人员名册改正；新增人员可以留空")
            return
        if number and number in found["certificate_no"]:
            remedy = "对照执法证改正；人员调动先由原单位登记调离"
            self.wrong(line, "certificate_no", "这个执法证号属于其他单位的检查人员", remedy)
            return
        first = self._first_with.setdefault(number, line.number) if number else line.number
        if first != line.number and not line.has_problem_in(self.title("certificate_no")):
            self.wrong(line, "certificate_no", f"与{self.notes.where(first)}执法证号相同", "对照执法证改正")
            return
        owner = self._by_number.get(number)
        if code and code in self._by_code:
            line.match = self._by_code[code]
            if owner is not None and owner is not line.match:
                self.wrong(line, "certificate_no", f"这个执法证号属于{owner.name}（{owner.code}）", "对照执法证改正")
            return
        if code and not re.fullmatch(rf"{self.unit.code}-\d{{2,}}", code):
            remedy = f"新增人员留空，由系统编排；要写的，写成 {self.unit.code}-07 这样的新编号"
            self.wrong(line, "code", "名录里没有这个人员编号", remedy)
            return
        if owner is not None:
            line.match = owner
            if name and name_key(owner.name) != key:
                line.match, remedy = None, "对照执法证改正；改名的，填写人员编号"
                self.wrong(line, "certificate_no", f"这个执法证号属于{owner.name}（{owner.code}）", remedy)
            return
        if not code:
            self._find_by_name(line, number, self._by_name.get(key, []))

    def _find_by_name(self, line, number: str | None, same: list[Inspector]) -> None:
        """Who has no card yet may get one; whoever has another may have got a second, or be somebody else."""
        without = [i for i in same if not i.certificate_no]
        damaged = [i for i in same if number and lost_zeros(number, i.certificate_no)]
        if len(damaged or without) == 1:
            (line.match,) = damaged or without
        elif len(without) > 1:
            self.wrong(line, "name", f"名录里有 {len(without)} 名没有证号的同名人员", "填写人员编号")
        elif not (same := [i for i in same if i.left_on is None]):
            return
        elif not number and len(same) > 1:
            self.wrong(line, "name", f"名录里有 {len(same)} 名同名人员", "填写人员编号")
        elif not number:
            (line.match,) = same
            self.note(line, "name", f"按姓名对应（{same[0].code}）", "不是同一人的，填写人员编号")
        else:
            held = same[0]
            problem = f"名录里有同名的{held.name}（{held.code}），执法证号是 {held.certificate_no}"
            remedy = f"同一人换了证的，填写人员编号 {held.code}；另有一本证的，在人员页面登记；不是同一人的，填写新的人员编号"
            self.wrong(line, "certificate_no", problem, remedy)

    def change(self, line, inspector: Inspector | None) -> dict | None:
        v = {n: x for n, x in line.values.items() if n != "unit"}
        self._put_unit(line, v, inspector)
        if inspector is None and not line.problems and self._says_nothing_but_a_name(line):
            problem, remedy = "只有姓名，看不出是不是人员", "是人员的，补上性别、职务或者科室；不是的，删去这一行"
            self.wrong(line, "name", problem, remedy)
        if inspector is None and self.unit.division_code and not v.get("division_code"):
            v["division_code"] = self.unit.division_code
        if inspector is not None:
            v.pop("code", None)
        changed = self.differing(line, inspector, v)
        if "certificate_no" in v and "certificate_no" not in changed:
            v["certificate_no"] = inspector.certificate_no
        self._check_certificate(line, v, inspector)
        if inspector is None and "name" in v:
            self._look_for_second_card(line, v)
        if v.get("name"):
            self._in_sheet[name_key(v["name"])] += [] if line.problems else [(line.number, v)]
        if inspector is not None and not changed:
            return None
        code = inspector.code if inspector else ""
        return {"code": code, "name": v.get("name", ""), **before_and_after(inspector, changed)}

    def _says_nothing_but_a_name(self, line) -> bool:
        """As 东明所 or 待落实 below the list; somebody without a card at least has a number in the list."""
        at = line.places["name"]
        return not any(str(c).strip() for i, c in enumerate(line.cells) if i != at and c is not None)

    def _put_unit(self, line, v: dict, inspector: Inspector | None) -> None:
        if (said := line.values.get("unit")) and not line.has_problem_in(self.title("unit")):
            section = self._sections.get(name_key(said)) or self._called.get(unit_key(said))
            if section is None:
                names = "、".join(dict.fromkeys(s.short_name for s in self._sections.values()))
                self.wrong(line, "unit", f"不是{self.unit.short_name}的科室", f"可填：{names}")
            else:
                v["unit_id"] = section.pk
        elif inspector is None:
            v["unit_id"] = self.unit.pk

    def _look_for_second_card(self, line, v: dict) -> None:
        """Two new rows of one name with a card each: most often one person, who may hold two (六(三)-f)."""
        number = v.get("certificate_no")
        for first, other in self._in_sheet[name_key(v["name"])]:
            apart = v.get("code") or v.get("gender") != other.get("gender")
            if number and other.get("certificate_no") and not apart:
                problem = f"与{self.notes.where(first)}同名，可能是同一人的两本执法证"
                remedy = "表里只留在用的一本，另一本导入以后在人员页面登记；确是两个人的，给后一人填写人员编号"
                self.wrong(line, "certificate_no", problem, remedy)
                return

    def _check_certificate(self, line, v: dict, inspector: Inspector | None) -> None:
        """A certificate has a validity that is not over; without one the person is listed and not drawn (N-2, X59)."""
        had = inspector if inspector and inspector.certificate_no else None
        names = ("certificate_no", "certificate_from", "certificate_to")
        number, start, end = (v.get(name) or getattr(had, name, None) for name in names)
        if line.has_problem_in(*(self.title(name) for name in names)):
            return
        if not number:
            if name := next((n for n in names if v.get(n)), ""):
                remedy = "补上执法证号；没有执法证的，有效期也留空"
                self.wrong(line, "certificate_no", f"填了{self.title(name)}，没有填执法证号", remedy)
            return
        if number != (had and had.certificate_no):
            self._look_for_lost_zeros(line, number)
        for name, value in zip(names[1:], (start, end), strict=True):
            if not value:
                self.wrong(line, name, f"有执法证号，没有填{self.title(name)}", "对照执法证填写，如 2028-06-30")
                return
        if end < start:
            self.wrong(line, "certificate_to", "有效期止早于有效期起", "对照执法证改正")
        elif end < self.today and not (had and (had.certificate_to, had.certificate_no) == (end, number)):
            remedy = "换证后填写新的有效期；没有换证的，证号和有效期都留空，不参加抽取"
            self.wrong(line, "certificate_to", f"执法证已于 {end.isoformat()} 到期", remedy)

    def _look_for_lost_zeros(self, line, number: str) -> None:
        """As text, too, a number that went through a .csv has lost them: the others show it, or its length (X04)."""
        if not number.isdecimal() or number[0] == "0":
            return
        whole = next((z + number for z in ("0", "00") if (len(z + number), (z + number)[:6]) in self._begin), "")
        why = "同样的证号以 0 开头" if whole else "只有 10 位"
        if whole or _LOST_ONE.fullmatch(number):
            remedy = (
                f"对照执法证，写成“{whole or f'0{number}'}”；确实没有 0 的，证号和有效期留空，导入以后在人员页面登记"
            )
            self.wrong(line, "certificate_no", f"执法证号前面的 0 可能丢了，{why}", remedy)
