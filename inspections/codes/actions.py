"""What an enterprise sends without a login, and what is answered (N-9, 七(五)-q)."""

from django.db import transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import holders_of, tell_people
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from inspections.models import Inspection
from registry.codes import why_not_phone

from . import duties, rules
from .models import ImpostorReport, Rating, UnitPhone


@transaction.atomic
def report_impostor(*, unit: Unit, inspection: Inspection | None, words: str, phone: str = "") -> ImpostorReport:
    """To the unit that would have sent them; sent twice it is one report."""
    refuse_if(rules.why_not_report(words, phone.strip()))
    unit = Unit.objects.locked(unit.pk)
    now = clock.now()
    sent = ImpostorReport.objects.filter(unit=unit, inspection=inspection)
    if twice := rules.same_report(sent, words, now):
        return twice
    report = ImpostorReport.objects.create(
        unit=unit,
        inspection=inspection,
        words=words.strip(),
        phone=phone.strip(),
        at=now,
        answer_by=rules.answer_by(now),
    )
    duties.reported(report)
    trail.record("inspections.impostor.reported", by=None, unit=unit, no=report.no, answer_by=report.answer_by)
    return report


@transaction.atomic
def answer_report(*, report: ImpostorReport, answer: str, by: User) -> ImpostorReport:
    report = ImpostorReport.objects.select_for_update().get(pk=report.pk)
    refuse_if(rules.why_not_answer(report, by) or why_not_reason(answer, "核实和答复"))
    report.answer, report.answered_by, report.answered_at = answer.strip(), by, clock.now()
    report.save()
    duties.answered(report, report.answered_at)
    trail.record("inspections.impostor.answered", by=by, unit=report.unit, no=report.no)
    return report


@transaction.atomic
def rate(*, inspection: Inspection, grade: int | None, words: str = "", **facts: bool) -> Rating:
    """Once; the trail and the message name the unit, not the visit."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(rules.why_not_rate(inspection) or rules.why_not_this_rating(grade))
    now = clock.now()
    rating = Rating.objects.create(inspection=inspection, grade=grade, words=words.strip(), at=now, **facts)
    if rating.money:
        observers = [user.pk for user in holders_of(Role.OBSERVER, inspection.unit, now)]
        body = "企业在检查后的评价里勾选了“收费、推销或者吃请”。评价按季汇总，不写是哪一次检查。"
        tell_people(observers, f"{inspection.unit}：1 条廉洁方面的评价", body, reverse("inspections:feedback"))
    trail.record("inspections.rating.given", by=None, unit=inspection.unit)
    return rating


@transaction.atomic
def keep_phone(*, unit: Unit, day: str, night: str, by: User) -> UnitPhone:
    for number in filter(None, (day, night)):
        problem, remedy = why_not_phone(number)
        refuse_if(f"{number}{problem}。{remedy}。" if problem else "")
    kept, _ = UnitPhone.objects.update_or_create(unit=unit, defaults={"day": day, "night": night})
    trail.record("inspections.phone.kept", by=by, unit=unit, day=day, night=night)
    return kept
