"""What follows a check and what is reported of it, once: cases, referrals, targeted checks, files, reports (七(七), 八(二))."""

from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.bulletins import actions as bulletins
from inspections.bulletins import content
from inspections.bulletins.rules import why_not_make
from inspections.closing import actions as closing
from inspections.coverage import actions as gaps
from inspections.coverage.gaps import DrawnList
from inspections.models import Inspection, Volume, YearClosing
from inspections.referrals import actions as referrals
from inspections.reports.periods import Period
from inspections.swaps import actions as swaps
from tests.access.world import make_bulletin
from tests.disclosure.factories import make_published_result
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_inspector,
    make_lead_office,
    make_planner,
    make_unit,
)
from tests.failing.acts import Press
from tests.failing.once import WORDS, Brought, Stage, keeping
from tests.inspections.cases.factories import ask, handler_of, make_case, make_found
from tests.inspections.factories import make_dispatched, make_inspection, make_published, make_started, team_of
from tests.inspections.reports.factories import TEXT, make_sent
from tests.inspections.targeted.factories import ask as ask_for_check
from tests.inspections.targeted.factories import make_approved

LEAD, LEADER, PLANNER, ARCHIVIST = Role.LEAD_OFFICE, Role.APPROVER, Role.PLANNER, Role.ARCHIVIST
ACTS: list[Brought] = []
act = keeping(ACTS)


# --- cases and referrals ---

MATTER = {"matter": "涉嫌不正常运行水污染防治设施", "basis": "水污染防治法第三十九条"}


@act("put a case forward", "inspections.followups.pages.new_page")
def _(stage: Stage) -> Press:
    check = make_found(stage.unit)
    page = f"{reverse('inspections:case-new')}?check={check.no}"
    return Press(handler_of(check), page, "提出立案", {"origin": "RESULT", **MATTER})


@act("file a case", "inspections.cases.views.case", daily=True)
def _(stage: Stage) -> Press:
    case = ask(make_found(stage.unit))
    page = reverse("inspections:case", args=[case.no])
    return Press(stage.own(LEADER), page, "批准立案", {"document_no": "本环立〔2026〕7号"})


@act("ask for a decision in a case")
def _(stage: Stage) -> Press:
    case = make_case(make_found(stage.unit))
    said = {"verdict": "PENALTY", "degree": "COMMON", "public_words": "罚款 10 万元。", "reason": WORDS}
    page = f"{reverse('inspections:case', args=[case.no])}?act=VERDICT"
    return Press(handler_of(case.inspection), page, "提出", said)


def referred(stage: Stage):
    check = make_found(stage.unit)
    said = {"kind": "DEPARTMENT", "body": "某水务局", "enclosed": "笔录 1 份", **MATTER}
    return referrals.ask(inspection=check, by=handler_of(check), **said)


@act("approve a referral", "inspections.referrals.views.referral", daily=True)
def _(stage: Stage) -> Press:
    page = reverse("inspections:referral", args=[referred(stage).no])
    return Press(stage.own(LEADER), page, "批准移送", {"document_no": "本环移〔2026〕2号"})


@act("send a referral")
def _(stage: Stage) -> Press:
    asked = referred(stage)
    referrals.approve(referral=asked, by=make_approver(stage.unit), document_no="本环移〔2026〕3号")
    page = reverse("inspections:referral", args=[asked.no])
    return Press(handler_of(asked.inspection), page, "登记送出", {"way": "机要，单号 0716"})


# --- targeted checks, teams, limits ---


@act("approve a targeted check", "inspections.targeted.views.targeted_detail", daily=True)
def _(stage: Stage) -> Press:
    page = reverse("inspections:targeted-detail", args=[ask_for_check(stage.unit).no])
    return Press(stage.own(LEADER), page, "批准", {"document_no": "本环检批〔2026〕5号"})


@act("join another visit", "inspections.targeted.views.targeted_join")
def _(stage: Stage) -> Press:
    facility = make_facility(stage.unit)
    make_inspection(stage.unit, facility=facility)
    asked = make_approved(stage.unit, facility=facility)
    return Press(stage.own(PLANNER), reverse("inspections:targeted-detail", args=[asked.no]), "合并检查")


