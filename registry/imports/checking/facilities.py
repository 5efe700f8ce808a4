"""Rows of 检查对象 against the registry of a unit: which facility is meant, and what the row would change."""

from collections import defaultdict
from datetime import date

from django.db import connection
from django.db.models import Prefetch

from benxi_shuangsuiji.accounts.models import Unit
from registry import book, codes
from registry.columns import column, title_of
from registry.complaints import tallies as complaints
from registry.facilities import categories, rules
from registry.imports.cells import normal_word, shown
from registry.imports.checking.lines import Line, Notes, as_json, json_value
from registry.models import (
    BatchKind,
    Category,
    CategoryGround,
    ChangeProposal,
    Facility,
    Ground,
    HazwasteKind,
    OperatingStatus,
    PositiveListEntry,
    ProposalKind,
)

# Columns that steer the import and are no field of the row itself.
_STEERING = {
    "code",
    "unit",
    "status_on",
    "status_evidence",
    "category",
    "key_grounds",
    "key_evidence",
    "special_grounds",
    "special_evidence",
    "positive",
    "positive_batch",
    "positive_from",
}
# Whoever could be meant by a row: by number, permit or credit code; by name alone only what has no code.
_CANDIDATES = """
SELECT id, code, permit_no, uscc, name, unit_id FROM registry_facility
WHERE code = ANY(%(code)s) OR (permit_no <> '' AND permit_no = ANY(%(permit_no)s)) OR uscc = ANY(%(uscc)s)
UNION
SELECT id, code, permit_no, uscc, name, unit_id FROM registry_facility
WHERE unit_id = %(unit)s AND uscc = '' AND permit_no = '' AND name = ANY(%(name)s)
"""


