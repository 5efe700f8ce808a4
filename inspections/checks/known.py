"""What of picks and checks everybody may know; the registry counts only these (decisions.md 3, ui.md 7.4)."""

from datetime import datetime

from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji.policy import first_use
from inspections.models import Case, CaseAct, Inspection, InspectionStatus, Mode, OnsiteRequest, Outcome, Verdict
from plans.models import DrawStatus, InspectionItem, Pick, PickDrop
from registry import questions
from registry.models import PastCheck, PastMode, PastState
from registry.past_checks.models import MARK

MOST_VISITS = 10
WITHDRAWN = "已撤下"  # that there was a result stays known; what it said is its circle's again (八(二)-c)

_RELEASED = Q(draw__status=DrawStatus.RELEASED, run=F("draw__run"))
_PUBLIC = Q(draw__status=DrawStatus.DRAWN, inspection__status=InspectionStatus.PUBLISHED)


def picks():
    """Standing picks once the draw is released; until then whatever has a public result, of whatever run.

    As `frequency.counts` and the draw itself count: who was taken off the list was not drawn (SSJ1 3.3, 8.1). A result
    that is public stays counted after a correction in place: whether it still counts would tell who is in the sealed
    list (SSJ1 9.1).
    """
    return Pick.objects.filter(_RELEASED & Q(drop__isnull=True) | _PUBLIC)


def checks():
    """Finished checks, of whatever source, once their result is public.

    The release tells who was drawn, not how far the visit has come: that is its circle's until the result (decisions.md 3).
    """
    return Inspection.objects.filter(status=InspectionStatus.PUBLISHED, ended_at__isnull=False)


def telling(at: str = "") -> Q:
    """Whose result everybody may read now: for every figure or list that tells what was found, of whatever reader.

    A withdrawn result stays counted as a check (decision 0019), but no longer says anything: its words are its circle's.
    Where clean words took the place of withdrawn ones, these are public and count. `at`: the way to the check.
    """
    public = Q(**{f"{at}status": InspectionStatus.PUBLISHED})
    return public & (Q(**{f"{at}withdrawn_at": None}) | Q(**{f"{at}no__in": questions.ask.corrected_results()}))


def visits(facility) -> list[dict]:
    """The last checks with a public result, as the facility's page shows them (PNG 08)."""
    published = Inspection.objects.filter(facility=facility, status=InspectionStatus.PUBLISHED)
    rows = published.select_related("draw").order_by("-ended_at")[:MOST_VISITS]
    return [
        {
            "source": row.draw.draw_id if row.draw_id else row.get_source_display(),
            "url": row.draw.get_absolute_url() if row.draw_id else "",
            "counts": "随机" if row.draw_id else "不计入随机抽查",
            "items": _items(row),
            "mode": "" if row.mode == Mode.ONSITE else row.get_mode_display(),
            "ended_at": row.ended_at,
            "team": "、".join(member.inspector.name for member in row.who_came),
            "result": _outcome(row),
            "published_at": row.published_at,
        }
        for row in rows.prefetch_related("members__inspector", "answers")
    ] + _before_first_use(facility)


def marks(facility) -> list[tuple[datetime, dict]]:
    """Its draws, checks and published results as entries of its history (PNG 08); no draw before everybody knows it."""
    found = []
    drawn = Pick.objects.filter(_RELEASED | _PUBLIC, facility=facility).select_related("draw", "drop")
    for pick in drawn.order_by("-draw__drawn_at")[:MOST_VISITS]:
        found.append((pick.draw.drawn_at, "抽中", _place(pick), pick.draw.get_absolute_url(), "k"))
    for row in checks().filter(facility=facility).order_by("-ended_at")[:MOST_VISITS]:
        found.append((row.ended_at, "检查结束", row.no, "", "k"))
        if row.published_at:
            found.append((row.published_at, "结果公开", f"{row.no}；{_outcome(row)}", "", "g"))
    return [
        (at, {"what": what, "who": who, "when": _moment(at), "url": url, "state": state})
        for at, what, who, url, state in found
    ]


