"""How the facts of the registry read on a page: short tags, masked personal data, history as old → new."""

from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from registry.models import (
    AbsenceKind,
    AirGrade,
    BatchKind,
    Category,
    CertificateKind,
    CertificateStatus,
    ChangeKind,
    Employment,
    Expertise,
    Facility,
    Ground,
    HazwasteKind,
    InspectorChangeKind,
    OperatingStatus,
    PermitCategory,
    PollutionType,
    Scope,
)
from registry.sheets import DIVISIONS, title_of

GROUND_TAGS = {
    Ground.KF1: "排污重点名录",
    Ground.KF2: "许可重点管理",
    Ground.KF3: "两高",
    Ground.KF4: "危险废物",
    Ground.KF5: "尾矿库",
    Ground.KF6: "危化品",
    Ground.KF7: "重金属",
    Ground.KF8: "填埋场",
    Ground.KF9: "矿山遗留",
    Ground.KF10: "重要环保设施",
    Ground.KF11: "其他重点",
    Ground.SF1: "挂牌督办",
    Ground.SF2A: "媒体曝光",
    Ground.SF2B: "反复投诉",
    Ground.SF3: "涉刑",
    Ground.SF4: "严重失信",
    Ground.SF5: "环境风险高",
    Ground.SF6: "其他特殊",
}
STATUS_TONES = {
    OperatingStatus.OPERATING: "ok",
    OperatingStatus.BUILDING: "run",
    OperatingStatus.SUSPENDED: "warn",
    OperatingStatus.SEASONAL: "warn",
    OperatingStatus.LONG_SUSPENDED: "wait",
}
# The first entry of a person in a registry; every value is new, so the values are not listed.
ENTERED = (InspectorChangeKind.NEW,)
PERSONAL = ("legal_person", "contact_name", "contact_phone")
_CHOICES = {
    "permit_category": PermitCategory,
    "hazwaste": HazwasteKind,
    "air_grade": AirGrade,
    "status": OperatingStatus,
    "category": Category,
    "employment": Employment,
    "certificate_kind": CertificateKind,
    "certificate_status": CertificateStatus,
}
_LISTS = {
    "pollution_types": PollutionType,
    "scopes": Scope,
    "expertise": Expertise,
    "grounds": Ground,
    "grounds_ended": Ground,
    "grounds_pending": Ground,
}
_TITLES = {
    "category": "类别",
    "grounds": "依据",
    "grounds_ended": "依据",
    "grounds_pending": "待批准的依据",
    "positive_list": "正面清单",
    "unit_id": "科室",
    "unit": "监管单位",
    "absence": "离岗",
    "absence_until": "离岗截止日",
    "account": "账号",
    "certificate": "登记",
    "certificate_status": "执法证状态",
    "left_on": "调离日期",
}


def status_tone(facility: Facility) -> str:
    return STATUS_TONES.get(facility.status, "wait")


def masked_person(name: str) -> str:
    """齐*山: enough to recognise somebody one knows."""
    if len(name) < 2:
        return "*" * len(name)
    return name[0] + "*" if len(name) == 2 else name[0] + "*" * (len(name) - 2) + name[-1]


def masked_phone(number: str) -> str:
    digits = [c for c in number if c.isdigit()]
    return f"{''.join(digits[:3])} **** {''.join(digits[-4:])}" if len(digits) >= 10 else "****" if number else ""


def value_text(name: str, value, units: dict[int, str] | None = None) -> str:
    """One stored value as people read it."""
    if value in (None, "", []):
        return "—"
    if name in PERSONAL:
        return masked_phone(value) if name == "contact_phone" else masked_person(value)
    if name == "unit":
        return (units or {}).get(value, value)
    if name == "unit_id":
        return (units or {}).get(value, "其他科室")
    if name == "absence":
        kind, start, end = value
        return f"{AbsenceKind(kind).label} {start} 起" + (f"至 {end}" if end else "")
    if name == "certificate":
        number, kind, start, end, status = value
        return (
            f"{CertificateKind(kind).label if kind else ''} {number} {start} 至 {end} {CertificateStatus(status).label}"
        )
    if name == "division_code":
        return DIVISIONS.get(value, value)
    if name in _LISTS:
        # 业务专长 was once free text.
        return value if isinstance(value, str) else "、".join(_LISTS[name](v).label for v in value)
    if name in _CHOICES:
        return _CHOICES[name](value).label
    if name == "gender":
        return {"M": "男", "F": "女"}[value]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value)


def title(kind: str, name: str) -> str:
    return _TITLES.get(name) or title_of(kind, name)


def change_lines(kind: str, values: dict, units: dict[int, str] | None = None) -> list[str]:
    """History as sentences: “类别 一般 → 重点”. Category first, for it is what most readers look for."""
    names = sorted(values, key=lambda n: (n != "category", n != "status"))
    return [_line(kind, name, *values[name], units) for name in names]