class FacilityComparison:
    """Looks a thousand rows up at a time; of the registry only the facilities they mean are in memory."""

    double_remedy = "两行只留一行；企业更名用“变更”"

    def __init__(self, unit: Unit, today: date, notes: Notes):
        self.unit, self.today, self.notes = unit, today, notes
        self.keys = [column(BatchKind.FACILITY, n) for n in ("code", "permit_no", "uscc")]
        self._names_of_unit = {normal_word(t) for t in (unit.code, unit.name, unit.short_name)}
        self._matched: set[int] = set()
        self._transfer = "名录里已有这个对象，属于其他单位", "需要调整辖区的，提出移交申请；否则删去此行"

    def match(self, lines: list[Line]) -> None:
        """Find the facility that each line means; say what is wrong where none or several are meant."""
        index = self._look_up(lines)
        for line in lines:
            self._check_unit(line)
            self._match_one(line, index)
            if line.match is not None:
                self._matched.add(line.match.pk)

    def content(self, line: Line) -> dict | None:
        return _facility_row(line, line.match, self.today, self.notes)

    def missing(self) -> int:
        """How many of the unit's facilities stand in the registry and not in the sheet."""
        there = book.facilities_of(self.unit).exclude(status__in=rules.GONE)
        return there.count() - there.filter(pk__in=self._matched).count()

    names_everybody = False  # whether it says something about whom it leaves out

    def absent(self) -> list[dict]:
        """What would change for those whom the sheet does not name: nothing."""
        return []

    def finish(self) -> None:
        """Nothing is left to say at the end."""

    def _look_up(self, lines: list[Line]) -> "_Index":
        asked = {
            n: list({line.values[n] for line in lines if line.values.get(n)}) for n in ("code", "permit_no", "uscc")
        }
        nameless = {line.values.get("name", "") for line in lines if not any(line.values.get(n) for n in asked)}
        with connection.cursor() as cursor:
            cursor.execute(_CANDIDATES, {**asked, "name": list(nameless), "unit": self.unit.pk})
            found = cursor.fetchall()
        own = [row[0] for row in found if row[5] == self.unit.pk]
        return _Index(self._with_open(own), [row[1:4] for row in found if row[5] != self.unit.pk])

    def _with_open(self, keys: list[int]) -> list[Facility]:
        """These facilities with the grounds and the positive-list entry in force, and with what waits to be approved."""
        if not keys:
            return []
        return list(
            Facility.objects.filter(pk__in=keys)
            .order_by("code")
            .prefetch_related(
                Prefetch("grounds", CategoryGround.objects.filter(valid_to__isnull=True), to_attr="open_grounds"),
                Prefetch("positive_entries", PositiveListEntry.objects.filter(valid_to__isnull=True), to_attr="listed"),
                Prefetch("proposals", ChangeProposal.objects.pending(), to_attr="waiting"),
            )
        )

    def _check_unit(self, line: Line) -> None:
        said = line.values.get("unit")
        if said and normal_word(said) not in self._names_of_unit:
            line.wrong(
                "unit",
                "监管单位",
                f"这次导入的是{self.unit.short_name}的名录",
                f"删去此行，或由{said[:20]}的名录管理员导入",
            )
        level = line.values.get("managed_by_city")
        if level is not None and (problem := rules.why_not_level(self.unit, level)):
            line.wrong("managed_by_city", "市管", problem, "这一格留空；监管层级变了的，办理移交监管单位")

    def _match_one(self, line: Line, index: "_Index") -> None:
        code, permit, uscc = (line.values.get(n) for n in ("code", "permit_no", "uscc"))
        if code:
            line.match = index.by_code.get(code)
            if line.match is None:
                if code in index.codes_elsewhere:
                    line.wrong("code", "名录编号", *self._transfer)
                else:
                    line.wrong("code", "名录编号", "名录里没有这个编号", "编号由系统编排；新增的对象这一格留空")
            return
        if permit:
            if permit in index.permits_elsewhere:
                line.wrong("permit_no", title_of(BatchKind.FACILITY, "permit_no"), *self._transfer)
                return
            if permit in index.by_permit:
                line.match = index.by_permit[permit]
                return
        if uscc:
            # The same firm with another permit is another place; without any permit it is the place itself (decisions.md 1).
            same = [f for f in index.by_uscc.get(uscc, ()) if not permit or not f.permit_no]
            if len(same) == 1:
                line.match = same[0]
            elif len(same) > 1:
                line.wrong(
                    "uscc",
                    "统一社会信用代码",
                    f"名录里有 {len(same)} 个对象用这个信用代码，分不清是哪一个",
                    "填写名录编号或许可证编号",
                )
            elif not permit and uscc in index.usccs_elsewhere:
                line.wrong("uscc", "统一社会信用代码", *self._transfer)
            return
        if permit:
            return
        same = [f for f in index.by_name.get(line.values.get("name", ""), ()) if not f.uscc and not f.permit_no]
        if len(same) == 1:
            line.match = same[0]
        elif len(same) > 1:
            line.wrong("name", "名称", f"名录里有 {len(same)} 个同名对象", "填写名录编号")


class _Index:
    """The facilities of the unit by what names them; of other units only the codes in use there (X41)."""

    def __init__(self, facilities: list[Facility], elsewhere: list[tuple[str, str, str]]):
        self.by_code = {f.code: f for f in facilities}
        self.by_permit = {f.permit_no: f for f in facilities if f.permit_no}
        self.by_uscc: dict[str, list[Facility]] = defaultdict(list)
        self.by_name: dict[str, list[Facility]] = defaultdict(list)
        for f in facilities:
            if f.uscc:
                self.by_uscc[f.uscc].append(f)
            self.by_name[f.name].append(f)
        self.codes_elsewhere = {code for code, _, _ in elsewhere}
        self.permits_elsewhere = {permit for _, permit, _ in elsewhere if permit}
        self.usccs_elsewhere = {uscc for _, _, uscc in elsewhere if uscc}


