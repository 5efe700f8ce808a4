"""What the phone pages of a visit show beside its facts: the day's tasks, the progress, what is still missing."""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.telling import holders_of
from benxi_shuangsuiji.workdays.days import Quarter, due_date, is_over, short_date, weekday
from inspections.acceptance import duties as accepting
from inspections.acceptance.rules import accepted_at, asks_to_leave
from inspections.approvals import pages as approval_pages
from inspections.approvals.days import minutes_words
from inspections.checks import badges
from inspections.checks import pages as check_pages
from inspections.checks.states import DROPPED, ENDED, OPEN_TO_THE_TEAM
from inspections.evidence.rules import why_not_this_recorder
from inspections.exchange import leading
from inspections.models import Answer, ApprovalState, Inspection, InspectionStatus, Mode, Paper, Source

from . import wording

# What the page proposes for putting right; the team writes another day where the matter asks for it.
PROPOSED_WORKDAYS = 12
NOT_TAKEN_ON = "等我声明和接受"
MOST_TODOS = 6  # of his other to-dos the day shows so many, the rest stands in 待办
_LEGAL_FORM = re.compile(r"(?:股份|集团)?有限(?:责任)?公司$")
S = InspectionStatus


def short_name(name: str) -> str:
    """As people call it: without the legal form."""
    return _LEGAL_FORM.sub("", name) or name


def day_words(day: date) -> str:
    return f"{short_date(day)} {weekday(day)}"


def status_words(inspection, user, today: date, leaving: Container[int], proposal: str = "") -> tuple[str, str]:
    """Shape and words of a card. `leaving`: checks of which this person has asked to be taken off; `proposal`: no number yet."""
    if inspection.status == S.RETURNED:
        return "warn", "审核退回，要改"
    if inspection.status == S.STARTED:
        served = inspection.mode != Mode.ONSITE or any(d.paper == Paper.NOTICE for d in inspection.deliveries.all())
        return ("run", "正在查") if served else ("warn", "通知书没有送达")
    if inspection.status == S.REPLACED:
        return "wait", "已换人，不用去了"
    if inspection.status == S.CANCELLED:
        return "wait", "已取消，不用去了"
    if inspection.status != S.DISPATCHED:
        return badges.SHAPES[inspection.status], inspection.get_status_display()
    if inspection.pk in leaving:
        return "wait", "已申请更换，等批准"
    shape, words = _before(inspection, user, today)
    return ("wait", proposal) if proposal and shape == "ok" else (shape, words)


def _before(inspection, user, today: date) -> tuple[str, str]:
    """Declared and accepted by everybody, then approved: what it still waits for."""
    missing = [m for m in inspection.members.all() if not accepted_at(m)]
    if any(m.inspector.user_id == user.pk for m in missing):
        return "warn", NOT_TAKEN_ON
    if missing:
        names = "组长" if any(m.is_leader for m in missing) else "、".join(m.inspector.name for m in missing)
        return "wait", f"等{names}接受"
    may = "可以到场" if inspection.mode == Mode.ONSITE else "可以开始"
    if inspection.source == Source.EMERGENCY:
        return "ok", f"突发情况，{may}"
    asked = next((a for a in inspection.approvals.all() if a.state != ApprovalState.TAKEN_BACK), None)
    if asked is None:
        return "wait", "等报批"
    if asked.waits:
        return "wait", "等审批"
    if asked.state == ApprovalState.RETURNED:
        return "warn", "审批退回，改后重报"
    if today < asked.first_day:
        return "wait", f"已批准，{short_date(asked.first_day)}起{may}"
    return ("warn", "批准的时间已过，重新报批") if today > asked.last_day else ("ok", f"已批准，{may}")


def tasks_of(user, today: date, calendar) -> list[dict]:
    """The cards of everything that this person's teams have to do, and of what they handed in this quarter."""
    quarter = Quarter.of(today)
    mine = (
        Inspection.objects.in_my_team(user)
        .filter(Q(status__in=badges.TEAM_WORK) | Q(year=quarter.year, number=quarter.number))
        .select_related("facility")
        .prefetch_related("members__inspector", "members__acceptance", "answers", "approvals", "deliveries")
        .order_by(Coalesce("planned_on", "finish_by"), "finish_by", "no")
    )
    leaving = asks_to_leave(user)
    proposals = leading.proposals_among(mine)
    cards = [card(i, user, today, calendar, leaving, proposals.get(i.pk, "")) for i in mine]
    return _with_acceptance(list(zip(mine, cards, strict=True)), user, today, calendar)


