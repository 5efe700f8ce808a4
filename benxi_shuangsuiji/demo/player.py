"""Plays quarters through the same actions as the pages, on a clock that is moved from event to event.

Nothing is written behind the rules: whatever the player does, an action of the applications decides whether it may.
"""

import heapq
import zlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts import benxi
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure import actions as disclosing
from inspections import actions as inspecting
from inspections import replacements as replacing
from inspections.models import Answer, Inspection, InspectionStatus, Outcome, VisitMember
from plans import actions as planning
from plans import basis_actions as basing
from plans import draw_actions as drawing
from plans import filing_actions as filing
from plans import list_sheets, lottery_actions, quotas
from plans import local_actions as local
from plans.models import (
    AmendmentRequest,
    ChangeOfBasis,
    ChangeReason,
    Draw,
    Filing,
    GeneralRatioPolicy,
    ItemList,
    LegalBasis,
    LotteryGame,
    Mode,
    Pick,
    SourceKind,
)
from registry import actions as registering
from registry import audits, book
from registry.models import AbsenceKind, BatchKind, Book, Category, ConflictKind, Inspector, InterestDeclaration

from .cast import Cast
from .coordination import Coordination
from .names import Names
from .reports import Reports
from .targeted import TargetedChecks
from .workbooks import facility_workbook, inspector_workbook

CHINA = ZoneInfo("Asia/Shanghai")
LATE_BRANCH = "210505"  # its third-quarter draw is left to whoever tries the system (decisions.md 8)
LATE_DAY = date(2026, 8, 19)  # …on the demo's own day, so that a newcomer can seal at once and draw half an hour later
LIVELY_BRANCH = "210504"  # its people show each state of leave, declarations and certificates
UNAUDITED_BRANCH = "210522"  # nobody signed since June, so its seal of July needed a reason
UNAUDITED_REASON = "名录专人六月起借调，变更由计划员逐条核对过"
LATE_REASON = "七月名录核对未完成，抽取改在八月"
AMENDED_REASON = "《突发环境事件应急管理办法》有修改，增加汛期隐患排查（示例）"
ITEM_FIELDS = [c.field for c in list_sheets.COLUMNS if c.field != "legal_basis"]
FLOOD_POINT = {
    "text": "汛期隐患排查",
    "standard": "汛前排查并整改，有记录",
    "basis": "",
    "method": "现场查看、查阅记录",
}
NO_RECORD_BRANCH = "210521"  # its draw of July was sent without the signed record, and given back
UNSIGNED_BRANCH = "210522"  # its draw of July waits for the lead office's signature
GENERAL_POINTS = 1250  # one of eight each quarter: the demo's two years until the cycle ends
# 行政区面积 in square kilometres; the city team's is the city's.
AREAS = {
    "210500": 8411,
    "210502": 177,
    "210503": 320,
    "210504": 411,
    "210505": 619,
    "210521": 3362,
    "210522": 3547,
}
# One object and one person are replaced, in a quarter that is public and in the running one (decisions.md 8).
REPLACED = {
    ("210504", 2): (ChangeReason.HALT, "企业停产报告，现场核实照片 2 张"),
    ("210502", 3): (ChangeReason.RECUSE, "与企业负责人有近亲属关系，本人声明 1 份"),
}
# Which item is checked where, of the built-in list: 15 to 35 points for each check, as one team does in a day.
CHECKED_AT = {
    "A01": (Category.KEY, Category.GENERAL, Category.SPECIAL),
    "B01": (Category.KEY, Category.SPECIAL),
    "B02": (Category.KEY, Category.GENERAL, Category.SPECIAL),
    "B03": (Category.KEY,),
    "C01": (Category.KEY, Category.SPECIAL),
    "C02": (Category.KEY,),
    "C03": (Category.GENERAL,),
    "F01": (Category.KEY, Category.SPECIAL),
    "F02": (Category.GENERAL, Category.SPECIAL),
    "G02": (Category.GENERAL,),
    "G03": (Category.SPECIAL,),
    "H01": (Category.KEY, Category.SPECIAL),
}
OUTCOMES = [
    (Outcome.NO_ISSUE, 780),
    (Outcome.ON_SITE_FIXED, 60),
    (Outcome.RECTIFY_ORDERED, 90),
    (Outcome.CASE_FILED, 40),
    (Outcome.NOT_OPERATING, 20),
    (Outcome.TRANSFERRED, 5),
    (Outcome.UNREACHABLE, 5),
]
# What an off-site check looked at, in words that are true of each (七(三)-b).
OFFSITE = {"offsite_means": "ONLINE", "offsite_evidence": "排放口在线监测小时均值和视频，检查日前 30 天"}
FINDINGS = [
    "危险废物贮存间标识缺失 1 处，台账未按日填写。",
    "废气治理设施运行记录缺少三天，现场负责人称未及时填写。",
    "厂区北侧物料堆场有约 20 平方米未覆盖。",
    "自行监测方案与许可证载明的频次不一致，少测一次。",
    "雨水排放口未设置标志牌。",
    "突发环境事件应急预案超过三年未修订。",
]


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), CHINA)


