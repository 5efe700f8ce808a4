"""What the demo's findings lead to: orders to correct, cases and referrals in each of their states (八(二)-e, -f)."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from disclosure.followups import actions as disclosing
from inspections.cases import actions as cases
from inspections.cases.rules import Asked
from inspections.models import (
    Case,
    CaseActKind,
    Degree,
    DiscussionGround,
    FollowUp,
    Inspection,
    InspectionStatus,
    Origin,
    Outcome,
    Referral,
    ReferralKind,
    ReviewGround,
    Verdict,
)
from inspections.referrals import actions as referrals

from .mending import LAST, Mending
from .times import moment

CASE = {
    "origin": Origin.RESULT,
    "matter": "涉嫌不正常运行污染防治设施",
    "basis": "《中华人民共和国水污染防治法》（示例条款）",
}
LETTER = {
    "matter": "厂区取水口没有计量设施，涉嫌无证取水（示例）",
    "basis": "《取水许可和水资源费征收管理条例》（示例条款）",
    "enclosed": "现场检查笔录 1 份、照片 3 张",
}
WATER, LAND, POLICE = "本溪市水务局", "本溪市自然资源局", "本溪市公安局"


class Endings(Mending):
    def __init__(self, player):
        self.at, self.cast, self.calendar = player.at, player.cast, player.calendar

    def of_check(self, check: Inspection, outcome: Outcome, reviewed: date, public: date) -> None:
        """A result that says so is to be mended, becomes a case, or goes to another department."""
        if outcome == Outcome.RECTIFY_ORDERED:
            self._publish(check, public)
            self.at(moment(reviewed, 17), f"{check.no}：安排整改", partial(self._mend, check))
        elif outcome == Outcome.CASE_FILED:
            self._case(check, self._later(public, 1))
        elif outcome == Outcome.TRANSFERRED:
            self._refer(check, self._later(reviewed, 1), LAND, upto=4)

    def in_august(self) -> None:
        """Of what was mended at once somewhere in the city: a case that waits, one not filed, a referral in each state."""

        def lay_out():
            mended = Inspection.objects.filter(outcome=Outcome.ON_SITE_FIXED, status=InspectionStatus.PUBLISHED)
            found = list(mended.filter(cases=None).select_related("unit").order_by("no")[:5])
            for n, check in enumerate(found):
                self._refer(check, LAST if n < 2 else LAST - timedelta(days=1 + 6 * n), WATER, upto=n)
            for check, returned in zip(found, (False, True), strict=False):
                self._put_forward(check, LAST, returned=returned)
            if found:
                self._refer(found[0], LAST, LAND, upto=0, returned=True)
                self._refer(found[-1], LAST - timedelta(days=20), LAND, upto=3, declined=True)

        self.at(moment(date(2026, 7, 20), 8), "安排后续处理", lay_out)

    # --- cases ---------------------------------------------------------------------------------------------------------

    def _put_forward(self, check: Inspection, day: date, *, returned: bool) -> None:
        leader = self._of(Role.APPROVER, check)
        self._act(day, 10, check, "提出立案", lambda by: cases.ask(inspection=check, **CASE, by=by))
        if returned:
            words = "情节轻微，已当场改正，不予立案"
            reject = lambda by: cases.reject_case(case=self._of_check(check), by=by, opinion=words)  # noqa: E731
            self._act(day, 15, check, "不予立案", reject, leader)

    def _case(self, check: Inspection, day: date, origin: str = Origin.RESULT) -> None:
        leader = self._of(Role.APPROVER, check)

        def file_case(by):
            number = f"本环立〔{day.year}〕{check.no[-4:]}号（示例）"
            case = cases.file_case(case=self._of_check(check), by=by, document_no=number, opinion="同意")
            (self._fined, self._extended, self._crime)[Case.objects.filed().count() % 3](case, day)

        said = CASE | {"origin": origin}
        self._act(day, 9, check, "提出立案", lambda by: cases.ask(inspection=check, **said, by=by))
        self._act(day, 15, check, "批准立案", file_case, leader)
        self._publish(check, day)

    def _fined(self, case: Case, day: date) -> None:
        """With the review that a hearing asks for and the heads' discussion of a grave one, up to the end."""
        office = self.cast.of(Role.LEAD_OFFICE, "210500")
        check, review = case.inspection, {"reason": "事实、证据和拟罚款的数额", "review_ground": ReviewGround.HEARING}
        self._step(check, day + timedelta(days=20), CaseActKind.REVIEW, office, **review)
        talks = self.calendar.last_workday_on_or_before(day + timedelta(days=28))
        talked = {"first_day": talks, "participants": "局长、两名副局长（示例）"}
        self._step(check, talks, CaseActKind.DISCUSSED, **talked, reason="一致同意罚款 60 万元")
        fine = {"verdict": Verdict.PENALTY, "degree": Degree.COMMON, "public_words": "罚款 60 万元。"}
        fine |= {"discussion_ground": DiscussionGround.AMOUNT}
        self._step(
            # further off than the longest holiday, before which a step falls: each is decided before the next is asked for
            check,
            day + timedelta(days=38),
            CaseActKind.VERDICT,
            **fine,
            reason="台账和监测报告证明违法事实成立",
        )
        self._step(check, day + timedelta(days=48), CaseActKind.ENDING, reason="罚款已缴纳，票据 1 份（示例）")

    def _extended(self, case: Case, day: date) -> None:
        """Its period was extended; the decision is still to be made, or waits for its approval."""
        check = case.inspection
        self._step(check, day + timedelta(days=40), CaseActKind.EXTENSION, reason="第三方监测报告还没有出来（示例）")
        minor = {"verdict": Verdict.MINOR, "public_words": "违法行为轻微并及时改正，不予行政处罚。"}
        self._step(check, day + timedelta(days=75), CaseActKind.VERDICT, **minor, reason="及时改正，没有造成危害后果")

    def _crime(self, case: Case, day: date) -> None:
        """The first goes to the police; of the others a slight penalty, which is not made public."""
        check = case.inspection
        if Referral.objects.filter(kind=ReferralKind.POLICE).exists():
            slight = {"verdict": Verdict.PENALTY, "degree": Degree.SLIGHT}
            self._step(check, day + timedelta(days=25), CaseActKind.VERDICT, **slight, reason="首次违法，危害后果轻微")
            return
        words = {
            "verdict": Verdict.CRIME,
            "public_words": "涉嫌犯罪，移送司法机关。",
            "reason": "涉嫌污染环境罪（示例）",
        }
        self._refer(check, day, POLICE, upto=3, kind=ReferralKind.POLICE)
        self._step(check, day + timedelta(days=10), CaseActKind.VERDICT, **words)

    def _step(self, check: Inspection, day: date, kind: str, by=None, **asked) -> None:
        """Asked in the morning, decided in the afternoon by the leader or, of a review, by the lead office."""
        day = self.calendar.last_workday_on_or_before(day)
        number = {"document_no": f"本环案〔{day.year}〕{check.no[-4:]}-{day:%m%d} 号（示例）"}
        more = {"qualification": "2009 年起从事法制审核"} if kind == CaseActKind.REVIEW else {}
        label = CaseActKind(kind).label

        def ask(by):
            cases.ask_act(case=self._of_check(check), asked=Asked(kind=kind, **asked), by=by)

        def approve(by):
            for act in self._of_check(check).acts.pending().select_related("case"):
                cases.approve_act(act=act, by=by, **number, **more, opinion="同意")

        self._act(day, 9, check, f"提出{label}", ask)
        self._act(day, 16, check, f"批准{label}", approve, by or self._of(Role.APPROVER, check))
        self._publish(check, day)

    @staticmethod
    def _of_check(check: Inspection) -> Case:
        return Case.objects.select_related("inspection__unit").filter(inspection=check).latest("pk")

    # --- referrals -----------------------------------------------------------------------------------------------------

    def _refer(
        self, check: Inspection, day: date, body: str, *, upto: int, returned=False, declined=False, **more
    ) -> None:
        """Up to: 0 asked, 1 approved, 2 sent, 3 taken or declined, 4 answered."""
        said = {"kind": ReferralKind.DEPARTMENT, **LETTER, **more, "body": body}
        number = f"本环移〔{day.year}〕{check.no[-4:]}号（示例）"
        leader, sent_on = self._of(Role.APPROVER, check), self._later(day, 1)

        def this() -> Referral:
            return Referral.objects.select_related("inspection__unit").get(inspection=check, body=body)

        def send(by):
            referrals.send(referral=this(), by=by, at=clock.now(), way="机要交换，单号 0716（示例）")

        def take(by):
            said = {"words": "不属于本单位职权，退回（示例）" if declined else "", "number": "收文回执（示例）"}
            referrals.take(referral=this(), by=by, taken=not declined, on=clock.today(), **said)

        def answer(by):
            referrals.answer(referral=this(), by=by, on=clock.today(), words="已责令补办手续（示例）")

        reject = partial(self._reject, this)
        said_so = "局长当日批准（示例）" if said.get("kind") == ReferralKind.POLICE else "同意"
        approve = lambda by: referrals.approve(referral=this(), by=by, document_no=number, opinion=said_so)  # noqa: E731
        ask = lambda by: referrals.ask(inspection=check, **said, found_on=clock.today(), by=by)  # noqa: E731
        self._act(day, 9, check, "提出移送", ask)
        if returned or upto:
            self._act(day, 14, check, "审批移送", reject if returned else approve, leader)
        for n, words, act, on in (
            (2, "送出移送函", send, sent_on),
            (3, "登记回执", take, self._later(sent_on, 3)),
            (4, "登记反馈", answer, self._later(sent_on, 12)),
        ):
            if upto >= n:
                self._act(on, 10, check, words, act)
                self._publish(check, on)

    @staticmethod
    def _reject(this: Callable[[], Referral], by) -> None:
        referrals.reject(referral=this(), by=by, opinion="归我局管辖，先按案件办理")

    # --- how an act is laid out ----------------------------------------------------------------------------------------

    def _act(self, day: date, hour: int, check: Inspection, words: str, act: Callable, by=None) -> None:
        """By the planner, where nobody else is named."""
        by = by or self._of(Role.PLANNER, check)
        self.at(moment(day, hour, int(check.no[-2:]) % 50), f"{check.no}：{words}", partial(act, by), by)

    def _publish(self, check: Inspection, day: date) -> None:
        """The next working day the officer publishes what was handed over."""
        officer = self._of(Role.DISCLOSURE_OFFICER, check)

        def publish():
            for step in FollowUp.objects.waiting().filter(
                inspection=check, inspection__status=InspectionStatus.PUBLISHED
            ):
                disclosing.publish_step(step=step, by=officer)

        self.at(moment(self._later(day, 1), 11), f"{check.no}：公开后续处理", publish, officer)

    def _later(self, day: date, days: int) -> date:
        return self.calendar.add_workdays(day, days)

    def _of(self, role: str, check: Inspection):
        return self.cast.of(role, check.unit)
