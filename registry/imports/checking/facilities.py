"""Rows of the registry's own table, and of permit data, against 检查对象: what a row would change (六(二)-a, -l)."""

from registry import codes
from registry.codes import name_key
from registry.comparison import json_value
from registry.complaints import tallies as complaints
from registry.divisions import DIVISIONS
from registry.facilities import categories, rules
from registry.facilities.comparison import CODES, FacilityRows, Named, NamedRows, kinds_asked
from registry.models import BatchKind, Category, ChangeProposal, Facility, Ground, HazwasteKind, OperatingStatus

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


class TableRows(FacilityRows):
    double_remedy = "两行只留一行；企业更名用“变更”"

    def __init__(self, *args):
        super().__init__(*args)
        self._in_other_counties: dict[int, str] = {}  # new ones: row → county
        self._without_code: dict[str, int] = {}  # new ones: name → the first row

    def find(self, line, found) -> None:
        level = line.values.get("managed_by_city")
        if level is not None and (problem := rules.why_not_level(self.unit, level)):
            self.wrong(line, "managed_by_city", problem, "这一格留空；监管层级变了的，办理移交监管单位")
        super().find(line, found)
        if line.number not in self.foreign and not self.refuse_blank_below_another(line):
            self._look_whose(line)

    def _look_whose(self, line) -> None:
        """A new one that says it is another unit's is theirs; in another county it may be ours, but is told."""
        said, other = line.values.get("unit"), self.other_unit(line)
        if said and not self.meant(said):
            words = f"填“{self.unit.short_name}”，或者这一格留空"
            self.wrong(line, "unit", f"“{said[:20]}”不是管理名录的单位", words)
        elif other and line.match is None:
            self.leave(line)
        elif other and said:
            problem = f"这家在{self.unit.short_name}的名录里，表里写的是{other}"
            self.wrong(line, "unit", problem, "监管单位没有变的，这一格留空；变了的，在对象页面办理移交")
        elif line.match is None and (whose := self.not_ours(line)):
            self._in_other_counties[line.number] = whose

    def finish(self) -> None:
        super().finish()
        if at := self._in_other_counties:
            rows = "、".join(f"{self.notes.where(number)}{whose}" for number, whose in list(at.items())[:20])
            text = f"新增的有 {len(at):,} 家不在{DIVISIONS[self.county]}，仍按本单位的对象读取"
            remedy = "由其他单位监管的，删去；确由本单位监管的，不用改"
            self.notes.first(next(iter(at)), self.title("division_code"), rows, text, remedy)

    def change(self, line, facility: Facility | None) -> dict | None:
        v = line.values
        if (
            v.get("hazwaste_licence")
            and "hazwaste" not in v
            and getattr(facility, "hazwaste", HazwasteKind.NONE) == HazwasteKind.NONE
        ):
            v["hazwaste"] = HazwasteKind.OPERATOR
            text = "有 {n} 家写了危险废物经营许可证编号，危险废物管理按经营单位读取"
            self.notes.count(line.number, self.columns["hazwaste"], text, "不是的，填写危险废物管理")
        new = {n: x for n, x in v.items() if n not in _STEERING}
        changed = self.differing(line, facility, new)
        asked = {p.subject: p for p in facility.waiting} if facility else {}
        if facility and "name" in changed:
            kept = changed.get("former_names", facility.former_names)
            if facility.name not in kept:
                changed["former_names"] = [*kept, facility.name]
        self._check_identity(line, facility)
        self._check_days(line, changed)
        status = new.get("status") or (facility.status if facility else OperatingStatus.OPERATING)
        if facility and "status" in changed:
            if (earlier := asked.get("status")) and earlier.payload["status"] == status:
                del changed["status"]  # it waits already
            else:
                self._check_status_change(line, facility, status, earlier)
        if changed.keys() & {"hazwaste", "hazwaste_licence"}:
            self._check_hazwaste(line, facility, new)
        found = self.outcome(
            facility,
            new=changed,
            grounds=self._grounds(line, facility),
            positive=self._positive(line, facility, asked),
            status_on=json_value(v.get("status_on")),
            status_evidence=v.get("status_evidence", ""),
            derives=True,
        )
        self._check_category(line, facility, found)
        if warning := codes.permit_warning(new.get("permit_no", ""), new.get("uscc", "")):
            self.note(line, "permit_no", warning)
        if facility and not changed and not found["grounds"] and not found["ended"] and not found["positive"]:
            return None
        return found | {"name": v.get("name") or found["name"]}

    def _check_identity(self, line, facility: Facility | None) -> None:
        v = line.values
        natural = v.get("is_natural_person", facility.is_natural_person if facility else False)
        without = not natural and not v.get("uscc") and not v.get("permit_no")
        if facility is None and without and not line.has_problem_in(self.title("uscc"), self.title("permit_no")):
            self.wrong(line, "uscc", "没有填写信用代码", "对照营业执照填写；自然人在“自然人”一列填“是”")
        if facility is None and natural and not (v.get("uscc") or v.get("permit_no")):
            first = self._without_code.setdefault(name_key(v.get("name", "")), line.number)
            if first != line.number:
                remedy = "是同一户的，只留一行；不是的，在名称里写明村组"
                self.wrong(line, "name", f"与{self.notes.where(first)}同名，都没有代码", remedy)

    def _check_days(self, line, changed: dict) -> None:
        status_on = line.values.get("status_on") if "status" in changed else None
        for name, day in (("entered_on", changed.get("entered_on")), ("status_on", status_on)):
            if day and day > self.today:
                self.wrong(line, name, f"{day.isoformat()} 在今天以后", "填实际的日期；还没有到的，到时再导入")
        if self.kind == BatchKind.PERMIT and (until := changed.get("permit_valid_to")) and until < self.today:
            self.note(line, "permit_valid_to", f"排污许可已于 {until.isoformat()} 到期", "换证的，填写新的截止日")

    def _check_hazwaste(self, line, facility: Facility | None, new: dict) -> None:
        kind = new.get("hazwaste", facility.hazwaste if facility else HazwasteKind.NONE)
        licence = new.get("hazwaste_licence", facility.hazwaste_licence if facility else "")
        if problem := rules.why_not_hazwaste(kind, licence):
            self.wrong(line, "hazwaste_licence", problem.rstrip("。"), "对照危险废物经营许可证填写")

    def _check_status_change(self, line, facility: Facility, status: str, earlier: ChangeProposal | None) -> None:
        change = f"生产状态由{facility.get_status_display()}改为{OperatingStatus(status).label}"
        if earlier:
            self.wrong(line, "status", "这家的生产状态变更正等批准", "先在“名录变更”里撤回，再导入这一行")
        if not line.values.get("status_on"):
            self.wrong(line, "status_on", f"{change}，需要起始日期", "填写从哪一天起，如 2026-03-20")
        if not line.values.get("status_evidence"):
            self.wrong(line, "status_evidence", f"{change}，需要依据", "填写依据，如“现场核查记录”“注销通知书”")

    def _grounds(self, line, facility: Facility | None) -> list[dict]:
        """Which grounds the row asks for, beyond those in force or waiting (六(二)-r … -al)."""
        there, _ = kinds_asked(facility)
        added: list[dict] = []
        for makes, label, grounds, evidence in (
            (Category.KEY, "重点", "key_grounds", "key_evidence"),
            (Category.SPECIAL, "特殊", "special_grounds", "special_evidence"),
        ):
            if not (said := line.values.get(grounds)):
                continue
            texts = _evidence_of(line.values.get(evidence, ""), said)
            for kind in (k for k in said if k not in there and k not in categories.DERIVED):
                if kind in categories.JUDGED:
                    remedy = "先去掉这一项导入其余内容，再在对象页面提出，由分管负责人批准"
                    self.wrong(line, grounds, f"“{Ground(kind).label}”要逐家判断，不能用表格导入", remedy)
                elif not texts.get(kind):
                    remedy = (
                        "填纳入重点的证据，如“2026 年重点排污单位名录”"
                        if makes == Category.KEY
                        else "填文号、日期或链接"
                    )
                    self.wrong(line, evidence, f"列为{label}需要证据", remedy)
                elif kind == Ground.SF2B and (problem := complaints.why_not_listed(texts[kind], self.notes.repeated)):
                    self.wrong(line, evidence, problem, "逐件写投诉编号，用顿号隔开")
                else:
                    added.append({"kind": kind, "evidence": texts[kind][:200]})
        return added

    def _check_category(self, line, facility: Facility | None, found: dict) -> None:
        said, category = line.values.get("category"), found["category"][1]
        about = (f"{label}{what}" for label in ("重点", "特殊") for what in ("依据", "依据证据"))
        if not said or said == category or line.has_problem_in(*about):
            return
        label = Category(said).label
        if said != Category.GENERAL and category == Category.GENERAL:
            was = "由一般改为" if facility else "列为"
            grounds = "key_grounds" if said == Category.KEY else "special_grounds"
            remedy = f"填“{label}依据”和“{label}依据证据”两列"
            self.wrong(line, grounds, f"类别{was}{label}，需要依据", remedy)
            return
        there, leaving = kinds_asked(facility)
        kinds = (there - leaving - set(found["ended"])) | {g["kind"] for g in found["grounds"]}
        now, reasons = (
            Category(category).label,
            "、".join(Ground(k).label for k in sorted(kinds) if Ground(k).makes == category),
        )
        remedy = f"填“{now}”或留空；已有的依据不再成立的，在对象页面取消"
        if said == Category.SPECIAL:
            remedy = "填“特殊依据”和“特殊依据证据”两列"
        self.wrong(line, "category", f"按依据应为{now}：{reasons}", remedy)

    def _positive(self, line, facility: Facility | None, asked: dict) -> dict | None:
        listed = facility is not None and bool(facility.listed or "positive" in asked)
        said, batch = line.values.get("positive"), line.values.get("positive_batch")
        if said is False and listed:
            self.wrong(line, "positive", "移出正面清单要写明原因", "在对象页面提出移出；这一格留空或填“是”")
        if said is not True or listed:
            return None
        if not batch:
            self.wrong(line, "positive_batch", "纳入正面清单需要批次", "填写批次或文号")
            return None
        return {"batch": batch, "document": batch}