def chosen_items() -> dict[str, dict[str, bool]]:
    """The table above as a plan takes it; later quarters copy it from the one before."""
    return {code: {str(c): c in where for c in Category} for code, where in CHECKED_AT.items()}


def late_plan() -> dict:
    """What the late branch changes in its published plan: the day, and dice instead of a lottery that is over."""
    due = moment(LATE_DAY, 10, 20)
    return {
        "draw_at": moment(LATE_DAY, 10, 30),
        "window_from": LATE_DAY,
        "fallback_label": "",
        "fallback_due": None,
        "sources": [
            {"kind": SourceKind.DICE, "label": witness, "due": due} for witness in ("司法局见证人", "居民代表见证人")
        ],
    }


class Player:
    """Keeps events in order of time and carries them out until a day comes.

    `set_clock` moves the demo's clock (it needs the owner's login); `progress` is told (done, planned, words).
    """

    def __init__(
        self, *, until: datetime, set_clock: Callable[[datetime], None], progress: Callable[[int, int, str], None]
    ):
        self.until, self.set_clock, self.progress = until, set_clock, progress
        self.random = Random(20260105)
        self.names = Names()
        self.calendar = workdays.built_in_calendar()
        self._queue: list = []
        self._order = count()
        self.done = 0

    def at(self, when: datetime, words: str, act: Callable[[], object], by=None) -> None:
        """Plan an event; one that lies after the end of the demo is left out."""
        if when < self.until:
            heapq.heappush(self._queue, (when, next(self._order), words, act, by))

    def play(self) -> None:
        self._begin()
        while self._queue:
            when, _, words, act, by = heapq.heappop(self._queue)
            self.set_clock(when)
            with transaction.atomic():
                trail.act_as(by)
                act()
            self.done += 1
            self.progress(self.done, self.done + len(self._queue), words)

    # --- the year -------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")  # a demo may be played again; it need not wait for the disk
        self.set_clock(moment(date(2025, 12, 1), 9))
        with transaction.atomic():
            self.units = benxi.establish()
            self.cast = Cast(self.units, self.names)
            self.cast.enter()
        self.drawing_units = list(Unit.objects.drawing())
        for n, unit in enumerate(self.drawing_units):
            registrar = self.cast.of(Role.REGISTRAR, unit)
            self.at(
                moment(date(2025, 12, 8), 9, n),
                f"{unit}导入检查对象名录",
                lambda u=unit, r=registrar: self._import(u, r),
                registrar,
            )
            self._interests(unit, n)
            self._audits(unit, n)
            self._ratio(unit, n)
            self._justice(unit, n)
        self._people_of_august(self.units[LIVELY_BRANCH])
        self._choices_of_august(self.units[LIVELY_BRANCH])
        self._lottery()
        TargetedChecks(self, moment).lay_out()
        Coordination(self, moment).lay_out(late=LATE_BRANCH, lively=LIVELY_BRANCH)
        Reports(self, moment, without_draw=(LATE_BRANCH, 3)).lay_out()
        lead = self.units["210500"]
        lead_office, approver = self.cast.of(Role.LEAD_OFFICE, lead), self.cast.of(Role.APPROVER, lead)
        officer = self.cast.of(Role.DISCLOSURE_OFFICER, lead)
        self.at(
            moment(date(2025, 12, 22), 10),
            "编制 2026 年事项清单",
            lambda: self._draft_list(lead, lead_office),
            lead_office,
        )
        self.at(
            moment(date(2025, 12, 29), 15),
            "批准事项清单",
            lambda: planning.approve_list(item_list=self._list(), by=approver, opinion="同意"),
            approver,
        )
        self.at(
            moment(date(2026, 1, 4), 9),
            "公开事项清单",
            lambda: disclosing.publish_list(item_list=self._list(), by=officer),
            officer,
        )
        self._bases(lead, lead_office, approver, officer)
        for quarter in (Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3), Quarter(2026, 4)):
            self._quarter(quarter)

    def _import(self, unit: Unit, by) -> None:
        for kind, name, content in (
            (BatchKind.FACILITY, f"{unit}检查对象名录.xlsx", facility_workbook(unit, self.names, self.random)),
            (BatchKind.INSPECTOR, f"{unit}检查人员名录.xlsx", inspector_workbook(unit, self.names, self.random)),
        ):
            batch = registering.check_workbook(file_name=name, content=content, kind=kind, unit=unit, by=by)
            registering.confirm_import(batch=batch, by=by)
        section = unit.section if hasattr(unit, "section") else None
        homes = [section.code] if section else [c.code for c in unit.children.all() if c.kind == "HQ_SECTION"]
        people = Inspector.objects.filter(
            unit__in=[unit, *([section] if section else list(unit.children.all()))]
        ).order_by("code")
        for n, inspector in enumerate(people, 1):
            if not inspector.certificate_no:
                continue
            user = self.cast.add(
                f"jiancha-{inspector.code.lower()}", Role.INSPECTOR, homes[n % len(homes)], inspector.name
            )
            registering.link_account(inspector=inspector, user=user, by=by)

    def _interests(self, unit: Unit, n: int) -> None:
        """In January everybody declares for the year; two of each larger unit name a facility (七(五)-c)."""
        approver = self.cast.of(Role.APPROVER, unit)

        def declare():
            people = [p for p in book.inspectors_of(unit).order_by("code").select_related("user") if p.user]
            facilities = list(book.facilities_of(unit).order_by("code")[:40])
            for m, person in enumerate(people):
                if having := m in (5, 8):
                    registering.declare_conflict(
                        inspector=person,
                        facility=facilities[m * 3 % len(facilities)],
                        kind=ConflictKind.RELATIVE if m == 5 else ConflictKind.FORMER_JOB,
                        reason="配偶在该企业任职（示例）" if m == 5 else "2024 年以前在该企业工作（示例）",
                        evidence="本人书面说明（示例）",
                        by=person.user,
                    )
                registering.declare_year(inspector=person, none=not having, by=person.user)

        def approve():
            registering.approve_all_without(unit=unit, by=approver)
            rest = InterestDeclaration.objects.filter(inspector__in=book.inspectors_of(unit), state="PENDING")
            for declaration in rest.select_related("inspector"):
                registering.approve_declaration(declaration=declaration, by=approver)

        self.at(moment(date(2026, 1, 5), 14, n), f"{unit}：年度回避申报", declare)
        self.at(moment(date(2026, 1, 6), 9, n), f"{unit}：审核回避申报", approve, approver)

    def _audits(self, unit: Unit, n: int) -> None:
        """Each registry has its keeper, who signs every month; one branch left out the summer (六(二)-c, -e)."""
        registrar, planner = self.cast.of(Role.REGISTRAR, unit), self.cast.of(Role.PLANNER, unit)

        def appoint():
            for book_ in Book:
                registering.appoint_keeper(
                    unit=unit, book=book_, person=registrar, document="本环办〔2025〕41号（示例）", by=planner
                )

        def sign():
            for book_ in Book:
                now = audits.standing(unit, book_, clock.today())
                lines = audits.checklist(unit, book_, clock.today(), now.last.signed_at if now.last else None)
                registering.sign_audit(
                    unit=unit,
                    book=book_,
                    seen=audits.stamp(lines),
                    ticked={line.key for line in lines},
                    remarks={line.key: "已逐条核实，在办理变更" for line in lines if line.stale and line.count},
                    remark="已逐项核对，名录完整",
                    by=registrar,
                )

        self.at(moment(date(2025, 12, 9), 9, n), f"{unit}：指定名录专人", appoint, planner)
        for month in (date(2025, 12, 1), *(date(2026, m, 1) for m in range(1, 13))):
            if unit.code == UNAUDITED_BRANCH and month >= date(2026, 6, 1):
                continue
            day = self.calendar.last_workday_on_or_before(month.replace(day=24))
            self.at(moment(day, 15, n), f"{unit}：{month:%Y-%m} 名录审核", sign, registrar)

    def _ratio(self, unit: Unit, n: int) -> None:
        """The year's ratio for 一般 from the five factors, approved before the first plan (七(一)2)."""
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)

        def ask():
            staff = quotas.staff(unit, draw_on=date(2026, 1, 1), window_to=date(2026, 3, 25))
            local.ask_for_ratio(
                unit=unit,
                year=2026,
                valid_from=date(2026, 1, 1),
                basis_points=GENERAL_POINTS,
                air_quality="优良天数比例 89.6%，PM2.5 年均 31 微克每立方米（示例）",
                pollution_sources=unit.facilities.count(),
                inspectors=staff.people,
                area_km2=AREAS.get(unit.code, 100),
                coverage_target="2027 年底前查完一遍",
                by=planner,
            )

        def approve():
            local.approve_decision(decision=GeneralRatioPolicy.objects.get(unit=unit), by=approver, opinion="同意")

        self.at(moment(date(2025, 12, 30), 9, n), f"{unit}：提出一般对象比例", ask, planner)
        self.at(moment(date(2025, 12, 31), 9, n), f"{unit}：批准一般对象比例", approve, approver)

    def _justice(self, unit: Unit, n: int) -> None:
        """Every branch files its year with the justice bureau of its district (D-24)."""
        if unit.kind != UnitKind.BRANCH:
            return
        planner = self.cast.of(Role.PLANNER, unit)

        def mark():
            filing.mark_justice_filing(
                unit=unit,
                year=2026,
                recipient="区县司法局（示例）",
                document_no=f"收文〔2026〕{n + 1} 号（示例）",
                sent_on=date(2026, 1, 8),
                by=planner,
            )

        self.at(moment(date(2026, 1, 8), 14, n), f"{unit}：报司法局备案", mark, planner)

    def _choices_of_august(self, unit: Unit) -> None:
        """The lively branch has asked for parameters of its own, which its leader has not decided yet (五-4a)."""
        planner = self.cast.of(Role.PLANNER, unit)

        def ask():
            local.ask_for_choices(
                unit=unit,
                valid_from=date(2026, 10, 1),
                reserved_key=90,
                reserved_general=90,
                team_size=2,
                game=LotteryGame.K8,
                positive_out=False,
                release_on_draw_day=False,
                reason="未查的企业集中在沿河片区，多留优先名额（示例）",
                by=planner,
            )

        self.at(moment(date(2026, 8, 18), 15), f"{unit}：提出本单位参数", ask, planner)

    def _lottery(self) -> None:
        """The lead office enters how issues count and when no lottery is drawn; invented, as everything here."""
        lead_office = self.cast.of(Role.LEAD_OFFICE, "210500")

        def enter():
            lottery_actions.save_schedule(
                game=LotteryGame.K8,
                weekdays=[1, 2, 3, 4, 5, 6, 7],
                drawn_at=time(21, 30),
                valid_from=date(2026, 1, 1),
                base_day=date(2026, 4, 9),
                base_issue=2026087,
                source_document="快乐8 开奖公告（示例）",
                by=lead_office,
            )
            for first, last, name in (
                (date(2026, 2, 13), date(2026, 2, 24), "春节"),
                (date(2026, 10, 1), date(2026, 10, 4), "国庆节"),
            ):
                lottery_actions.add_break(
                    game="", starts_on=first, ends_on=last, source_document=f"{name}休市公告（示例）", by=lead_office
                )

        self.at(moment(date(2025, 12, 29), 10), "登记开奖日程", enter, lead_office)

    def _file(self, quarter: Quarter, unit: Unit, draw, draw_day: date, n: int) -> None:
        """In the afternoon the draw is reported to the city team, which signs for it the next day (七(二)-j)."""
        planner, lead_office = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.LEAD_OFFICE, "210500")
        label = f"{unit} {quarter.label}"
        self.at(
            moment(draw_day, 16, n),
            f"{label}：报市执法队备案",
            lambda: filing.file_draw(draw=draw(), by=planner),
            planner,
        )
        if quarter.number == 3 and unit.code == UNSIGNED_BRANCH:
            return

        def decide():
            sent = Filing.objects.get(draw=draw())
            if quarter.number == 3 and unit.code == NO_RECORD_BRANCH:
                filing.return_filing(filing=sent, by=lead_office, opinion="没有附签字的抽取记录，扫描后重新报送")
            else:
                filing.receive_filing(filing=sent, by=lead_office)

        day = self.calendar.add_workdays(draw_day, 1)
        self.at(moment(day, 9, n), f"{label}：市执法队办理备案", decide, lead_office)

    def _people_of_august(self, unit: Unit) -> None:
        """Days before the demo's: one interest waits for the leader, one person is on leave, one leave lies ahead."""
        registrar = self.cast.of(Role.REGISTRAR, unit)

        def at_work():
            busy = VisitMember.objects.filter(inspection__unit=unit).exclude(
                inspection__status__in=[InspectionStatus.REVIEWED, InspectionStatus.PUBLISHED]
            )
            free = book.inspectors_of(unit).exclude(pk__in=busy.values("inspector")).order_by("-code")
            return [*free, *book.inspectors_of(unit).order_by("-code")]

        def declare():
            person = book.inspectors_of(unit).order_by("code")[2]
            drawn = Pick.objects.filter(draw__unit=unit).values("facility")
            facility = book.facilities_of(unit).exclude(pk__in=drawn).order_by("code").first()
            registering.declare_conflict(
                inspector=person,
                facility=facility,
                kind=ConflictKind.BUSINESS,
                reason="亲属今年起为该企业供货（示例）",
                by=person.user,
            )

        def leave():
            person = at_work()[0]
            registering.record_absence(
                inspector=person,
                kind=AbsenceKind.LEAVE,
                starts_on=date(2026, 8, 17),
                ends_on=date(2026, 9, 4),
                note="年休假",
                by=registrar,
            )
            other = at_work()[1]
            registering.record_absence(
                inspector=other,
                kind=AbsenceKind.DUTY,
                starts_on=date(2026, 10, 12),
                ends_on=date(2026, 10, 16),
                note="省厅培训",
                by=other.user,
            )

        self.at(moment(date(2026, 8, 14), 9), f"{unit}：登记请假", leave, registrar)
        self.at(moment(date(2026, 8, 17), 9), f"{unit}：申报回避", declare)

    def _draft_list(self, lead, by) -> None:
        item_list = planning.draft_list(unit=lead, year=2026, by=by)
        planning.submit_list(item_list=item_list, by=by)

    def _list(self, version: int = 1) -> ItemList:
        return ItemList.objects.get(year=2026, unit__code="210500", version=version)

    def _bases(self, lead: Unit, lead_office, approver, officer) -> None:
        """Two bases change in summer: a new version of the list answers the first, the second waits (六(一)1-b, -c)."""

        def change(title, effective_on, summary):
            basing.record_change(
                basis=LegalBasis.objects.get(title=title),
                kind=ChangeOfBasis.AMENDED,
                effective_on=effective_on,
                document="关于修改部分规章和条例的决定（示例）",
                summary=summary,
                by=lead_office,
            )

        def amend():
            item_list = planning.draft_list(unit=lead, year=2026, by=lead_office, reason=AMENDED_REASON)
            item = item_list.items.get(code="H01")
            data = {name: getattr(item, name) for name in ITEM_FIELDS} | {
                "content": f"{item.content}，汛期隐患排查",
                "annual_focus": True,
            }
            points = [planning.point_of(p) for p in item.points.all()] + [FLOOD_POINT]
            cites = [(c.basis, c.article) for c in item.cites.select_related("basis", "article")]
            planning.save_item(item_list=item_list, item=item, by=lead_office, data=data, points=points, cites=cites)
            planning.submit_list(item_list=item_list, by=lead_office)

        day = date(2026, 7, 22)
        self.at(
            moment(day, 9),
            "登记法律依据的修改",
            lambda: change("突发环境事件应急管理办法", date(2026, 7, 15), "增加汛期隐患排查的要求（示例）"),
            lead_office,
        )
        self.at(moment(date(2026, 8, 5), 10), "编制事项清单第 2 版", amend, lead_office)
        self.at(
            moment(date(2026, 8, 6), 15),
            "批准事项清单第 2 版",
            lambda: planning.approve_list(item_list=self._list(2), by=approver, opinion="同意"),
            approver,
        )
        self.at(
            moment(date(2026, 8, 7), 9),
            "公开事项清单第 2 版",
            lambda: disclosing.publish_list(item_list=self._list(2), by=officer),
            officer,
        )
        self.at(
            moment(date(2026, 8, 12), 9),
            "登记法律依据的修改",
            lambda: change("碳排放权交易管理暂行条例", date(2026, 8, 10), "调整数据质量的监督检查（示例）"),
            lead_office,
        )

    # --- a quarter ------------------------------------------------------------------------------------------------

    def _workday_before(self, day: date, n: int) -> date:
        return self.calendar.subtract_workdays(day, n)

    def _quarter(self, quarter: Quarter) -> None:
        plan_day = quarter.plan_due(self.calendar).target
        draw_day = quarter.draw_due(self.calendar).target
        start = self._workday_before(plan_day, 3)
        if quarter == Quarter(2026, 1):
            start = date(2026, 1, 4)  # the item list is published on that working Sunday
        lead_office = self.cast.of(Role.LEAD_OFFICE, "210500")
        for n, unit in enumerate(self.drawing_units):
            planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
            officer = self.cast.of(Role.DISCLOSURE_OFFICER, unit)
            label = f"{unit} {quarter.label}"

            def plan(unit=unit):
                return unit.plans.get(year=quarter.year, number=quarter.number)

            def draft(unit=unit, planner=planner):
                made = planning.draft_plan(unit=unit, quarter=quarter, by=planner)
                if quarter.number == 1:
                    made = planning.save_plan(plan=made, by=planner, data={"items": chosen_items()})
                planning.submit_plan(plan=made, by=planner)

            self.at(moment(start, 10, n), f"{label}：编制计划", draft, planner)
            self.at(
                moment(start, 15, n),
                f"{label}：批准计划",
                lambda p=plan, a=approver: planning.approve_plan(plan=p(), by=a, opinion="同意"),
                approver,
            )
            self.at(
                moment(plan_day, 9, 30 + n),
                f"{label}：公开计划",
                lambda p=plan, o=officer: disclosing.publish_plan(plan=p(), by=o),
                officer,
            )
            self.at(
                moment(plan_day, 14, n),
                f"{label}：市执法队收到计划",
                lambda p=plan: planning.receive_plan(plan=p(), by=lead_office),
                lead_office,
            )
            if unit.code == LATE_BRANCH and quarter.number == 3:
                self._change(quarter, unit, plan, lead_office)
                continue
            self._draw(quarter, unit, plan, draw_day, n)
        self.at(
            moment(plan_day, 16),
            f"{quarter.label}：汇总公开",
            lambda: disclosing.publish_plan_summary(quarter=quarter, by=lead_office),
            lead_office,
        )

    def _change(self, quarter: Quarter, unit: Unit, plan, lead_office) -> None:
        """The day before the demo's: a new version of the late branch's plan, whose draw the newcomer holds."""
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
        officer, label = self.cast.of(Role.DISCLOSURE_OFFICER, unit), f"{unit} {quarter.label}"
        day = self._workday_before(LATE_DAY, 1)

        def change():
            revised = planning.revise_plan(plan=plan(), by=planner, reason=LATE_REASON)
            revised = planning.save_plan(plan=revised, by=planner, data=late_plan())
            planning.submit_plan(plan=revised, by=planner, late_reason=LATE_REASON)

        steps = [
            (10, "更改已公开的计划", change, planner),
            (14, "批准更改的计划", lambda: planning.approve_plan(plan=plan(), by=approver, opinion="同意"), approver),
            (15, "公开更改的计划", lambda: disclosing.publish_plan(plan=plan(), by=officer), officer),
            (16, "市执法队收到更改的计划", lambda: planning.receive_plan(plan=plan(), by=lead_office), lead_office),
        ]
        for hour, words, act, by in steps:
            self.at(moment(day, hour, 5), f"{label}：{words}", act, by)

    def _draw(self, quarter: Quarter, unit: Unit, plan, draw_day: date, n: int) -> None:
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
        label = f"{unit} {quarter.label}"
        seal_day = self._workday_before(draw_day, 3 if quarter.number != 4 else 1)

        def draw() -> Draw:
            return Draw.objects.get(unit=unit, year=quarter.year, number=quarter.number)

        def enter(by):
            for source in plan().sources.order_by("position"):
                drawing.enter_value(draw=draw(), position=source.position, value=public_value(source), by=by)

        def hold():
            drawing.hold_draw(draw=draw(), by=planner)
            inspecting.dispatch(draw=draw(), by=planner)
            if (unit.code, quarter.number) in REPLACED:
                self._replace(quarter, unit, draw, draw_day)
            else:
                self._visits(quarter, unit)

        self.at(
            moment(seal_day, 10, n),
            f"{label}：核对名单",
            lambda: drawing.prepare_draw(plan=plan(), by=planner),
            planner,
        )
        self.at(
            moment(seal_day, 16, n),
            f"{label}：封存名单",
            lambda: drawing.seal_draw(draw=draw(), by=approver, registry_reason=UNAUDITED_REASON),
            approver,
        )
        self.at(moment(draw_day, 9, n), f"{label}：录入公开随机数", lambda: enter(planner), planner)
        self.at(moment(draw_day, 9, 10 + n), f"{label}：第二人录入", lambda: enter(approver), approver)
        self.at(moment(draw_day, 9, 30 + n), f"{label}：抽取", hold, planner)
        self._file(quarter, unit, draw, draw_day, n)
        release = moment(date(quarter.year, quarter.months[2], 25), 18)
        self.at(release, f"{label}：公开名单", lambda: drawing.release_draw(draw=draw()))

    def _replace(self, quarter: Quarter, unit: Unit, draw, day: date) -> None:
        """In the afternoon of the draw: one object or one person is replaced, then the visits are laid out."""
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
        reason, evidence = REPLACED[unit.code, quarter.number]
        label = f"{unit} {quarter.label}"

        def ask():
            pick = draw().picks.filter(category=Category.GENERAL).order_by("no").first()
            people = {} if reason == ChangeReason.HALT else {"inspector": pick.team.members.last().inspector}
            replacing.ask(draw=draw(), reason=reason, evidence=evidence, by=planner, picks=[pick], **people)

        def approve():
            request = AmendmentRequest.objects.get(draw=draw())
            replacing.approve(
                request=request, by=approver, document_no=f"本环{unit.short_name[:2]}更〔{quarter.year}〕1 号"
            )
            if reason == ChangeReason.HALT:
                inspecting.dispatch(draw=draw(), by=planner)
            self._visits(quarter, unit)

        self.at(moment(day, 14, 10), f"{label}：申请更换", ask, planner)
        self.at(moment(day, 15, 20), f"{label}：批准更换", approve, approver)

    # --- the checks -----------------------------------------------------------------------------------------------

    def _visits(self, quarter: Quarter, unit: Unit) -> None:
        """Spread the unit's checks over the working days until the 18th of the last month."""
        checks = list(
            Inspection.objects.filter(unit=unit, year=quarter.year, number=quarter.number, draw__isnull=False)
            .exclude(status=InspectionStatus.REPLACED)
            .select_related("facility")
            .order_by("no")
        )
        first = self.calendar.add_workdays(quarter.draw_due(self.calendar).target, 1)
        last = date(quarter.year, quarter.months[2], 18)
        days = [
            d
            for d in (first + timedelta(days=i) for i in range((last - first).days + 1))
            if self.calendar.is_workday(d)
        ]
        for n, check in enumerate(checks):
            day = days[n * len(days) // len(checks)]
            when = moment(day, 9 + (n % 6 if n % 6 < 3 else n % 6 + 1), 10)
            team = [m.inspector.user for m in check.members.select_related("inspector__user")]
            leader = team[0]
            self.at(
                when - timedelta(minutes=50),
                f"{check.no}：组长接收",
                lambda c=check, u=leader: inspecting.accept(inspection=fresh(c), by=u),
                leader,
            )
            self.at(when, f"{check.no}：现场检查", lambda c=check, u=leader: self.visit(c, u), leader)

    def visit(self, check: Inspection, leader) -> None:
        check = fresh(check)
        chance = Random(zlib.crc32(check.no.encode()))
        outcome = chance.choices([o for o, _ in OUTCOMES], [w for _, w in OUTCOMES])[0]
        if check.facility.status != "OPERATING":
            outcome = Outcome.NOT_OPERATING
        here = chance.choice(["厂长", "环保主管", "值班负责人"])
        now = clock.now()
        members = [m.inspector for m in check.members.select_related("inspector")]
        check = inspecting.start_visit(
            inspection=check,
            by=leader,
            at=now,
            identity_shown_at=now if check.mode == Mode.ONSITE else None,
            recorder_no=f"JLY-{check.unit.code[-3:]}-{chance.randint(1, 6):02d}" if check.mode == Mode.ONSITE else "",
            contact_person=here,
            present=members,
        )
        found = outcome not in (Outcome.NO_ISSUE, Outcome.NOT_OPERATING, Outcome.UNREACHABLE)
        points = list(check.answers.order_by("item_code", "number"))
        bad = chance.randrange(len(points)) if found else None
        finding = (
            chance.choice(FINDINGS)
            if found
            else {
                Outcome.NOT_OPERATING: "到场时停产，设备未运行，门卫称已停产两周。",
                Outcome.UNREACHABLE: "登记地址无人，登记电话三次无人接听。",
            }.get(outcome, "")
        )
        answers = {}
        for n, point in enumerate(points):
            if n == bad:
                answers[point.pk] = (Answer.FOUND, finding, None)
            elif outcome in (Outcome.NOT_OPERATING, Outcome.UNREACHABLE) or chance.random() < 0.12:
                answers[point.pk] = (Answer.NOT_APPLICABLE, "", None)
            else:
                answers[point.pk] = (Answer.NONE_FOUND, "", None)
        inspecting.answer_points(inspection=check, answers=answers, by=leader)
        rectify = outcome == Outcome.RECTIFY_ORDERED
        end = now + timedelta(minutes=55)
        unit = check.unit

        def finish():
            inspecting.finish_visit(
                inspection=fresh(check),
                by=leader,
                outcome=outcome,
                finding=finding,
                measures={
                    Outcome.ON_SITE_FIXED: "已当场改正，现场复核无误。",
                    Outcome.RECTIFY_ORDERED: "责令限期改正。",
                    Outcome.CASE_FILED: "已立案，进入调查程序。",
                    Outcome.TRANSFERRED: "线索移送市场监管部门。",
                    Outcome.NOT_OPERATING: "现场停产，无生产活动。",
                    Outcome.UNREACHABLE: "按登记地址和电话均无法联系。",
                }.get(outcome, ""),
                rectify_by=self.calendar.add_workdays(end.date(), 15) if rectify else None,
                enterprise_opinion="" if outcome in (Outcome.UNREACHABLE, Outcome.NOT_OPERATING) else "情况属实。",
                at=end,
                **(OFFSITE if check.mode == Mode.OFFSITE else {}),
            )

        self.at(end, f"{check.no}：检查结束", finish, leader)
        approver, officer = self.cast.of(Role.APPROVER, unit), self.cast.of(Role.DISCLOSURE_OFFICER, unit)
        review_day = self.calendar.add_workdays(end.date(), chance.randint(1, 2))
        public_day = self.calendar.add_workdays(review_day, chance.randint(1, 4))
        last = self.calendar.last_workday_on_or_before(
            date(check.year, Quarter(check.year, check.number).months[2], 25)
        )
        public_day = min(public_day, last)
        minute = zlib.crc32(check.no.encode()) % 50
        self.at(
            moment(review_day, 15, minute),
            f"{check.no}：审核结果",
            lambda: inspecting.review_result(inspection=fresh(check), by=approver, opinion="同意"),
            approver,
        )
        self.at(moment(public_day, 16, minute), f"{check.no}：公开结果", lambda: self._publish(check, officer), officer)

    @staticmethod
    def _publish(check: Inspection, officer) -> None:
        check = fresh(check)
        if check.status == InspectionStatus.REVIEWED:
            disclosing.publish_result(inspection=check, by=officer)


def fresh(check: Inspection) -> Inspection:
    return Inspection.objects.select_related("unit", "facility").get(pk=check.pk)


def public_value(source) -> str:
    """The demo's invented outcome of a public source; the same for everybody who asks for the same label."""
    chance = Random(zlib.crc32(source.label.encode()))
    if source.kind == SourceKind.LOTTERY:
        return ",".join(f"{n:02d}" for n in sorted(chance.sample(range(1, 81), 20)))
    if source.kind == SourceKind.DICE:
        return "".join(str(chance.randint(1, 6)) for _ in range(10))
    return "".join(str(chance.randint(0, 9)) for _ in range(7))