def _with_acceptance(found: list[tuple[Inspection, dict]], user, today: date, calendar) -> list[dict]:
    """A task that he has not taken on is due when that is, as his to-do says, and what is due stands under 今天."""
    owed = accepting.owed_by(user) if any(shown["to_take_on"] for _, shown in found) else {}
    for check, shown in found:
        duty = accepting.owed_for(check, owed) if shown["to_take_on"] else None
        if duty:
            text, state = agenda.left_of(duty, today, calendar)
            shown["due"] = badges.Badge(text, state, f"{due_date(duty.due, today)}前声明并接受")
            shown["verb"] = "接受任务："
            shown["today"] |= duty.due <= today
    return [shown for _, shown in found]


@dataclass(frozen=True)
class Todos:
    """What else a person has to do, the first of it as lines of the agenda; how many of these name a secret check."""

    count: int
    late: int
    items: list[dict]
    sealed: int


def todos_of(user, today: date, calendar) -> Todos:
    """Beside the cards: nobody reads on his phone that nothing is to do while something of his is overdue (desk.md A3)."""
    here = reverse("inspections:field-tasks")  # what is done by the cards themselves stands there
    duties = [duty for duty in agenda.mine(user) if duty.url != here]
    shown = duties[:MOST_TODOS]
    sealed = agenda.named(shown, user)
    waiting = agenda.waits(shown, today)
    items = [agenda.item_of(duty, today, calendar, wait=waiting.get(duty.pk, "")) for duty in shown]
    return Todos(len(duties), sum(is_over(duty.due, today) for duty in duties), items, sealed)


def first_of(cards: list[dict]) -> dict | None:
    """The one that is begun, given back, may be begun or is to be taken on by now: its step is in the bar."""
    todo = [c for c in cards if not c["done"]]
    begun = next((c for c in todo if c["started"] or c["returned"]), None)
    ready = [c for c in todo if c["ready"]]
    open_now = [*(c for c in ready if c["today"]), *(c for c in todo if c["today"] and c["to_take_on"])]
    return begun or next(iter([*open_now, *ready]), None)


def reviewers_of(inspection) -> str:
    """柏听澜: the leaders of the unit who were not there (七(四)-5)."""
    team = set(inspection.members.values_list("inspector__user", flat=True))
    leaders = [u for u in holders_of(Role.APPROVER, inspection.unit, clock.now()) if u.pk not in team]
    return "、".join(u.full_name for u in leaders) if len(leaders) < 3 else ""


def card(inspection, user, today: date, calendar, leaving: Container[int], proposal: str = "") -> dict:
    answers = list(inspection.answers.all())
    others = [m for m in inspection.members.all() if m.inspector.user_id != user.pk]
    state, words = status_words(inspection, user, today, leaving, proposal)
    tags = [] if inspection.mode == Mode.ONSITE else [inspection.get_mode_display()]
    answered = sum(bool(a.answer) for a in answers)
    return {
        "name": inspection.facility.name,
        "short": short_name(inspection.facility.name),
        "url": _card_url(inspection),
        "go": step_url(inspection),
        "category": inspection.get_category_display(),
        "due": badges.due_badge(inspection, today, calendar),
        "address": inspection.facility.address,
        "items": f"{len({a.item_code for a in answers})} 项，{len(answers)} 个检查点",
        "partner": "、".join(m.inspector.name + ("（组长）" if m.is_leader else "") for m in others),
        "tags": [*tags, *(["等平台编号"] if proposal and words != proposal else [])],
        "state": state,
        "words": words,
        "started": inspection.status == S.STARTED,
        "returned": inspection.status == S.RETURNED,
        "verb": {S.RETURNED: "改", S.STARTED: "出示检查码" if inspection.is_to_show else "接着查"}.get(
            inspection.status, "去查" if inspection.mode == Mode.ONSITE else "开始查"
        ),
        "to_take_on": words == NOT_TAKEN_ON,
        "ready": inspection.status == S.DISPATCHED and state == "ok",
        "plan": _when(inspection, today),
        "goes_on": day_words(inspection.planned_on) if inspection.planned_on else "",
        "answered": answered,
        "total": len(answers),
        "percent": percent(answered, len(answers)),
        "given": check_pages.given(answers),
        "no": inspection.no,
        "done": inspection.status in (*ENDED, *DROPPED) and inspection.status != S.RETURNED,
        "today": is_for_today(inspection, today),
        "first": False,
    }


def _when(inspection, today: date) -> str:
    """Before anybody is there, when to go; then since when somebody is."""
    if inspection.started_at is None:
        return approval_pages.card_words(inspection, today)
    at = localtime(inspection.there_since)
    return f"{short_date(at.date())} {at:%-H:%M} {'到场' if inspection.is_there else '开始'}"