def _line(kind: str, name: str, old, new, units) -> str:
    match name:
        case "grounds" | "grounds_ended":
            return f"{'增加' if new else '取消'}依据：{value_text(name, new or old)}"
        case "grounds_pending":
            return f"{'提出依据，待批准' if new else '依据未批准'}：{value_text(name, new or old)}"
        case "positive_list":
            return f"纳入正面清单（{new}）" if new else f"移出正面清单（{old}）"
    return f"{title(kind, name)} {value_text(name, old, units)} → {value_text(name, new, units)}"


def proposal_text(proposal, units: dict[str, str]) -> str:
    """What is proposed, as old → new."""
    payload = proposal.payload
    match proposal.kind:
        case "STATUS":
            old, new = proposal.facility.get_status_display(), OperatingStatus(payload["status"]).label
            return f"生产状态 {old} → {new}" if proposal.state == "ASKED" else f"生产状态 → {new}"
        case "GROUND":
            return f"增加依据：{Ground(payload['ground']).label}（{payload['year']} 年）"
        case "GROUND_END":
            return f"取消依据：{Ground(payload['ground']).label}"
        case "LISTED":
            return f"纳入正面清单（{payload['batch']}）"
        case "DELISTED":
            return "移出正面清单"
    return f"移交给{units.get(payload['unit'], payload['unit'])}监管"


def run_line(line: dict) -> dict:
    """One facility of a recomputation: what ended, and from which category to which."""
    moved = f"类别 {Category(line['from']).label} → {Category(line['to']).label}" if line["from"] != line["to"] else ""
    ended = "、".join(Ground(k).label for k in line["ended"])
    return {**line, "moved": moved or "类别不变", "ended": ended}


def section_names() -> dict[int, str]:
    return dict(Unit.objects.values_list("pk", "short_name"))


def facility_history(changes) -> list[dict]:
    """Entries of the timeline, newest first."""
    changes, entries = list(changes), []
    moved = any("unit" in change.values for change in changes)
    units = dict(Unit.objects.values_list("code", "short_name")) if moved else {}
    for change in changes:
        new = change.kind == ChangeKind.NEW
        lines = [] if new else change_lines(BatchKind.FACILITY, change.values, units)
        what = change.get_kind_display()
        about_ground = change.kind in (ChangeKind.GROUND_ADDED, ChangeKind.GROUND_ENDED)
        if lines and (about_ground or "category" in change.values):
            what, *lines = lines
        people = change.entered_by.full_name if change.entered_by else "系统"
        if change.approved_by:
            people = f"{people}提出，{change.approved_by.full_name}批准"
        # A ground's reason is its own name, which the entry already says; its evidence says more.
        why = change.evidence if change.kind == ChangeKind.GROUND_ADDED else change.reason
        if change.evidence and why != change.evidence:
            why += f"（{change.evidence}）"
        entries.append(
            {
                "what": what,
                "who": sentence(lines, f"{people}；{why}"),
                "when": when(change),
                "state": "g" if "category" in change.values and not new else "k" if new else "",
            }
        )
    return entries


def with_marks(changes, marks) -> list[dict]:
    """The history with what is known of draws and checks among it (PNG 08), newest first."""
    changes = list(changes)
    entries = [(change.at, entry) for change, entry in zip(changes, facility_history(changes), strict=True)]
    return [entry for _, entry in sorted([*entries, *marks], key=lambda one: one[0], reverse=True)]


def inspector_history(changes, units: dict[int, str]) -> list[dict]:
    return [
        {
            "what": change.get_kind_display(),
            "who": sentence(
                [] if change.kind in ENTERED else change_lines(BatchKind.INSPECTOR, change.values, units),
                f"{change.entered_by.full_name}；{change.reason}",
            ),
            "when": when(change),
            "state": "k" if change.kind in ENTERED else "",
        }
        for change in changes
    ]


def sentence(lines: list[str], who: str) -> str:
    """What changed, then who and why; a long list is cut."""
    if not lines:
        return who
    more = f"等 {len(lines)} 项" if len(lines) > 6 else ""
    return f"{'；'.join(lines[:6])}{more}。{who}"


def when(change) -> str:
    """The day it holds from, and the moment it was entered where that is another day."""
    entered = localtime(change.at)
    if entered.date() == change.effective_on:
        return f"{day_text(change.effective_on)} {entered:%H:%M}"
    return f"{day_text(change.effective_on)}起　登记于 {entered:%Y-%m-%d %H:%M}"


def day_text(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def moment_text(moment, *, year: int | None = None) -> str:
    text = f"{moment.month} 月 {moment.day} 日 {moment:%H:%M}"
    return text if moment.year == year else f"{moment.year} 年 {text}"
