"""The demo's reports: every quarter of every unit, the city's summaries, the sendings to the province, the year."""

from collections.abc import Callable
from datetime import date, timedelta

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.city import roundups
from inspections.bulletins import actions as bulletins
from inspections.bulletins.content import Subject
from inspections.models import BulletinKind
from inspections.reports import actions as reporting
from inspections.reports import provincial
from inspections.reports.periods import Period

YEAR = 2026
LATE_REPORT = ("210522", 2)  # two working days late
UNSIGNED_BULLETIN = 2  # of this quarter
RETURNED_REPORT = ("210521", 2)  # given back once
PROBLEMS = [
    "危险废物台账不按日填写的较多，主要是中小企业环保人员变动频繁。",
    "自行监测频次与许可证载明不一致的问题仍有发生。",
    "部分企业应急预案超过三年没有修订，已逐家告知。",
    "无",
]
PRACTICES = [
    "检查前一周发放自查表，现场只核对自查发现的问题。",
    "同一园区的检查安排在同一天，减少往返。",
    "",
]
NEXT = "继续落实重点对象全覆盖，提高非现场检查比例，抓好检查结果运用。"


class Reports:
    """Lays the events out on the player's clock; every one is an action that the pages call too."""

    def __init__(self, player, moment: Callable, *, without_draw: tuple[str, int]):
        self.player, self.cast, self.units, self.moment = player, player.cast, player.drawing_units, moment
        self.calendar, self.without_draw = player.calendar, without_draw
        self.lead_office = self.cast.of(Role.LEAD_OFFICE, "210500")
        self.bureau = self.cast.of(Role.BUREAU_READER, "2105SJ")

    def lay_out(self) -> None:
        for number in (1, 2, 3, 4):
            quarter = Quarter(YEAR, number)
            for n, unit in enumerate(self.units):
                self._report(quarter, unit, n)
            self._city(quarter)
            self._bulletin(quarter)
        for n, unit in enumerate(self.units):
            self._year(unit, n)

    def _report(self, quarter: Quarter, unit: Unit, n: int) -> None:
        due = quarter.close_due(self.calendar)
        late = (unit.code, quarter.number) in (LATE_REPORT, self.without_draw)
        day = self.calendar.add_workdays(due.date, 2) if late else due.target
        signed = day if late else self.calendar.add_workdays(due.target, 1)
        period = Period.of(quarter)
        label = f"{unit} {quarter.label}"
        if (unit.code, quarter.number) == RETURNED_REPORT:
            self._send(period, unit, n, self.moment(day, 17, n), f"{label}：报送检查结果")
            self.player.at(
                self.moment(signed, 9, n),
                f"{label}：退回检查结果报告",
                lambda: reporting.return_report(
                    report=reporting.standing(unit, period), by=self.lead_office, opinion="存在的问题写明涉及几家"
                ),
                self.lead_office,
            )
            self._send(period, unit, n, self.moment(signed, 14, n), f"{label}：重新报送检查结果")
        else:
            self._send(period, unit, n, self.moment(day, 14 if late else 17, n), f"{label}：报送检查结果")
        self._receive(period, unit, self.moment(signed, 16, n), f"{label}：签收检查结果", self.lead_office)

    def _send(self, period: Period, unit: Unit, n: int, when, words: str) -> None:
        planner = self.cast.of(Role.PLANNER, unit)
        text = {
            "problems": PROBLEMS[(n + (period.number or 0)) % len(PROBLEMS)],
            "practice": PRACTICES[n % len(PRACTICES)],
            "next": NEXT,
        }
        self.player.at(
            when, words, lambda: reporting.send_report(unit=unit, period=period, text=text, by=planner), planner
        )

    def _receive(self, period: Period, unit: Unit, when, words: str, by) -> None:
        self.player.at(
            when, words, lambda: reporting.receive_report(report=reporting.standing(unit, period), by=by), by
        )

    def _city(self, quarter: Quarter) -> None:
        """Put together on the third working day after the 25th, sent on the eighth of the next month."""
        day = self.calendar.add_workdays(quarter.close_due(self.calendar).date, 3)
        self.player.at(
            self.moment(day, 10),
            f"{quarter.label}：检查结果汇总公开",
            lambda: roundups.publish_result_summary(quarter=quarter, by=self.lead_office),
            self.lead_office,
        )
        sent_on = self.calendar.last_workday_on_or_before(quarter.last_day + timedelta(days=8))
        self.player.at(
            self.moment(sent_on, 10),
            f"{quarter.label}：报省厅",
            lambda: provincial.mark_sent(
                quarter=quarter,
                document_no=f"本环执报〔{sent_on.year}〕{quarter.number} 号（示例）",
                sent_on=sent_on,
                by=self.lead_office,
            ),
            self.lead_office,
        )

    def _bulletin(self, quarter: Quarter) -> None:
        """The lead office writes the 通报 and sends it up; one waits for its signature."""
        day = self.calendar.add_workdays(quarter.close_due(self.calendar).date, 6)
        subject = Subject(BulletinKind.QUARTER, self.cast.units["210500"], quarter.year, quarter.number)
        words = {"problems": PROBLEMS[0], "practice": PRACTICES[0], "next": "没有达到目标的单位逐项整改。"}

        def ask():
            bulletin = bulletins.make(subject=subject, by=self.lead_office)
            bulletins.ask(
                bulletin=bulletin, text=words | {k: v for k, v in bulletin.text.items() if v}, by=self.lead_office
            )

        self.player.at(self.moment(day, 15), f"{quarter.label}：通报报签", ask, self.lead_office)
        if quarter.number != UNSIGNED_BULLETIN:
            leader = self.cast.of(Role.APPROVER, "210500")
            self.player.at(
                self.moment(day, 16),
                f"{quarter.label}：通报签发",
                lambda: bulletins.issue(
                    bulletin=bulletins.standing(subject),
                    by=leader,
                    document_no=f"本环执通〔{quarter.year}〕{quarter.number} 号（示例）",
                ),
                leader,
            )

    def _year(self, unit: Unit, n: int) -> None:
        period = Period(YEAR)
        self._send(period, unit, n, self.moment(date(YEAR, 12, 28), 10, n), f"{unit}：报送年度工作报告")
        self._receive(period, unit, self.moment(date(YEAR, 12, 30), 10, n), f"{unit}：签收年度工作报告", self.bureau)