def is_for_today(inspection, today: date) -> bool:
    """Begun, given back, planned for today or before, or not to be put off any longer."""
    if inspection.status in (S.STARTED, S.RETURNED):
        return True
    day = min(filter(None, [inspection.planned_on, inspection.finish_by]))
    return inspection.status == S.DISPATCHED and day <= today


def _card_url(inspection) -> str:
    """The task; of what is handed in, where one reads what comes next, tells the result and adds something (31f)."""
    if inspection.status in ENDED and inspection.status != S.RETURNED:
        return reverse("inspections:field-submit", args=[inspection.no])
    return inspection.field_url


def step_url(inspection) -> str:
    """Where the bar of the day leads: to the step that is due."""
    if inspection.status == S.STARTED:
        step = "inspections:field-code" if inspection.is_to_show else "inspections:field-checklist"
        return reverse(step, args=[inspection.no])
    if inspection.status == S.RETURNED:
        return reverse("inspections:field-finish", args=[inspection.no])
    if inspection.status == S.DISPATCHED and inspection.accepted_at:
        return reverse("inspections:field-arrive", args=[inspection.no])
    return inspection.field_url


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def progress(items) -> dict:
    """已答 9 点，共 34 点."""
    points = [p for item in items for p in item["points"]]
    answered = sum(bool(p.answer) for p in points)
    given = check_pages.given(points)
    return {"answered": answered, "total": len(points), "percent": percent(answered, len(points)), "given": given}


def tally(items) -> dict[str, int]:
    """How many points have each answer; they add up to all of them."""
    given = [p.answer for item in items for p in item["points"]]
    whole = {"total": len(given), "open": given.count(""), "given": " ".join(item["given"] for item in items)}
    return {answer.value: given.count(answer) for answer in Answer} | whole


def outcome_of(item) -> tuple[str, str]:
    """Shape and words of an item in the list of 29f."""
    found = sum(p.answer == Answer.FOUND for p in item["points"])
    if item["left"] == len(item["points"]):
        return "wait", "未开始"
    if item["left"]:
        return "run", "正在查"
    if found:
        return "warn", f"发现问题 {found} 点"
    return "ok", Answer(item["answer"]).label


def first_open(items) -> int:
    return next((i["n"] for i in items if i["left"]), len(items))


def next_item(inspection: Inspection) -> int:
    return first_open(check_pages.items(inspection)) if inspection.status in OPEN_TO_THE_TEAM else 1


def found_points(items) -> list[dict]:
    """The problems with the item on whose screen each is mended."""
    return [{"n": i["n"], "point": p} for i in items for p in i["points"] if p.answer == Answer.FOUND]


def words_found(items) -> str:
    """What was written at the points, as a beginning for the finding."""
    return wording.joined(f["point"].words for f in found_points(items))


def folded(points) -> dict:
    """依据 and 查法 of one item, each said once."""
    return {
        "bases": list(dict.fromkeys(p.basis for p in points if p.basis)),
        "methods": list(dict.fromkeys(p.method for p in points if p.method)),
    }


def recorder_words(inspection) -> str:
    if inspection.recorder_no:
        return f"记录仪 {inspection.recorder_no}"
    return f"没有记录仪：{inspection.no_recorder_because}" if inspection.no_recorder_because else ""


def last_recorder(user, inspection) -> dict | None:
    """The recorder of this person's last visit, and when that was; none that would be refused, such as one out of use since."""
    mine = Inspection.objects.filter(members__inspector__user=user).exclude(recorder_no="")
    last = mine.order_by("-started_at").values("recorder_no", "started_at").first()
    if not last or why_not_this_recorder(inspection, last["recorder_no"]):
        return None
    return {"no": last["recorder_no"], "day": short_date(localtime(last["started_at"]).date())}


def spent(inspection, end) -> str:
    """共 2 小时 31 分；计划 2 小时 30 分 (七(五)-q)."""
    minutes = int((end - inspection.there_since) / timedelta(minutes=1))
    planned = f"；计划 {minutes_words(inspection.planned_minutes)}" if inspection.planned_minutes else ""
    return f"共 {minutes_words(minutes) or '不到 1 分'}{planned}"


def order_words(day) -> str:
    """9 月 4 日前，还剩 18 天: in days, as the page of the order and the enterprise's count it once it is given."""
    if not isinstance(day, date):
        return ""
    return f"{short_date(day)}前，{agenda.left_until(day, None, clock.today(), workdays.calendar())[0]}"


def next_day(cards) -> str:
    """今天没有要去的: when there is something again."""
    return next((c["goes_on"] or c["due"].title for c in cards if c["due"]), "")


def proposed_day(today: date) -> date:
    return workdays.calendar().add_workdays(today, PROPOSED_WORKDAYS)
