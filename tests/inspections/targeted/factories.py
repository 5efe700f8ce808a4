"""Targeted checks in each of their states, made through the actions. Set the clock before: `at("2026-07-09 10:00")`."""

from datetime import timedelta
from itertools import count

from benxi_shuangsuiji import clock
from inspections.campaigns import actions as campaign_actions
from inspections.frequency import actions as cap_actions
from inspections.models import Campaign, FrequencyCap, Mode, Source, TargetedCheck, TargetedKind
from inspections.targeted import actions
from inspections.targeted.rules import Request
from registry.complaints import actions as complaint_actions
from registry.models import Category, Complaint
from tests.factories import (
    make_approver,
    make_facility,
    make_inspector,
    make_lead_office,
    make_planner,
    make_registrar,
    make_unit,
)
from tests.plans.draw.factories import make_item_list

_numbers = count(1)


def make_campaign(unit=None, *, approved=True, **fields) -> Campaign:
    unit = unit or make_unit()
    today = clock.today()
    campaign = campaign_actions.make_campaign(
        **{
            "unit": unit,
            "by": make_planner(unit),
            "title": f"汛期尾矿库专项检查（{next(_numbers)}）",
            "document": "本政办发〔2026〕12号",
            "approving_body": "本溪市人民政府",
            "legal_basis": "《固体废物污染环境防治法》第二十六条",
            "starts_on": today,
            "ends_on": today + timedelta(days=20),
            "scope": "尾矿库汛期防渗和排洪设施",
            "categories": [],
            "most_checks": 3,
            "from_superior": False,
            **fields,
        }
    )
    return campaign_actions.approve_campaign(campaign=campaign, by=make_approver(unit)) if approved else campaign


def make_kind() -> TargetedKind:
    return actions.make_kind(code="T01", label="司法建议核查", basis="司法建议书", by=make_lead_office())


def make_complaint(facility, **fields) -> Complaint:
    """One of the register, with the next number of this place."""
    words = {
        "number": f"12345-2026-{777 + facility.complaints.count():06d}",
        "day": clock.today(),
        "channel": "12345 热线",
        "matter": "夜间排放异味",
        "verified": False,
        "by": make_registrar(facility.unit),
    }
    return complaint_actions.enter_complaint(facility=facility, **words | fields)


def reference_for(source, unit, facility) -> dict:
    """A whole reference of the source."""
    return {
        Source.COMPLAINT: lambda: {"complaint": make_complaint(facility)},
        Source.MEDIA: lambda: {"reference_link": "示例日报第 3 版", "reference_on": clock.today()},
        Source.ASSIGNED: lambda: {"reference_no": "辽环督〔2026〕8号"},
        Source.REFERRED_IN: lambda: {"reference_body": "示例水务局", "reference_no": "移〔2026〕3号"},
        Source.APPROVAL_RELATED: lambda: {"reference_no": "受理2026-0042"},
        Source.REVIEW: lambda: {"reference_no": "本环罚〔2025〕9号", "original": None},
        Source.EMERGENCY: lambda: {"reference_no": "SJ-2026-07"},
        Source.NUCLEAR_SAFETY: lambda: {"reference_no": "辽核安〔2026〕6号"},
        Source.CAMPAIGN: lambda: {"campaign": make_campaign(unit)},
        Source.JOINT: lambda: {"reference_body": "示例应急管理局"},
        Source.DATA_CLUE: lambda: {
            "reference_body": "在线监控平台",
            "reference_text": "COD 日均值 168 mg/L，限值 50",
            "reference_at": clock.now() - timedelta(hours=5),
        },
        Source.OTHER_TARGETED: lambda: {"kind": make_kind(), "reference_text": "司法建议书第 4 条"},
        Source.SPECIAL_FACILITY: dict,
    }[source]()


def ask(unit=None, source=Source.COMPLAINT, **changes) -> TargetedCheck:
    """A request by the unit's planner, with everything that its source needs."""
    unit = unit or make_unit()
    category = Category.SPECIAL if source == Source.SPECIAL_FACILITY else Category.GENERAL
    facility = changes.pop("facility", None) or make_facility(unit, category=category)
    team = changes.pop("team", None) or [make_inspector(unit, with_user=True) for _ in range(2)]
    by = changes.pop("by", None) or make_planner(unit)
    request = Request(
        **{
            "unit": unit,
            "facility": facility,
            "source": source,
            "mode": Mode.ONSITE,
            "reason": "群众反映夜间排放异味",
            "items": list(make_item_list(clock.today().year).items.all()),
            "leader": team[0],
            "members": team[1:],
            "finish_by": clock.today() + timedelta(days=10),
            "reference": reference_for(source, unit, facility) if "reference" not in changes else None,
            **changes,
        }
    )
    return actions.raise_check(request=request, by=by)


def approve(asked: TargetedCheck, **changes) -> TargetedCheck:
    return actions.approve_check(
        **{"asked": asked, "by": make_approver(asked.unit), "document_no": "本环检批〔2026〕5号", **changes}
    )


def make_approved(unit=None, source=Source.COMPLAINT, **changes) -> TargetedCheck:
    return approve(ask(unit, source, **changes))


def make_cap(unit=None, *, most=1, category=Category.GENERAL, year=None) -> FrequencyCap:
    unit = unit or make_unit()
    cap = cap_actions.propose_cap(
        unit=unit,
        year=year or clock.today().year,
        category=category,
        max_visits=most,
        document="本环发〔2026〕3号",
        by=make_planner(unit),
    )
    return cap_actions.approve_cap(cap=cap, by=make_approver(unit))
