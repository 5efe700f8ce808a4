"""The demo's coordination: a reminder to the late branch, one answer given back and then accepted, a task for all units."""

from collections.abc import Callable
from datetime import date

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.coordination import actions as acting
from inspections.models import Instruction, InstructionKind

SECOND, THIRD = Quarter(2026, 2), Quarter(2026, 3)


class Coordination:
    """Lays the events out on the player's clock; every one is an action that the pages call too."""

    def __init__(self, player, moment: Callable):
        self.player, self.cast, self.units, self.moment = player, player.cast, player.units, moment

    def lay_out(self, *, late: str, lively: str) -> None:
        self._answered_twice(self.units[lively])
        self._from_the_bureau(self.units[lively])
        self._to_all()
        self._reminder(self.units[late])

    def _at(self, day: date, hour: int, what: str, act: Callable, role: str, unit: str = "210500") -> None:
        by = self.cast.of(role, unit)
        self.player.at(self.moment(day, hour), what, lambda: act(by), by)

    def _send(self, by, units: list[Unit], quarter: Quarter, kind: str, title: str, text: str, due: date) -> None:
        acting.send_instructions(
            units=units, quarter=quarter, kind=kind, to_role=Role.PLANNER, title=title, text=text, due=due, by=by
        )

    def _answered_twice(self, unit: Unit) -> None:
        """Given back once for saying too little, then accepted: the whole way of one matter."""
        title = "检查进度"

        def one() -> Instruction:
            return Instruction.objects.get(unit=unit, title=title)

        def answer(words):
            return lambda by: acting.answer_instruction(instruction=one(), words=words, by=by)

        text = "本季度过半，检查进度低于全市平均。写明剩余的检查怎样安排。"
        self._at(
            date(2026, 5, 20),
            9,
            "督办检查进度",
            lambda by: self._send(by, [unit], SECOND, InstructionKind.REMIND, title, text, date(2026, 5, 27)),
            Role.LEAD_OFFICE,
        )
        self._at(date(2026, 5, 22), 10, "回复督办", answer("已经安排，按时完成。"), Role.PLANNER, unit.code)
        self._at(
            date(2026, 5, 25),
            9,
            "退回回复",
            lambda by: acting.return_answer(instruction=one(), opinion="写明每周查几家、由谁负责", by=by),
            Role.LEAD_OFFICE,
        )
        words = "五月下旬起每周两组，六月 12 日前全部查完，由分管负责人每周五核对。"
        self._at(date(2026, 5, 26), 10, "重新回复督办", answer(words), Role.PLANNER, unit.code)
        self._at(
            date(2026, 5, 27),
            9,
            "同意办结",
            lambda by: acting.accept_answer(instruction=one(), opinion="同意，按安排办理", by=by),
            Role.SUPERVISOR,
        )

    def _from_the_bureau(self, unit: Unit) -> None:
        """The bureau's guidance, answered, waits for the bureau."""
        title = "抽查事项的公示说明"
        text = "公示页的事项说明偏少。补充每个事项查什么、企业要准备哪些资料。"
        self._at(
            date(2026, 8, 12),
            9,
            "市局指导",
            lambda by: self._send(by, [unit], THIRD, InstructionKind.GUIDE, title, text, date(2026, 8, 20)),
            Role.BUREAU_READER,
            "2105SJ",
        )
        self._at(
            date(2026, 8, 18),
            10,
            "回复市局",
            lambda by: acting.answer_instruction(
                instruction=Instruction.objects.get(unit=unit, title=title),
                words="已经在下季度计划里安排，8 月底前由法制员补充。",
                by=by,
            ),
            Role.PLANNER,
            unit.code,
        )

    def _to_all(self) -> None:
        text = "各单位 9 月 11 日前报四季度可以跨区支援的检查人员人数和专业，由市执法队统一协调。"
        self._at(
            date(2026, 8, 17),
            14,
            "协调跨区支援",
            lambda by: self._send(
                by,
                self.player.drawing_units,
                THIRD,
                InstructionKind.COORDINATE,
                "四季度跨区支援",
                text,
                date(2026, 9, 11),
            ),
            Role.LEAD_OFFICE,
        )

    def _reminder(self, unit: Unit) -> None:
        text = "抽取逾期。尽快组织抽取并报市执法队备案，写明逾期原因。"
        self._at(
            date(2026, 8, 10),
            9,
            "督办抽取",
            lambda by: self._send(by, [unit], THIRD, InstructionKind.REMIND, "抽取逾期", text, date(2026, 8, 14)),
            Role.LEAD_OFFICE,
        )
