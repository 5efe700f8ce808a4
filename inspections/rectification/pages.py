"""What the pages of 整改 show (ui-2.md 24): how it stands in a sentence, its six steps, four figures, what the public sees."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import TONES as TONES_OF_REQUESTS
from benxi_shuangsuiji.notices.agenda import badge_of
from benxi_shuangsuiji.subjects import house
from benxi_shuangsuiji.workdays.days import Calendar, full_date, moment_words, remaining, short_date, weekday
from inspections.checks.states import ENDED
from inspections.codes.pages import result_address
from inspections.followups.pages import figures, running, strip
from inspections.models import (
    ActKind,
    ActState,
    FollowUpStep,
    Rectification,
    RectificationAct,
    RectificationReport,
    RectificationState,
    ReportedState,
    TargetedState,
)
from registry import questions

from . import clock, duties, rules

SEES = (P.SEE_SEALED, P.FIELD_WORK, P.PUBLISH, P.SEE_PROGRESS)
TONES = {
    RectificationState.OPEN: "warn",
    RectificationState.HALTED: "wait",
    RectificationState.HANDED: "bad",
    RectificationState.CLOSED: "ok",
    RectificationState.VOID: "wait",
}
ACT_TONES = TONES_OF_REQUESTS | {ActState.ASKED: "run", ActState.MORE: "warn", ActState.OVER: "wait"}
REPORTED = {ReportedState.DONE: "ok", ReportedState.DOING: "run", ReportedState.DISPUTED: "warn"}
MENDED = {True: ("ok", "已改好"), False: ("bad", "没有改好"), None: ("wait", "没有复查")}
ENDS = {RectificationState.CLOSED: "办结", RectificationState.HANDED: "转立案"}
FINDING = "描述"  # as `disclosure.revisions.places` calls it
SOON = 5  # days left from which a limit is urgent
NEVER_PUBLIC = "企业的报告和照片、延期理由和意见、检查人员姓名和证号、录像。办没办完、延没延过、复查结果都公开。"


def count(user: User, unit: Unit | None, quarter):
    """Those of the unit that are running, for its circle; red when a re-inspection is late."""
    if unit is None or not user.may(P.SEE_SEALED, unit):
        return None
    return running(Rectification.objects.running(), duties.AGAIN, unit)


def along(found):
    """What a row or the page reads, in a handful of queries however many there are."""
    sent = RectificationReport.objects.filter(sent_at__isnull=False).prefetch_related(
        "lines__point", "lines__files__file"
    )
    return found.select_related(
        "inspection__facility", "inspection__unit", "inspection__executing_unit", "inspection__draw", "checked_again"
    ).prefetch_related(
        "points",
        Prefetch("acts", RectificationAct.objects.select_related("asked_by", "decided_by", "decided_in", "file")),
        Prefetch("reports", sent),
        "inspection__members__inspector",
        "inspection__deliveries",
        "inspection__reviews__inspection",
        "inspection__followups",
    )


@dataclass(frozen=True)
class Standing:
    """One 整改 as it stands today, from what `along` has read."""

    r: Rectification
    today: date
    calendar: Calendar
    objected: Collection[str] = ()  # numbers of the checks to whose public result somebody objects
    named: bool = True  # for the circle; others read of the team, not of people

    @property
    def check(self):
        return self.r.inspection

    @cached_property
    def points(self) -> list:
        return list(self.r.points.all())

    @cached_property
    def served(self):
        return clock.served(self.check)

    @cached_property
    def pending(self) -> RectificationAct | None:
        return next((act for act in self.r.acts.all() if act.waits), None)

    @cached_property
    def reports(self) -> list[RectificationReport]:
        return list(self.r.reports.all())

    @cached_property
    def report(self) -> RectificationReport | None:
        return self.reports[-1] if self.reports else None

    @cached_property
    def wish(self) -> RectificationReport | None:
        """The enterprise's wish that the team has not passed on, as `duties.wish_of` says of one."""
        last = next((r for r in reversed(self.reports) if r.wish_until), None)
        used = last and any(act.report_id == last.pk and act.state != ActState.OVER for act in self.r.acts.all())
        return last if last and not used and last.wish_until > self.r.due and self.is_open else None

    @cached_property
    def again(self):
        """The re-inspection under way, as `inspections.targeted.rules` says."""
        standing = (TargetedState.ASKED, TargetedState.APPROVED)
        asked = [a for a in self.check.reviews.all() if a.state in standing]
        return next((a for a in asked if a.inspection is None or a.inspection.status not in ENDED), None)

    @property
    def is_open(self) -> bool:
        return self.r.state == RectificationState.OPEN

    @property
    def leader(self) -> str:
        """Whose turn the team's is."""
        team = self.check.members.all() if self.named else ()
        return next((m.inspector.name for m in team if m.is_leader), "检查小组")

    @property
    def done(self) -> int:
        return sum(line.state == ReportedState.DONE for line in self.report.lines.all()) if self.report else 0

    @cached_property
    def mended(self) -> list[bool | None]:
        return [point.mended for point in self.points]

    @cached_property
    def checked(self):
        """The re-inspection that settles it: all is mended, or what is not was looked at when the period was over."""
        return self.r.checked_again if all(self.mended) or rules.looked_at_after(self.r) else None

    @cached_property
    def under_objection(self) -> bool:
        return self.check.no in self.objected

    @cached_property
    def again_by(self) -> date:
        return clock.check_again_by(self.r, self.calendar).date

    @cached_property
    def sentence(self) -> tuple[str, str]:
        """(tone, how it stands): the table of ui-2.md 24."""
        r, today = self.r, self.today
        if r.state == RectificationState.CLOSED:
            public = any(s.step == FollowUpStep.MENDED and s.published_at for s in self.check.followups.all())
            told = "公开页已写明改好" if public else "等公示员公开"
            return "", f"{_day(r.closed_at)}办结。{told}"
        if r.state == RectificationState.HANDED:
            return "", f"{_day(r.closed_at)}转立案。问题、证据和文书一起带过去"
        if r.state == RectificationState.VOID:
            return "", "结果更正或者撤销以后不再责令改正"
        if r.state == RectificationState.HALTED:
            return "", "企业停产，整改期中止；复产那天接着算"
        if self.served is None:
            return "soon", "责令改正还没有送达，期限从送达起算"
        if rules.unsettled(self.r) and not self.pending:
            return "soon", f"检查结果更正过。等{self.leader}核对整改的问题"
        if act := self.pending:
            return "soon", f"{act.get_kind_display()}：等{act.decided_in.short_name}分管负责人决定"
        if self.wish:
            return "soon", f"企业申请延到 {short_date(self.wish.wish_until)}。等{self.leader}提出意见"
        if all(self.mended):
            day = _day(r.checked_again.ended_at)
            return "soon", f"{day}复查：{len(self.mended)} 处都改好。等{self.leader}提出办结"
        if self.checked:
            return "over", f"复查：{self.mended.count(False)} 处没有改。转立案，或经批准再责令一次"
        if self.again:
            return "", f"复查 {self.again.no}，{self.again.get_state_display()}"
        if today > self.again_by:
            return "over", f"复查{remaining(self.again_by, today)}"
        if today > r.due:
            return "soon", f"期满 {(today - r.due).days} 天，还没有复查。{short_date(self.again_by)}前复查"
        if r.checked_again:
            return "soon", f"复查：{self.mended.count(False)} 处没有改，{remaining(r.due, today)}。期满以后再复查一次"
        if self.report:
            at = _day(self.report.sent_at)
            return "", f"企业 {at}报告：改完 {self.done} 处，复查以前不算改好"
        left = (r.due - today).days
        if left <= SOON:
            return "soon", f"{remaining(r.due, today)}，企业没有报告。企业办理的网页上写着期限"
        return "", f"{remaining(r.due, today)}　{short_date(r.due)}（{weekday(r.due)}）前改正"

    @property
    def tone(self) -> str:
        return self.sentence[0]

    @property
    def words(self) -> str:
        return self.sentence[1]

    @property
    def steps(self) -> list[dict]:
        """发现问题 → 责令改正 → 企业报告 → 延期 → 复查 → 办结; 延期 only where it was asked for."""
        extensions = [a for a in self.r.acts.all() if a.kind == ActKind.EXTEND and a.state != ActState.OVER]
        served, report = self.served, self.report
        rows = [
            ("发现问题", self.check.ended_at, ""),
            ("责令改正", served and served.at, "等送达"),
            ("企业报告", report and report.sent_at, f"{short_date(self.r.due)}前"),
        ]
        if extensions or self.wish:
            last = extensions[0] if extensions and not self.wish else None
            refused = last is not None and last.state in (ActState.RETURNED, ActState.MORE)
            rows.append(("延期没有同意" if refused else "延期", last and last.decided_at, "等决定"))
        checked, end = self.checked, ENDS.get(self.r.state)
        rows.append(("复查", checked and checked.ended_at, f"{short_date(self.again_by)}前"))
        rows.append((end or "办结", self.r.closed_at if end else None, "复查合格以后"))
        late = self.is_open and self.today > self.again_by and checked is None
        return strip(rows, late=late, said=_day)

    @property
    def figures(self) -> list[dict]:
        r, due = self.r, self.r.due
        left = remaining(due, self.today) if self.is_open and self.served else r.get_state_display()
        note = f"{short_date(due)}（{weekday(due)}）"
        if self.is_open and not self.served:
            left, note = "还没有送达", f"文书写的是 {note}"
        over = self.is_open and self.today > due
        if over and all(self.mended):
            left, over = "已改好", False
        times = sum(a.kind == ActKind.EXTEND and a.state == ActState.APPROVED for a in r.acts.all())
        asked = self.pending if self.pending and self.pending.kind == ActKind.EXTEND else None
        until = asked.until if asked else self.wish.wish_until if self.wish else None
        extended = ("延期", f"{times} 次" if times else "没有", "再延要市局分管负责人同意" if times else "")
        if until:
            extended = ("申请延到", short_date(until), f"第 {times + 1} 次申请")
        within = policy.on(due).recommended.reinspection_within_workdays
        reported = f"改完 {self.done} 处" if self.report else "没有"
        return figures(
            [
                ("整改期限", left, note, over),
                (*extended, False),
                ("复查最迟", short_date(self.again_by), f"期满后 {within} 个工作日内", False),
                ("企业报告", reported, f"共 {len(self.points)} 处，复查以前不算改好", False),
            ]
        )

    @property
    def rows(self) -> list[dict]:
        """发现了什么，要求怎么改."""
        said = {line.point_id: line for line in self.report.lines.all()} if self.report else {}
        asked = self.pending.points if self.pending and self.pending.kind == ActKind.EXTEND else []
        return [
            {
                "point": point,
                "line": said.get(point.pk),
                "reported": REPORTED.get(said[point.pk].state, "wait") if point.pk in said else "wait",
                "asked": self.pending.until if point.n in asked else None,
                "mended": MENDED[point.mended],
            }
            for point in self.points
        ]

    @property
    def corrected_words(self) -> str:
        """What the correction of the result means for the points, which say what was ordered."""
        if rules.unsettled(self.r):
            return f"整改的问题还是原来写的，等{self.leader}逐处核对，分管负责人决定。"
        running = self.r.state in (RectificationState.OPEN, RectificationState.HALTED)
        return "整改的问题已经核对。" if running else ""

    @property
    def public_finding(self) -> str:
        """The words that the public reads; the record stays as it was signed."""
        return next((new for label, _, new in self.r.corrected if label == FINDING), self.check.finding)

    @property
    def public_url(self) -> str:
        return result_address(self.check)

    @property
    def told(self) -> list[str]:
        """What the page of the enterprise's link says: no message is sent to it, so it reads there what is due and what then."""
        r, due = self.r, short_date(self.r.due)
        if r.state == RectificationState.CLOSED:
            return ["复查都已改好，整改办结。"]
        if r.state == RectificationState.HANDED:
            return ["到期没有改好，已转立案查处。"]
        if r.state == RectificationState.HALTED:
            return ["停产期间不计算改正期限，复产那天接着算。复产以前告诉检查单位。"]
        if r.state == RectificationState.VOID:
            return ["检查结果已更正或者撤销，不用再改正。"]
        found = [f"{due}前改完，交整改报告，附照片。"]
        if rules.unsettled(self.r):
            found.append("检查结果更正过，正在核对问题的写法，期限不变。")
        if (self.pending and self.pending.kind == ActKind.EXTEND) or self.wish:
            found.append("延期的申请等决定，决定以前期限不变。")
        elif self.today <= r.due:
            found.append("期限不够的，期满以前在整改报告里申请延期。")
        else:
            found.append("期限已过。没有改完的尽快改，并交整改报告。")
        found.append(f"最迟 {short_date(self.again_by)}复查，复查以前不算改好。")
        return [*found, "没有改好的，转立案查处，或者再次责令改正，都向社会公开。"]

    @property
    def afterwards(self) -> tuple[str, str] | None:
        """What the public reads once the pending request is agreed to: (old, new)."""
        act = self.pending
        if act is None or act.kind == ActKind.AMEND:
            return None
        if act.kind == ActKind.EXTEND:
            again = f"{full_date(act.until)}（{short_date(self.today)}批准延期）"
            return full_date(self.r.due), again
        return "", {
            ActKind.CLOSE: f"复查 {len(self.points)} 处问题都已改好，整改办结",
            ActKind.AGAIN: f"没有改好的，再次责令 {full_date(act.until)}前改正" if act.until else "",
            ActKind.TO_CASE: "到期没有改好，转立案查处",
            ActKind.HALT: "企业停产，整改期中止",
            ActKind.RESUME: "企业复产，改正期限接着计算",
        }[act.kind]

    @property
    def besides(self) -> list[str]:
        """What else the same visit opened that is not over yet, room by room (`Subject.ends`)."""
        others = [name for name in house().ends if not name.startswith(__package__)]
        found = [import_string(name)([self.check]).get(self.check.pk) for name in others]
        return [ending.waits for ending in found if ending and ending.waits]

    @property
    def course(self) -> list[dict]:
        """经过, the newest first."""
        found = [(self.check.ended_at, "检查结束", f"发现 {len(self.points)} 处问题", "")]
        if self.served:
            how = "企业签收" if self.served.accepted else f"企业拒收，见证人 {self.served.witness}"
            found.append((self.served.at, "责令改正送达", how, ""))
        if self.check.published_at:
            found.append((self.check.published_at, "结果公开", "", "g"))
        for report in self.reports:
            wish = f"，申请延到 {short_date(report.wish_until)}" if report.wish_until else ""
            found.append((report.sent_at, f"企业交报告{wish}", "凭通知书上的链接", ""))
        for act in self.r.acts.all():
            found.append((act.asked_at, f"提出{act.get_kind_display()}", act.asked_by.full_name, "k"))
            if act.decided_at:
                what = f"{act.get_kind_display()}{act.get_state_display()}"
                found.append((act.decided_at, what, act.decided_by.full_name, "g"))
        if self.r.checked_again:
            found.append((self.r.checked_again.ended_at, "复查", self.r.checked_again.no, "g"))
        found.sort(key=lambda entry: entry[0])  # of one minute what happened first stays first
        rows = [{"what": what, "who": who, "when": moment_words(at), "state": state} for at, what, who, state in found]
        return rows[::-1]

    def papers(self, user: User, reads: bool) -> list[dict]:
        """文书: each with its day, or why there is none yet."""
        circle = user.may(P.SEE_SEALED, self.check.unit_id) or any(
            m.inspector.user_id == user.pk for m in self.check.members.all()
        )

        def of_check(check, kind: str) -> str:
            return reverse("inspections:paper", args=[check.no, kind, "pdf"]) if circle else ""

        rows = [{"title": "检查结果告知书（责令改正）", "url": of_check(self.check, "result"), "note": ""}]
        taken = f"{_day(self.served.at)}{'签收' if self.served.accepted else '拒收'}" if self.served else "没有送达"
        rows.append({"title": "送达回证", "url": of_check(self.check, "receipt") if self.served else "", "note": taken})
        for act in reversed(list(self.r.acts.all())):
            at = reverse("inspections:rectification-paper", args=[self.check.no, act.pk])
            decided = bool(act.decided_at)
            note = _day(act.decided_at) if decided else "决定以后生成" if act.waits else act.get_state_display()
            rows.append(
                {"title": f"{act.get_kind_display()}审批表", "url": at if decided and reads else "", "note": note}
            )
        if again := self.r.checked_again:
            rows.append({"title": "复查笔录", "url": of_check(again, "record"), "note": _day(again.ended_at)})
        return rows


def standing_of(found: Rectification, today: date, named: bool = True) -> Standing:
    return Standing(found, today, workdays.calendar(), questions.ask.under_objection(), named)


def standings(found: Iterable[Rectification], today: date, mine: Collection[int]) -> list[Standing]:
    """`mine`: the checks whose names the reader reads."""
    calendar, objected = workdays.calendar(), questions.ask.under_objection()
    return [Standing(r, today, calendar, objected, r.inspection_id in mine) for r in found]


def _day(at) -> str:
    return short_date(localtime(at).date())


def due_of(act: RectificationAct, today: date) -> dict | None:
    return badge_of(duties.DECISION.duties.filter(period=duties.period_of(act)).first(), today)
