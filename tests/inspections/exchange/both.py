"""A unit that exchanges, the stand-in beside it, and the road between them, on which every package is kept (issue 17)."""

from benxi_shuangsuiji import clock
from inspections.exchange import actions, incoming
from inspections.models import (
    Answer,
    ExchangePackage,
    ExchangeRecord,
    Inspection,
    Outcome,
    PlatformCode,
    PlatformDifference,
    PlatformTask,
)
from tests.factories import make_planner, make_unit
from tests.inspections.exchange.factories import OUTCOMES, connect, map_codes
from tests.inspections.factories import answer_all, finish, start
from tests.platform.package import open_package
from tests.platform.stand_in import Platform


class Both:
    """A unit that is connected, the platform beside it, and the road between them, on which every package is kept."""

    def __init__(self, folder, lead="BXS", late=0):
        self.unit, self.folder = make_unit(), folder
        connect(tasks=lead, dispatch=lead, results=lead)
        map_codes(self.unit)
        self.planner = make_planner(self.unit)
        tables = {"UNIT": "unit", "ITEM": "item", "OUTCOME": "outcome"}
        codes = {name: {} for name in tables.values()}
        for code in PlatformCode.objects.all():
            codes[tables[code.kind]][code.theirs] = code.ours
        self.platform = Platform(
            folder / "platform",
            units=(self.unit.code,),
            leads=dict.fromkeys(("tasks", "dispatch", "results"), lead),
            codes=codes,
            late=late,
            now=clock.now,
        )
        (folder / "road").mkdir()

    def led_by(self, side) -> None:
        """From now on; both sides know."""
        leads = dict.fromkeys(("tasks", "dispatch", "results"), side)
        connect(**leads)
        self.platform.leads = leads

    def make(self) -> bytes:
        package, content = actions.make(unit=self.unit, by=self.planner)
        return self.keep(package.number, content)

    def keep(self, number, content) -> bytes:
        (self.folder / "road" / f"{number}.zip").write_bytes(content)
        return content

    def out(self) -> None:
        answer = self.platform.take(self.make())
        assert answer.state == "TAKEN", answer

    def sent(self) -> bytes:
        content = self.platform.send(self.unit.code)
        number = open_package(content).number
        (self.folder / "platform" / "outbox" / f"{number}.zip").unlink()
        return self.keep(number, content)

    def take(self, content) -> incoming.Taken:
        return incoming.take(content=content, by=self.planner)

    def back(self) -> None:
        """One turn of the platform, and what it sends."""
        self.platform.step()
        for path in sorted((self.folder / "platform" / "outbox").iterdir()):
            self.take(self.keep(path.stem, path.read_bytes()))
            path.unlink()

    def begin(self, facility, number="DEMO-2026-0901"):
        place = {"code": facility.code, "uscc": facility.uscc, "name": facility.name, "address": facility.address}
        self.platform.begin(
            self.unit.code,
            number,
            source="COMPLAINT",
            facility=place,
            unit={"bxs": None, "mep": f"DW-{self.unit.code}", "name": "分局"},
            items=[{"bxs": None, "mep": "SX-101", "name": "设施"}],
            year=clock.today().year,
            quarter=(clock.today().month + 2) // 3,
            dispatched_at=None,
            finish_by=clock.today().isoformat(),
            reason="有人反映夜间有异味",
        )

    def everything(self):
        tables = (ExchangePackage, ExchangeRecord, PlatformTask, PlatformDifference, Inspection)
        return [list(table.objects.order_by("pk").values()) for table in tables]

    def ours(self):
        """What this system knows, as the stand-in's `ledger` tells what it knows."""
        out = {}
        for check in Inspection.objects.filter(unit=self.unit).select_related("platform_task"):
            result = ExchangeRecord.objects.filter(kind="results", key=check.no).order_by("pk").last()
            pair = {"bxs": check.outcome, "mep": OUTCOMES.get(check.outcome), "name": check.get_outcome_display()}
            team = check.members.order_by("-is_leader", "inspector__code")
            out[check.platform_task.number] = {
                "task": check.no,
                "state": "ISSUED",
                "team": list(team.values_list("certificate_no", flat=True)),
                "BXS": {"outcome": pair, "version": result.version} if check.outcome else None,
            }
        return out

    def theirs(self):
        ledger = self.platform.ledger(self.unit.code)
        return {number: {key: told for key, told in row.items() if key != "MEP"} for number, row in ledger.items()}


def visited(checks):
    """The first with a problem, the last in vain, the rest without."""
    for at, check in enumerate(checks):
        check = start(check)
        if at == 0:
            point = check.answers.last()
            answer_all(check, Answer.FOUND, "没有运行记录")
            finish(check, outcome=Outcome.ON_SITE_FIXED, finding=f"{point.item_name}没有运行记录", measures="当场补记")
        elif at == len(checks) - 1:
            finish(check, outcome=Outcome.NOT_OPERATING, finding="大门锁闭，停产")
        else:
            finish(answer_all(check))


def open_result(both, number):
    """What the system told the platform of this check: the platform's officer found the same."""
    unit = both.platform.state["units"][both.unit.code]
    row = unit["records"]["results"][both.theirs()[number]["task"]]
    return {key: told for key, told in row.items() if key not in ("key", "record_version", "task", "platform_task")}
