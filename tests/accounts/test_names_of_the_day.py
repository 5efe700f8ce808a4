"""Papers call a unit what it was called on the day of their act, at every door (decision 0075)."""

import ast
from datetime import date
from pathlib import Path

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import benxi
from benxi_shuangsuiji.accounts import unit_actions as actions
from benxi_shuangsuiji.accounts.models import ChangeKind, Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import YearVolume
from disclosure.yearbook.papers import covers_of
from inspections.reports import provincial
from plans.models import QuarterlyPlan
from plans.quarterly.public_facts import PlanFacts
from tests.factories import make_user
from tests.inspections.reports.factories import make_finished_quarter

NEW_YEAR = date(2027, 1, 1)
NAMES = {"name": "本溪市生态环境局溪山分局", "short_name": "溪山分局", "seal_name": "", "division_code": "210504"}


@pytest.fixture
def two(city_by_data):
    units = benxi.establish()
    return make_user((Role.ADMIN_SYSTEM, units["2105SJ"])), make_user((Role.ADMIN_GRANTS, units["2105SJ"]))


def renamed(two, unit: Unit, names: dict) -> None:
    about = {"kind": ChangeKind.RENAME, "unit": unit, "values": names, "effective_from": NEW_YEAR}
    actions.approve(change=actions.ask(**about, document="示例编〔2026〕7 号", by=two[0]), by=two[1])


def mingshan() -> Unit:
    return Unit.objects.get(code="210504")


@pytest.mark.django_db
def test_the_sheets_of_a_volume_have_the_names_of_the_day_on_which_it_was_bound(two, at):
    at("2026-07-06 09:00")
    bureau = Unit.objects.get(kind="CITY_BUREAU")
    renamed(two, mingshan(), NAMES)
    renamed(two, bureau, NAMES | {"name": "某某市生态环境厅", "short_name": "市厅"})
    before = covers_of(YearVolume(unit=mingshan(), year=2026, asked_at=clock.now()))
    at("2027-01-04 09:00")
    actions.carry_out_due()
    days = (before.volume.asked_at, clock.now())
    old, new = (covers_of(YearVolume(unit=mingshan(), year=2026, asked_at=day)) for day in days)
    assert (old.unit, old.author, old.facts) == (before.unit, "明山分局", before.facts)
    assert (new.unit, new.author) == (NAMES["name"], "溪山分局")
    assert dict(new.facts)["全宗名称"] == "某某市生态环境厅" != dict(old.facts)["全宗名称"] == bureau.name


@pytest.mark.django_db
def test_a_public_plan_and_a_result_call_units_what_they_were_called_then(two, at):
    begun = at("2026-07-06 09:00")
    found, _ = make_finished_quarter(mingshan())
    plan = QuarterlyPlan.objects.get(unit=mingshan(), year=2026, number=3)
    was = mingshan().name
    assert found.executing_unit == plan.executing_unit == mingshan() and plan.published_at
    renamed(two, mingshan(), NAMES)
    before = PlanFacts.of(plan, now=begun).as_snapshot()
    at("2027-01-04 09:00")
    assert actions.carry_out_due() == 1
    plan = QuarterlyPlan.objects.get(pk=plan.pk)
    now = PlanFacts.of(plan, now=clock.now()).as_snapshot()
    assert now | {"strata": ()} == before | {"strata": ()}  # the plan of a test has no figures that were approved
    assert (before["unit_short"], before["executing_unit"]) == ("明山分局", was)
    assert {row[6] for row in provincial.result_rows(Quarter(2026, 3))} == {was}
    plan.published_at = None  # taken up again: what will be public has the names of now
    after = PlanFacts.of(plan, now=clock.now())
    assert (after.unit_name, after.unit_short, after.title[:4]) == (NAMES["name"], "溪山分局", "溪山分局")


def names_of_today(path) -> list[str]:
    """Where a unit is called by what it is called now, though a paper has the day of its act."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Attribute):
            continue
        whose = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        of_unit = whose.endswith(("unit", "decided_in")) and node.attr in ("name", "short_name", "seal_name")
        if of_unit or ast.unparse(node) in ("this_city().bureau", "this_city().team"):
            found.append(f"{path.name}:{node.lineno}: {ast.unparse(node)}")
    return found


def test_no_paper_calls_a_unit_by_the_name_of_today(tmp_path):
    """Decision 0075: the names of the day of the act, `unit.on(day)`."""
    root = Path(__file__).resolve().parents[2]
    rooms = [root / app for app in ("benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure")]
    papers = [
        path for room in rooms for path in room.rglob("*.py") if path.stem.endswith(("paper", "papers", "public_facts"))
    ]
    assert len(papers) > 25
    assert [line for path in papers for line in names_of_today(path)] == []
    (blunt := tmp_path / "papers.py").write_text(
        "a(check.unit.name, unit.short_name, this_city().bureau, unit.on(day).name)"
    )
    assert len(names_of_today(blunt)) == 3