@act("take another unit's check into a visit", "inspections.targeted.views.task_join")
def _(stage: Stage) -> Press:
    facility = make_facility(stage.unit)
    into = make_inspection(stage.unit, facility=facility)
    make_approved(make_city_team(), facility=facility)
    return Press(stage.own(PLANNER), reverse("inspections:task-detail", args=[into.no]), "并入这次检查")


@act("ask for another inspector", "inspections.swaps.views.swaps")
def _(stage: Stage) -> Press:
    check = make_inspection(stage.unit)
    said = {"reason": "I_LEAVE", "leaving": team_of(check)[1].pk, "evidence": "假条 1 份"}
    return Press(stage.own(PLANNER), reverse("inspections:task-swaps", args=[check.no]), "提交申请", said)


@act("swap an inspector", daily=True)
def _(stage: Stage) -> Press:
    check, coming = make_inspection(stage.unit), make_inspector(stage.unit, with_user=True)
    said = {"reason": "I_LEAVE", "evidence": "假条 1 份", "leaving": team_of(check)[1], "coming": coming}
    swaps.ask(inspection=check, by=make_planner(stage.unit), **said)
    page = reverse("inspections:task-swaps", args=[check.no])
    return Press(stage.own(LEADER), page, "批准更换", {"document_no": "本环更〔2026〕9 号"})


@act("propose a cap", "inspections.frequency.views.frequency_list")
def _(stage: Stage) -> Press:
    said = {"year": 2027, "category": "general", "max_visits": 3, "document": "本环发〔2026〕3号"}
    page = f"{reverse('inspections:frequency-list')}?unit={stage.unit.code}"
    return Press(stage.own(PLANNER), page, "提出上限", said)


@act("stop a recorder", "inspections.evidence.views._small_act")
def _(stage: Stage) -> Press:
    check = make_started(stage.unit)
    page = reverse("inspections:field-recorder", args=[check.no])
    return Press(team_of(check)[0].user, page, "记录仪停了")


@act("strike a photograph", "inspections.evidence.views._strike")
def _(stage: Stage) -> Press:
    check = make_started(stage.unit)
    by = team_of(check)[0].user
    kept = files.store(name="池.jpg", content=b"\xff\xd8\xff photo", content_type="image/jpeg", by=by)
    made = check.evidence.create(kind="PHOTO", file=kept, small=kept, taken_at=clock.now(), by=by, kept_at=clock.now())
    page = reverse("inspections:field-strike", args=[check.no, made.pk])
    return Press(by, page, "划去", {"reason": "拍错了地方"})


# --- gaps ---


@act("decide on the reason of a gap", "inspections.coverage.views._page")
def _(stage: Stage) -> Press:
    check = make_dispatched(make_unit("210517"))[0]  # those of the world are checked by other acts
    listing = DrawnList(check.unit, Quarter(2026, 3))
    gaps.explain(listing=listing, keys=[check.pick_id], words=WORDS, by=make_planner(check.unit))
    said = {"chosen": [str(check.pick_id)], "opinion": WORDS}
    page = f"{reverse('inspections:unfinished')}?unit={check.unit.code}&quarter=2026Q3"
    return Press(make_approver(check.unit), page, "批准选中的", said)


# --- reports, bulletins, the year ---


@act("send a report", "inspections.reports.views.report_detail", daily=True)
def _(stage: Stage) -> Press:
    page = reverse("inspections:report-detail", args=[f"{stage.other.code}-2026Q1"])
    return Press(stage.others(PLANNER), page, "报送", TEXT)


@act("give a report back", "inspections.reports.views.report_return")
def _(stage: Stage) -> Press:
    report = make_sent(make_unit("210521"), Period.of(Quarter(2026, 1)))
    page = reverse("inspections:report-return", args=[report.pk])
    return Press(make_lead_office(), page, "退回", {"opinion": "缺问题部分"})


@act("note what went to the province", "inspections.reports.provincial_views.rollup_provincial")
def _(stage: Stage) -> Press:
    page = f"{reverse('inspections:rollup-provincial')}?quarter=2026q1"
    return Press(stage.own(LEAD), page, "登记报出", {"document_no": "本环报〔2026〕2号"})


