"""The demo's telephones to ring (numbers that cannot exist) and one report of an impostor, answered the same day."""

from datetime import date

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from inspections.codes import actions
from inspections.models import ImpostorReport

from .times import moment


class Feedback:
    def __init__(self, player):
        self.at, self.cast, self.units = player.at, player.cast, player.drawing_units

    def lay_out(self, lively: Unit) -> None:
        office = self.cast.of(Role.LEAD_OFFICE, self.units[0])
        self.at(moment(date(2026, 1, 5), 11), "登记核实电话", lambda: self._phones(office), office)

        def report():
            actions.report_impostor(
                unit=lively,
                inspection=None,
                words="上午来了两个人，说是环保检查，没有出示证件，要收检测费。",
                phone="13900000000",
            )

        leader = self.cast.of(Role.APPROVER, lively)
        words = "已打电话核实：两人不是我局人员，当天没有派人去这家企业。已提醒企业报警。"

        def answer():
            actions.answer_report(report=ImpostorReport.objects.get(unit=lively), answer=words, by=leader)

        self.at(moment(date(2026, 8, 19), 10), f"{lively}：收到反映", report)
        self.at(moment(date(2026, 8, 19), 15), f"{lively}：答复反映", answer, leader)

    def _phones(self, office) -> None:
        for n, unit in enumerate(self.units):
            night = "024-00001299" if n == 0 else ""
            actions.keep_phone(unit=unit, day=f"024-000012{n:02d}", night=night, by=office)
