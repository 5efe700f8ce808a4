"""The demo's checks: accepted, carried out, reviewed and published, with outcomes by a chance that is always the same."""

import zlib
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.publishing import actions as disclosing
from inspections.acceptance import actions as taking
from inspections.approvals import actions as approving
from inspections.codes import actions as codes_actions
from inspections.coverage import actions as gap_actions
from inspections.coverage.gaps import DrawnList
from inspections.dispatch import rules as dispatch_rules
from inspections.evidence import actions as evidence_actions
from inspections.models import (
    Answer,
    CheckApproval,
    Inspection,
    InspectionStatus,
    LookResult,
    Medium,
    OffsiteMeans,
    Outcome,
    Paper,
    Source,
)
from inspections.offsite import actions as offsite_actions
from inspections.offsite.rules import Seen
from inspections.replacements import actions as replacing
from inspections.review import actions as review_actions
from inspections.service import actions as service_actions
from inspections.signatures import actions as signatures_actions
from inspections.signatures import rules as signatures_rules
from inspections.visits import actions as visits_actions
from plans.models import AmendmentRequest, ChangeReason, Draw, Mode
from registry.inspectors.roster import away_words
from registry.models import OperatingStatus

from .endings import Endings
from .hand import hand
from .times import moment

OUTCOMES = [
    (Outcome.NO_ISSUE, 780),
    (Outcome.ON_SITE_FIXED, 100),
    (Outcome.RECTIFY_ORDERED, 50),
    (Outcome.CASE_FILED, 40),
    (Outcome.NOT_OPERATING, 20),
    (Outcome.TRANSFERRED, 5),
    (Outcome.UNREACHABLE, 5),
]
# Their files wait for the report of the laboratory (七(七)-l); the archivist asks for it (`Archive`).
SAMPLED = ("210504-2026Q2-0004", "210504-2026Q2-0005")
SAMPLE = {
    "medium": Medium.WATER,
    "place": "废水总排放口",
    "amount": "500 mL × 2",
    "preserved": "4 ℃ 避光",
    "tested_for": "COD、氨氮",
}
SAMPLE |= {"sent_to": "某检测公司（示例）", "witness": "环保主管"}
LOOKS = (
    (OffsiteMeans.ONLINE, "污染源自动监控平台", "小时均值没有超过限值"),
    (OffsiteMeans.VIDEO, "治理设施视频监控", "治理设施正常运行"),
)
PHOTO = ("现场照片.png", b"\x89PNG\r\n\x1a\n" + b"demo")
# One place where nobody was found, on two days, and one that was not reached by the end of the quarter.
FIRST_WITH_PHONES = 3  # the quarter from which the team signs on the phone
NOBODY_THERE, NOT_REACHED = ("210521", 1), ("210522", 2)
RATINGS = [
    (5, "来之前知道要准备什么，没有耽误生产。"),
    (5, ""),
    (4, ""),
    (4, "资料看得细，时间稍长。"),
    (3, "一天来两拨人，希望合并。"),
]
FINDINGS = [
    "危险废物贮存间标识缺失 1 处，台账未按日填写。",
    "废气治理设施运行记录缺少三天，现场负责人称未及时填写。",
    "厂区北侧物料堆场有约 20 平方米未覆盖。",
    "自行监测方案与许可证载明的频次不一致，少测一次。",
    "雨水排放口未设置标志牌。",
    "突发环境事件应急预案超过三年未修订。",
]