@act("make a bulletin", "inspections.bulletins.views.bulletin_make")
def _(stage: Stage) -> Press:
    due = [s for s in content.subjects_of(2026) if not bulletins_due(s, stage.own(LEAD))]
    for subject in due[:-1]:  # one is left to be made
        bulletins.make(subject=subject, by=stage.own(LEAD))
    return Press(stage.own(LEAD), reverse("inspections:bulletin-list"), "编写")


def bulletins_due(subject, by) -> str:
    return why_not_make(subject, bulletins.standing(subject), by, clock.today(), workdays.calendar())


@act("issue a bulletin", "inspections.bulletins.views.bulletin_detail", daily=True)
def _(stage: Stage) -> Press:
    made = make_bulletin(stage.other, make_lead_office())
    text = {"opinion": "总体较好。", "problems": "无", "practice": "无", "next": "无", "comments": "无"}
    bulletins.ask(bulletin=made, text=text, by=made.made_by)
    page = reverse("inspections:bulletin-detail", args=[made.pk])
    return Press(stage.others(LEADER), page, "签发", {"document_no": "本环执通〔2026〕3 号"})


def over(stage: Stage, *, asked: bool = False, closed: bool = False) -> None:
    """A year with one check, whose result is public; asked to be closed; closed."""
    found = YearClosing.objects.filter(year=2025).first()
    if found is None:
        make_published(stage.unit, year=2025)
        found = closing.ask(year=2025, by=make_lead_office()) if asked or closed else None
    if closed and found.waits:
        closing.approve(closing=found, by=make_approver(make_city_team()))


@act("ask to close a year", "inspections.closing.views.year_closing")
def _(stage: Stage) -> Press:
    over(stage)
    return Press(stage.own(LEAD), reverse("inspections:year-closing", args=[2025]), "提交申请")


@act("close a year", daily=True)
def _(stage: Stage) -> Press:
    over(stage, asked=True)
    return Press(make_approver(make_city_team()), reverse("inspections:year-closing", args=[2025]), "批准办结")


# --- the archive ---


def public(stage: Stage) -> Inspection:
    return Inspection.objects.get(no=make_published_result(stage.unit).no)


def of_file(check: Inspection, name: str) -> str:
    return reverse(f"inspections:{name}", args=[check.no])


@act("bind a file", "inspections.archive.views.archive_bind", daily=True)
def _(stage: Stage) -> Press:
    return Press(stage.own(ARCHIVIST), of_file(public(stage), "archive-file"), "成册")


@act("bind what is ready", "inspections.archive.views.archive_bind_ready")
def _(stage: Stage) -> Press:
    public(stage)
    return Press(stage.own(ARCHIVIST), f"{reverse('inspections:archive-list')}?unit={stage.unit.code}", "成册文书齐的")


@act("bind what came later", "inspections.archive.views.archive_supplement")
def _(stage: Stage) -> Press:
    check, by, now = public(stage), stage.own(ARCHIVIST), clock.now()
    kept = files.store(name="卷.pdf", content=b"%PDF-1.7 volume", content_type="application/pdf", by=by)
    bound = {"asked_by": by, "asked_at": now, "file": kept, "bound_at": now}
    Volume.objects.create(inspection=check, no="2026-明执-777", **bound)
    return Press(by, of_file(check, "archive-supplement"), "做补充卷", {"reason": WORDS})


@act("say that a paper is lacking", "inspections.archive.views.archive_requests")
def _(stage: Stage) -> Press:
    check = public(stage)
    check.samples.create(no="MS-1", taken_at=clock.now(), recorded_at=clock.now(), by=team_of(check)[0].user)
    return Press(
        stage.own(ARCHIVIST), of_file(check, "archive-requests"), "提交申请", {"reason": "样品瓶破损，没有检测"}
    )


@act("bind a year", "disclosure.yearbook.views.yearbook_bind", daily=True)
def _(stage: Stage) -> Press:
    over(stage, closed=True)
    page = f"{reverse('disclosure:yearbook')}?unit={stage.unit.code}&year=2025"
    return Press(stage.own(ARCHIVIST), page, "成册")


@act("bind what came after the year", "disclosure.yearbook.views.yearbook_supplement")
def _(stage: Stage) -> Press:
    page = reverse("disclosure:yearbook-supplement", args=[stage.unit.code, 2026])
    return Press(stage.own(ARCHIVIST), page, "做补充卷", {"reason": WORDS})