def _place(pick: Pick) -> str:
    """Its place in the list: closed with the list until the release, even where the result is public (decisions.md 3)."""
    if pick.draw.status != DrawStatus.RELEASED:
        return pick.draw.draw_id
    ticket = " ".join(pick.ticket[n : n + 4] for n in (0, 4, 8))
    nth = f"第 {pick.no} 位，{pick.get_slot_display()}名额" if not pick.amendment else "更换补入"
    drop = getattr(pick, "drop", None)
    later = "" if drop is None else "，季末没有查完" if drop.reason == PickDrop.NOTDONE else "，后来换下"
    return f"{pick.draw.draw_id}；签号 {ticket}，{nth}{later}"


def _outcome(inspection) -> str:
    return WITHDRAWN if inspection.withdrawn_at else inspection.get_outcome_display()


def _moment(at: datetime) -> str:
    local = localtime(at)
    return f"{local.year} 年 {local.month} 月 {local.day} 日 {local:%H:%M}"


def _before_first_use(facility) -> list[dict]:
    """What was entered of the time before first use and approved, marked as history (二-a)."""
    if not first_use.has_past():
        return []
    past = PastCheck.objects.filter(facility=facility, request__state=PastState.APPROVED).order_by("-day", "-pk")
    rows = list(past[:MOST_VISITS])
    codes = {code for row in rows for code in row.items}
    named = InspectionItem.objects.filter(code__in=codes).order_by("list__year", "pk") if codes else ()
    names = {item.code: item.name for item in named}  # the last list's name of it
    return [
        {
            "source": MARK,
            "url": reverse("registry:past-detail", args=[row.request_id]),
            "counts": row.get_kind_display(),
            "items": "、".join(names.get(code, code) for code in row.items),
            "mode": "" if row.mode == PastMode.ONSITE else row.get_mode_display(),
            "ended_at": row.day,
            "team": "—",
            "result": row.get_result_display(),
            "published_at": None,
        }
        for row in rows
    ]


def _items(inspection) -> str:
    names = list(dict.fromkeys(point.item_name for point in inspection.answers.all()))
    return f"{names[0]}等 {len(names)} 项" if len(names) > 1 else "".join(names)


def adverse_results(facilities, since) -> list[tuple[int, str, str]]:
    """立案查处 and 责令限期改正 with a public result, checked after that day (七(三)-d)."""
    kinds = {Outcome.CASE_FILED: "CASE", Outcome.RECTIFY_ORDERED: "ORDER"}
    rows = Inspection.objects.filter(telling(), facility__in=facilities, outcome__in=kinds, ended_at__date__gt=since)
    found = rows.order_by("ended_at", "no").values_list("facility", "outcome", "no")
    return [(facility, kinds[outcome], number) for facility, outcome, number in found] + _of_cases(facilities, since)


def _of_cases(facilities, since) -> list[tuple[int, str, str]]:
    """Cases filed and penalties decided after that day, of results that everybody knows (八(二)-i)."""
    cases = Case.objects.filter(
        telling("inspection__"), inspection__facility__in=facilities, filed_on__gt=since
    ).exclude(inspection__outcome=Outcome.CASE_FILED)
    penalties = CaseAct.objects.approved().filter(
        telling("case__inspection__"),
        case__inspection__facility__in=facilities,
        verdict=Verdict.PENALTY,
        effective_on__gt=since,
    )
    filed = cases.order_by("filed_on", "no").values_list("inspection__facility", "no")
    fined = penalties.order_by("effective_on", "pk").values_list("case__inspection__facility", "document_no")
    return [(facility, "CASE", no) for facility, no in filed] + [(facility, "PENALTY", no) for facility, no in fined]


def onsite(facility) -> list[str]:
    """Why a place on the 正面清单 was entered, by whose approval (七(三)-c)."""
    approved = OnsiteRequest.objects.approved().filter(telling("inspection__"), inspection__facility=facility)
    return [
        f"{localtime(row.inspection.ended_at):%Y-%m-%d} 现场检查：{row.get_reason_display()}（{row.reference}），"
        f"{row.decided_by.full_name}批准"
        for row in approved.select_related("inspection", "decided_by").order_by("-inspection__ended_at")[:5]
    ]