class Visits:
    """Lays out the checks of one unit in one quarter."""

    def __init__(self, player):
        self.at, self.cast, self.calendar = player.at, player.cast, player.calendar

    def lay_out(self, quarter: Quarter, unit: Unit) -> None:
        """Spread the unit's checks over the working days until the 18th of the last month."""
        checks = list(
            Inspection.objects.filter(unit=unit, year=quarter.year, number=quarter.number, draw__isnull=False)
            .exclude(status=InspectionStatus.REPLACED)
            .select_related("facility")
            .prefetch_related("members__inspector__user")
            .order_by("no")
        )
        here = (unit.code, quarter.number)
        nobody_there = checks[-1] if here == NOBODY_THERE else None
        if here == NOT_REACHED:
            self._explain(quarter, unit, checks.pop())
        self._take_off(quarter, unit)
        first = self.calendar.add_workdays(quarter.draw_due(self.calendar).target, 1)
        last = date(quarter.year, quarter.months[2], 18)
        days = [
            d
            for d in (first + timedelta(days=i) for i in range((last - first).days + 1))
            if self.calendar.is_workday(d)
        ]
        for n, check in enumerate(checks):
            people = [m.inspector for m in check.members.all()]
            first_choice = n * len(days) // len(checks)
            # On the first day from then on when nobody of the team is registered as away (六(三)-p).
            day = next((d for d in days[first_choice:] if not away_words(people, d)), days[first_choice])
            when = moment(day, 9 + (n % 6 if n % 6 < 3 else n % 6 + 1), 10)
            self._lay_out_one(check, when, Outcome.UNREACHABLE if check == nobody_there else None)

    def _lay_out_one(self, check: Inspection, when: datetime, outcome: Outcome | None = None) -> None:
        leader = check.members.all()[0].inspector.user
        self.at(when - timedelta(minutes=50), f"{check.no}：声明并接受", lambda: accept(check), leader)
        self.at(when, f"{check.no}：现场检查", lambda: self.visit(check, leader, outcome), leader)

    def _explain(self, quarter: Quarter, unit: Unit, check: Inspection) -> None:
        """After the 25th the planner writes why it was not checked, and the leader approves."""
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
        of = {"listing": DrawnList(unit, quarter), "keys": [check.pick_id]}
        day = self.calendar.add_workdays(quarter.close_due(self.calendar).date, 1)
        words = "检查小组两人六月下旬参加突发事件处置，没有到场，下季度优先抽取"
        explain, approve = (partial(act, **of) for act in (gap_actions.explain, gap_actions.approve))
        label = f"{unit} {quarter.label}"
        self.at(moment(day, 9), f"{label}：写没有查完的原因", lambda: explain(words=words, by=planner), planner)
        self.at(moment(day, 10), f"{label}：批准原因", lambda: approve(opinion="属实", by=approver), approver)

    def _take_off(self, quarter: Quarter, unit: Unit) -> None:
        """On the last day of the quarter: what was not checked is taken off before the next freeze (SSJ1 8.1)."""
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)

        def ask():
            left = list(DrawnList(unit, quarter).unfinished().filter(stands=True))
            if left:
                replacing.ask(
                    draw=left[0].draw,
                    reason=ChangeReason.NOTDONE,
                    evidence="季末没有查完，情况见检查记录和已批准的原因",
                    file=PHOTO,
                    by=planner,
                    picks=left,
                )

        def approve():
            waiting = AmendmentRequest.objects.pending().filter(reason=ChangeReason.NOTDONE, draw__unit=unit)
            for request in waiting:
                replacing.approve(request=request, by=approver, document_no=_document_no(unit, quarter, "季末"))

        label = f"{unit} {quarter.label}"
        self.at(moment(quarter.last_day, 10), f"{label}：申请按没有查完办理", ask, planner)
        self.at(moment(quarter.last_day, 15), f"{label}：批准按没有查完办理", approve, approver)

    def _replace(self, check: Inspection) -> None:
        """The next working day the leader approves the registry's change and the replacement; then somebody goes there."""
        unit, quarter = check.unit, Quarter(check.year, check.number)
        planner, approver = self.cast.of(Role.PLANNER, unit), self.cast.of(Role.APPROVER, unit)
        day = self.calendar.add_workdays(clock.today(), 1)

        def approve():
            for request in AmendmentRequest.objects.pending().filter(picks=check.pick_id):
                replacing.approve(request=request, by=approver, document_no=_document_no(unit, quarter, check.no[-4:]))
                draw = Draw.objects.get(pk=check.draw_id)
                if any(not task.obstacle for task in dispatch_rules.waiting(draw, clock.today())):
                    made = taking.hand_out(draw=draw, by=planner)
                    approve_list(unit, approver)
                    for n, sent in enumerate(made):
                        self._lay_out_one(sent, moment(self.calendar.add_workdays(day, 1), 9 + n, 30))

        self.at(moment(day, 10, 5), f"{check.no}：批准名录变更和更换", approve, approver)

    def _said(self, check: Inspection) -> None:
        """What some enterprises say of the visit afterwards."""
        chance = Random(zlib.crc32(f"{check.no} said".encode()))
        if chance.random() < 0.3:
            grade, words = chance.choice(RATINGS)
            codes_actions.rate(inspection=check, grade=grade, words=words)

    def visit(self, check: Inspection, leader, outcome: Outcome | None = None, found_at: str = "") -> None:
        check = fresh(check)
        chance = Random(zlib.crc32(check.no.encode()))
        by_chance = chance.choices([o for o, _ in OUTCOMES], [w for _, w in OUTCOMES])[0]
        outcome = outcome or by_chance
        if check.facility.status != "OPERATING":
            outcome = Outcome.NOT_OPERATING
        here = chance.choice(["厂长", "环保主管", "值班负责人"])
        now = clock.now()
        members = [m.inspector for m in check.members.select_related("inspector")]
        check = visits_actions.start_visit(
            inspection=check,
            by=leader,
            at=now,
            identity_shown_at=now if check.mode == Mode.ONSITE else None,
            recorder_no=f"JLY-{check.unit.code[-3:]}-{chance.randint(1, 6):02d}" if check.mode == Mode.ONSITE else "",
            contact_person=here,
            present=members,
        )
        if check.mode == Mode.ONSITE and outcome not in (Outcome.NOT_OPERATING, Outcome.UNREACHABLE):
            service_actions.deliver(inspection=check, paper=Paper.NOTICE, by=leader, at=now)
        found = outcome not in (Outcome.NO_ISSUE, Outcome.NOT_OPERATING, Outcome.UNREACHABLE)
        points = list(check.answers.order_by("item_code", "number"))
        bad = chance.randrange(len(points)) if found else None
        if found and found_at:  # not mended
            bad = next(n for n, point in enumerate(points) if point.text == found_at)
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
            elif outcome in (Outcome.NOT_OPERATING, Outcome.UNREACHABLE) or (
                chance.random() < 0.12 and check.source != Source.REVIEW
            ):
                answers[point.pk] = (Answer.NOT_APPLICABLE, "", None)
            else:
                answers[point.pk] = (Answer.NONE_FOUND, "", None)
        visits_actions.answer_points(inspection=check, answers=answers, by=leader)
        if check.mode == Mode.OFFSITE:
            self._look(check, leader, points, "" if bad is None else finding)
        rectify = outcome == Outcome.RECTIFY_ORDERED
        end = now + timedelta(minutes=55)
        unit = check.unit

        def finish():
            visits_actions.conclude(
                inspection=check,
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
                **_proofs(check, outcome),
            )
            self._sign(check, leader, outcome, here)
            visits_actions.finish_visit(inspection=check, by=leader, at=end)
            if check.mode == Mode.ONSITE and zlib.crc32(check.no.encode()) % 8:
                evidence_actions.enter_recording(
                    inspection=check,
                    recorder_no=check.recorder_no,
                    starts_at=check.started_at,
                    ends_at=end,
                    file_name=f"{check.recorder_no}_{end:%m%d%H%M}.MP4",
                    by=leader,
                )
            elif check.mode == Mode.ONSITE:  # of some the card turns out to be broken
                told = {"inspection": check, "reason": "存储卡损坏，送修以后仍读不出", "by": leader}
                day = self.calendar.add_workdays(end.date(), 15)
                what = f"{check.no}：写明录像读不出的原因"
                self.at(moment(day, 16, 40), what, lambda: evidence_actions.explain_gaps(**told), leader)
            if check.no in SAMPLED:
                evidence_actions.enter_sample(
                    inspection=check, by=leader, no=f"SY-{check.no[-4:]}", **SAMPLE, taken_at=now
                )
            if outcome not in (Outcome.NOT_OPERATING, Outcome.UNREACHABLE):
                service_actions.deliver(inspection=check, paper=Paper.RESULT, by=leader, at=end)
                self._said(check)
            if outcome == Outcome.NOT_OPERATING:
                self._replace(check)

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
            lambda: review_actions.review_result(inspection=check, by=approver, opinion="同意"),
            approver,
        )
        self.at(moment(public_day, 16, minute), f"{check.no}：公开结果", lambda: self._publish(check, officer), officer)
        Endings(self).of_check(check, outcome, review_day, public_day)

    @staticmethod
    def _look(check: Inspection, leader, points, clue: str) -> None:
        """Two looks from outside at the 30 days before, in words that are true of each (七(三)-b)."""
        today = clock.today()
        month = {"period_from": today - timedelta(days=30), "period_to": today - timedelta(days=1)}
        screen = ("截图.png", hand(check.no).content)
        for method, source, said in LOOKS:
            told = clue if method == OffsiteMeans.ONLINE else ""
            seen = Seen(
                method=method,
                source=source,
                **month,
                result=LookResult.CLUE if told else LookResult.NOTHING,
                clue=told,
                points={points[0].pk: told or said},
                files=[screen],
            )
            offsite_actions.look(inspection=check, seen=seen, by=leader)

    @staticmethod
    def _sign(check: Inspection, leader, outcome: Outcome, here: str) -> None:
        """Everybody on the leader's phone; in the quarters that are over still on paper."""
        if not signatures_rules.is_signed(check, outcome):
            return
        of = {"inspection": check, "by": leader}
        if check.number < FIRST_WITH_PHONES:
            signatures_actions.sign_on_paper(
                **of,
                scan=("签字的笔录.png", hand(here).content),
                name=here,
                inspectors=[member.inspector for member in check.who_came],
                at=clock.now(),
            )
            return
        signatures_actions.sign(**of, mark=hand(here), name=here)
        for member in check.who_came:
            signatures_actions.sign(**of, mark=hand(member.inspector.name), inspector=member.inspector)

    @staticmethod
    def _publish(check: Inspection, officer) -> None:
        check = fresh(check)
        if check.status == InspectionStatus.REVIEWED:
            disclosing.publish_result(inspection=check, by=officer)