class PermitRows(TableRows, NamedRows):
    """Permit data: known by the 22 characters, else by the firm in their first eighteen; new ones are added (六(二)-l)."""

    by = CODES
    county_is_kept = True

    def codes_of(self, line) -> tuple[str, str, str]:
        code, permit, uscc = super().codes_of(line)
        return code, permit, uscc or permit[:18]

    def change(self, line, facility: Facility | None) -> dict | None:
        if facility:
            line.values.pop("name", None)  # the spelling of the registry stays
        return super().change(line, facility)

    def find_nowhere(self, line, named: Named, coded: bool) -> None:
        county = line.values.get("division_code")
        if (named.elsewhere and county != self.county) or not self.concerns(line):
            self.leave(line)
        elif self.asked.get("part") and not county:
            self.wrong(line, "division_code", "名录里没有这个对象，看不出归哪个单位监管", "写明行政区划，再导入一次")
        elif line.problems:
            return
        elif not line.values.get("permit_category"):
            self.wrong(line, "permit_category", "新增的对象没有写管理类别", "对照许可证补上；名录里已有的对象可以不写")
        elif named.here:
            same = "、".join(f.code for f in named.here)
            self.note(line, "name", f"名录里有同名的对象：{same}", "是同一处的，先在对象页面补上许可证编号")

    def missing(self) -> int:
        return 0

    def said(self, line) -> dict | None:
        if line.number in self.foreign:
            return None
        v = line.values
        return {
            "code": line.match.code if line.match else "",
            "permit_no": v["permit_no"],
            "permit_category": v.get("permit_category") or "",
            "permit_valid_to": v.get("permit_valid_to"),
        }


def _evidence_of(text: str, kinds: list[str]) -> dict[str, str]:
    """One text for all, or as many as there are grounds, separated by semicolons."""
    parts = [p.strip() for p in text.replace(";", "；").split("；") if p.strip()]
    if len(parts) == len(kinds):
        return dict(zip(kinds, parts, strict=True))
    return dict.fromkeys(kinds, text.strip())