def _facility_row(line: Line, facility: Facility | None, today: date, notes: Notes) -> dict | None:
    v = line.values
    new = {n: x for n, x in v.items() if n not in _STEERING}
    changed = new if facility is None else {n: x for n, x in new.items() if getattr(facility, n) != x}
    asked = {p.subject: p for p in facility.waiting} if facility else {}
    if facility and "name" in changed:
        kept = changed.get("former_names", facility.former_names)
        if facility.name not in kept:
            changed["former_names"] = [*kept, facility.name]
    _check_identity(line, facility)
    status = new.get("status") or (facility.status if facility else OperatingStatus.OPERATING)
    if facility and "status" in changed:
        if (earlier := asked.get("status")) and earlier.payload["status"] == status:
            del changed["status"]  # it waits already
        else:
            _check_status_change(line, facility, status, earlier)
    if changed.keys() & {"hazwaste", "hazwaste_licence"}:
        _check_hazwaste(line, facility, new)
    grounds, ended, category = _grounds(line, facility, new, asked, notes)
    positive = _positive(line, facility, asked)
    if warning := codes.permit_warning(new.get("permit_no", ""), new.get("uscc", "")):
        notes.add(line.number, "排污许可证／登记编号", shown(line.cell("permit_no")), warning)
    if facility is not None and not changed and not grounds and not ended and not positive:
        return None
    return {
        "code": facility.code if facility else "",
        "name": v.get("name") or (facility.name if facility else ""),
        "new": as_json(changed),
        "old": as_json({n: getattr(facility, n) for n in changed}) if facility else {},
        "grounds": grounds,
        "ended": ended,
        "category": [facility.category if facility else None, category],
        "positive": positive,
        "status_on": json_value(v.get("status_on")),
        "status_evidence": v.get("status_evidence", ""),
    }


def _check_identity(line: Line, facility: Facility | None) -> None:
    v = line.values
    natural = v.get("is_natural_person", facility.is_natural_person if facility else False)
    if facility is None and not v.get("uscc") and not v.get("permit_no") and not natural:
        title = "统一社会信用代码"
        if not line.has_problem_in(title, "排污许可证／登记编号"):
            line.wrong("uscc", title, "没有填写信用代码", "对照营业执照填写；自然人在“自然人”一列填“是”")


def _check_hazwaste(line: Line, facility: Facility | None, new: dict) -> None:
    kind = new.get("hazwaste", facility.hazwaste if facility else HazwasteKind.NONE)
    licence = new.get("hazwaste_licence", facility.hazwaste_licence if facility else "")
    if problem := rules.why_not_hazwaste(kind, licence):
        title = title_of(BatchKind.FACILITY, "hazwaste_licence")
        line.wrong("hazwaste_licence", title, problem.rstrip("。"), "对照危险废物经营许可证填写")


def _check_status_change(line: Line, facility: Facility, status: str, earlier: ChangeProposal | None) -> None:
    was, now = facility.get_status_display(), OperatingStatus(status).label
    if earlier:
        line.wrong("status", "生产状态", "这家的生产状态变更正等批准", "先在“名录变更”里撤回，再导入这一行")
    if not line.values.get("status_on"):
        line.wrong(
            "status_on", "状态起始日期", f"生产状态由{was}改为{now}，需要起始日期", "填写从哪一天起，如 2026-03-20"
        )
    if not line.values.get("status_evidence"):
        line.wrong(
            "status_evidence",
            "状态依据",
            f"生产状态由{was}改为{now}，需要依据",
            "填写依据，如“现场核查记录”“注销通知书”",
        )