def _proofs(check: Inspection, outcome: Outcome) -> dict:
    """What a visit in vain adds to its record."""
    if outcome == Outcome.NOT_OPERATING:
        return {"registry_status": OperatingStatus.SUSPENDED, "file": PHOTO}
    if outcome == Outcome.UNREACHABLE:
        return {"earlier_attempt_on": localtime(check.dispatched_at).date(), "file": PHOTO}
    return {}


def _document_no(unit: Unit, quarter: Quarter, what: str) -> str:
    return f"本环{unit.short_name[:2]}更〔{quarter.year}〕{quarter.number}-{what} 号"


def accept(check: Inspection) -> None:
    """Everybody of the team declares both for himself."""
    for member in check.members.filter(acceptance__accepted_at__isnull=True).select_related("inspector__user"):
        taking.accept(inspection=check, no_conflict=True, discipline=True, by=member.inspector.user)


def approve_list(unit: Unit, approver) -> None:
    """The leader approves the whole list that waits; where the chain says so, after the head of the section."""
    heads = User.objects.filter(grants__role=Role.SECTION_HEAD, grants__unit__serves=unit)
    for person in (*heads, approver):
        if waiting := list(CheckApproval.objects.to_decide(person).filter(inspection__unit=unit)):
            trail.act_as(person)
            approving.decide(asked=waiting, approve=True, opinion="同意", by=person)


def fresh(check: Inspection) -> Inspection:
    return Inspection.objects.select_related("unit", "facility").get(pk=check.pk)
