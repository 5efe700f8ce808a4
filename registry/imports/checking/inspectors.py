"""Rows of 检查人员 against the registry of a unit: which person is meant, and what the row would change."""

from collections import defaultdict
from datetime import date

from benxi_shuangsuiji.accounts.models import Unit
from registry import book
from registry.columns import column
from registry.imports.cells import normal_word
from registry.imports.checking.lines import Line, Notes, as_json
from registry.models import BatchKind, Inspector


class InspectorComparison:
    """The people of one unit are few: all of them are in memory."""

    double_remedy = "两行只留一行"

    def __init__(self, unit: Unit, today: date, notes: Notes):
        self.unit, self.today, self.notes = unit, today, notes
        self.keys = [column(BatchKind.INSPECTOR, n) for n in ("code", "certificate_no")]
        self._existing = list(book.inspectors_of(unit).select_related("unit"))
        self._sections = {normal_word(t): s for s in book.sections_of(unit) for t in (s.code, s.name, s.short_name)}
        self._by_code = {i.code: i for i in self._existing}
        self._by_certificate = {i.certificate_no: i for i in self._existing if i.certificate_no}
        self._without: dict[str, list[Inspector]] = defaultdict(list)
        for i in self._existing:
            if not i.certificate_no:
                self._without[i.name].append(i)
        self._matched: set[int] = set()
        self._names: dict[str, list[int]] = defaultdict(list)

    def match(self, lines: list[Line]) -> None:
        """Find the person whom each line means."""
        taken = _inspectors_elsewhere(lines, self._existing)
        for line in lines:
            _match_inspector(line, self._by_code, self._by_certificate, self._without, taken)
            if line.match is not None:
                self._matched.add(line.match.pk)

    def content(self, line: Line) -> dict | None:
        row = _inspector_row(line, line.match, self._sections, self.unit, self.today)
        if name := line.values.get("name"):
            self._names[name].append(line.number if not line.problems else 0)
        return row

    def missing(self) -> int:
        return sum(1 for i in self._existing if i.pk not in self._matched and i.left_on is None)

    names_everybody = False

    def absent(self) -> list[dict]:
        return []

    def finish(self) -> None:
        """Remark on people of the same name, who may be one."""
        for name, numbers in self._names.items():
            for number in numbers if len(numbers) > 1 else ():
                if number:
                    self.notes.add(number, "姓名", name, "表里有同名人员", "确认不是同一人")


def _inspectors_elsewhere(lines, existing) -> dict[str, set[str]]:
    own = [i.pk for i in existing]
    result = {}
    for name in ("code", "certificate_no"):
        asked = {line.values[name] for line in lines if line.values.get(name)}
        rows = Inspector.objects.exclude(pk__in=own).filter(**{f"{name}__in": asked})
        result[name] = set(rows.values_list(name, flat=True)) if asked else set()
    return result


def _match_inspector(line, by_code, by_certificate, without, taken) -> None:
    code, certificate, name = (line.values.get(n) for n in ("code", "certificate_no", "name"))
    if code and code in taken["code"]:
        line.wrong("code", "人员编号", "这个编号属于其他单位的检查人员", "对照人员名册改正；新增人员可以留空")
        return
    if certificate and certificate in taken["certificate_no"]:
        line.wrong(
            "certificate_no",
            "执法证号",
            "这个执法证号属于其他单位的检查人员",
            "对照执法证改正；人员调动先由原单位登记调离",
        )
        return
    owner = by_certificate.get(certificate)
    if code and code in by_code:
        line.match = by_code[code]
        if owner is not None and owner is not line.match:
            line.wrong("certificate_no", "执法证号", f"这个执法证号属于{owner.name}（{owner.code}）", "对照执法证改正")
        return
    if owner is not None:
        if name and owner.name != name:
            line.wrong(
                "certificate_no",
                "执法证号",
                f"这个执法证号属于{owner.name}（{owner.code}）",
                "对照执法证改正；改名的，填写人员编号",
            )
            return
        line.match = owner
        return
    same = without.get(name, [])
    if not code and len(same) == 1:
        line.match = same[0]
    elif not code and len(same) > 1:
        line.wrong("name", "姓名", f"名录里有 {len(same)} 名没有证号的同名人员", "填写人员编号")


def _inspector_row(line: Line, inspector: Inspector | None, sections, unit, today: date) -> dict | None:
    v = {n: x for n, x in line.values.items() if n != "unit"}
    if said := line.values.get("unit"):
        section = sections.get(normal_word(said))
        if section is None:
            names = "、".join(dict.fromkeys(s.short_name for s in sections.values()))
            line.wrong("unit", "科室（单位）", f"不是{unit.short_name}的科室", f"可填：{names}")
        else:
            v["unit_id"] = section.pk
    elif inspector is None:
        v["unit_id"] = unit.pk
    if inspector is None and unit.division_code and not v.get("division_code"):
        v["division_code"] = unit.division_code
    _check_certificate(line, v, inspector, today)
    if inspector is not None:
        v.pop("code", None)
    changed = {n: x for n, x in v.items() if inspector is None or getattr(inspector, n) != x}
    if inspector is not None and not changed:
        return None
    return {
        "code": inspector.code if inspector else "",
        "name": v.get("name", ""),
        "new": as_json(changed),
        "old": as_json({n: getattr(inspector, n) for n in changed}) if inspector else {},
    }


def _check_certificate(line: Line, v: dict, inspector: Inspector | None, today: date) -> None:
    """A certificate has a validity that is not over; without one the person is listed and not drawn (N-2, X59)."""
    had = inspector if inspector and inspector.certificate_no else None
    number = v.get("certificate_no") or (had.certificate_no if had else "")
    start = v.get("certificate_from") or (had.certificate_from if had else None)
    end = v.get("certificate_to") or (had.certificate_to if had else None)
    if line.has_problem_in("执法证号", "执法证有效期起", "执法证有效期止"):
        return
    if not number:
        for name, title in (("certificate_from", "执法证有效期起"), ("certificate_to", "执法证有效期止")):
            if v.get(name):
                line.wrong(
                    "certificate_no",
                    "执法证号",
                    f"填了{title}，没有填执法证号",
                    "补上执法证号；没有执法证的，有效期也留空",
                )
                return
        return
    for value, name, title in (
        (start, "certificate_from", "执法证有效期起"),
        (end, "certificate_to", "执法证有效期止"),
    ):
        if not value:
            line.wrong(name, title, f"有执法证号，没有填{title}", "对照执法证填写，如 2028-06-30")
            return
    if end < start:
        line.wrong("certificate_to", "执法证有效期止", "有效期止早于有效期起", "对照执法证改正")
    elif end < today and not (had and had.certificate_to == end and had.certificate_no == number):
        line.wrong(
            "certificate_to",
            "执法证有效期止",
            f"执法证已于 {end.isoformat()} 到期",
            "换证后填写新的有效期；没有换证的，证号和有效期都留空，不参加抽取",
        )