def _grounds(line: Line, facility: Facility | None, new: dict, asked: dict, notes: Notes):
    """Which grounds the row asks for, which derived ones to end, and the category if all is approved (六(二)-r … -al)."""
    held = {g.kind for g in facility.open_grounds} if facility else set()
    coming = {k for k, p in asked.items() if p.kind == ProposalKind.GROUND}
    leaving = {k for k, p in asked.items() if p.kind == ProposalKind.GROUND_END}
    open_ = held | coming
    added: list[dict] = []
    for makes, label, grounds, evidence in (
        (Category.KEY, "重点", "key_grounds", "key_evidence"),
        (Category.SPECIAL, "特殊", "special_grounds", "special_evidence"),
    ):
        said = line.values.get(grounds)
        if not said:
            continue
        fresh = [k for k in said if k not in open_ and k not in categories.DERIVED]
        texts = _evidence_of(line.values.get(evidence, ""), said)
        for kind in fresh:
            if kind in categories.JUDGED:
                line.wrong(
                    grounds,
                    f"{label}依据",
                    f"“{Ground(kind).label}”要逐家判断，不能用表格导入",
                    "先去掉这一项导入其余内容，再在对象页面提出，由分管负责人批准",
                )
            elif not texts.get(kind):
                line.wrong(
                    evidence,
                    f"{label}依据证据",
                    f"列为{label}需要证据",
                    f"填纳入{label}的证据，如“2026 年重点排污单位名录”"
                    if makes == Category.KEY
                    else "填文号、日期或链接",
                )
            elif kind == Ground.SF2B and (problem := complaints.why_not_listed(texts[kind], notes.repeated)):
                line.wrong(evidence, f"{label}依据证据", problem, "逐件写投诉编号，用顿号隔开")
            else:
                added.append({"kind": kind, "evidence": texts[kind][:200]})
    derived = categories.derived_grounds(
        permit_category=new.get("permit_category", facility.permit_category if facility else ""),
        permit_no=new.get("permit_no", facility.permit_no if facility else ""),
        credit_level=new.get("credit_level", facility.credit_level if facility else ""),
        serious=notes.serious,
    )
    added += [{"kind": k.value, "evidence": e} for k, e in derived.items() if k.value not in open_]
    ended = [k for k in held - leaving if k in categories.DERIVED and k not in derived]
    kinds = {g["kind"] for g in added} | (open_ - leaving - set(ended))
    category = categories.category_of(kinds)
    _check_category(line, facility, category, kinds)
    return added, ended, category


def _evidence_of(text: str, kinds: list[str]) -> dict[str, str]:
    """One text for all, or as many as there are grounds, separated by semicolons."""
    parts = [p.strip() for p in text.replace(";", "；").split("；") if p.strip()]
    if len(parts) == len(kinds):
        return dict(zip(kinds, parts, strict=True))
    return dict.fromkeys(kinds, text.strip())


def _check_category(line: Line, facility, category: str, kinds: set[str]) -> None:
    said = line.values.get("category")
    if not said or said == category or line.has_problem_in("重点依据", "特殊依据"):
        return
    if line.has_problem_in("重点依据证据", "特殊依据证据"):
        return
    now = Category(category).label
    if said != Category.GENERAL and category == Category.GENERAL:
        label = Category(said).label
        was = "由一般改为" if facility else "列为"
        field_ = "key_grounds" if said == Category.KEY else "special_grounds"
        line.wrong(field_, f"{label}依据", f"类别{was}{label}，需要依据", f"填“{label}依据”和“{label}依据证据”两列")
        return
    reasons = "、".join(Ground(k).label for k in sorted(kinds) if Ground(k).makes == category)
    remedy = f"填“{now}”或留空；已有的依据不再成立的，在对象页面取消"
    if said == Category.SPECIAL:
        remedy = "填“特殊依据”和“特殊依据证据”两列"
    line.wrong("category", "监管类别", f"按依据应为{now}：{reasons}", remedy)


def _positive(line: Line, facility: Facility | None, asked: dict) -> dict | None:
    listed = facility is not None and bool(facility.listed or "positive" in asked)
    said = line.values.get("positive")
    if said is False and listed:
        line.wrong("positive", "正面清单", "移出正面清单要写明原因", "在对象页面提出移出；这一格留空或填“是”")
    if said is not True or listed:
        return None
    batch = line.values.get("positive_batch")
    if not batch:
        line.wrong("positive_batch", "正面清单批次", "纳入正面清单需要批次", "填写批次或文号")
        return None
    return {"batch": batch, "document": batch}
