"""Nameplates: whatever a room adds to the common lists is there once, in its order, and gone with the room."""

import ast
import re
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from benxi_shuangsuiji import clock, schedule, subjects, workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.audit.words import words_for
from benxi_shuangsuiji.documents import jobs
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.deadlines.lookup import law_of, name_of
from benxi_shuangsuiji.notices.deadlines.timetable import RULES
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.policy.clauses import CLAUSES
from tests.browsing import enter
from tests.factories import make_lead_office, make_planner, make_supervisor, make_unit
from tests.test_layers import ROOT, SOURCES

HOUSE = subjects.house
NAVIGATION = {
    "工作": "工作台 待办 时限日历 我的检查",
    "档案": "案卷 库房和架位 年度卷",
    "名录与清单": "检查对象 名录变更 检查人员 回避申报 抽查事项 执法记录仪",
    "季度工作": "季度计划 本单位规定 随机抽取 检查审批 检查任务 数据交换 针对性检查 后续处理 立案查处 移送 结果公示 更正与申诉 企业说明 工作报告 扫描件归档",
    "监督": "全市进度 合规体检 统筹指导 检查频次 工作指标 公平性监测 通报和评估 汇总和备案 操作记录 企业反映和评价 信用评价依据",
    "管理": "系统状况 账号与授权 单位和名称 单位地址和电话 名录后台 工作日历 开奖日程 文书版式 文书的行政主体 通知书的文号 移动执法平台对接 文件核对",
}
# Duties are opened after those they depend on are closed, and reminders are planned after both.
ROUNDS = [
    "release_due",
    "carry_out_due",
    "recompute_categories",
    "campaigns_daily",
    "people_daily",
    "audits_daily",
    "positive_monthly",
    "open_daily",
    "keep_daily",
    "keep_terms",
    "daily",
    "waits_no_more",
    "coverage_daily",
    "deliver",
    "wake_waiting",
    "look_after",
    "publish_heads",
    "watch",
    "sign_newest",
    "tell_observers",
    "count_nightly",
    "prove_daily",
    "compute_daily",
    "forget_due",
    "look_over",
    "purge_daily",
    "switch_off_unused",
    "ask_nightly",
    "send_mails",
]
# What people wait for is held up by nothing else (operations.md 4).
NIGHT = [
    "count_nightly",
    "prove_daily",
    "compute_daily",
    "forget_due",
    "look_over",
    "purge_daily",
    "switch_off_unused",
    "ask_nightly",
]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_every_nameplate_in_the_house_is_joined():
    found = {module_of(path).removesuffix(".subject") for path in SOURCES if path.name == "subject.py"}
    assert found - {"benxi_shuangsuiji"} == set(subjects.ROOMS)
    assert len(set(subjects.ROOMS)) == len(subjects.ROOMS)


def test_nothing_stands_on_two_nameplates():
    every = HOUSE().subjects
    for kind in ("verbs", "jobs"):
        named = Counter(name for s in every for name in getattr(s, kind))
        assert [name for name, n in named.items() if n > 1] == [], kind
    named = Counter(step.id for s in every for step in s.steps) + Counter(r.does for s in every for r in s.rounds)
    named += Counter(door.url_name for s in every for door in s.doors)
    assert [name for name, n in named.items() if n > 1] == []


@pytest.mark.django_db
def test_of_several_doors_about_the_same_one_is_lit(client):
    office = make_lead_office()
    for address, lit in (("layout/record/", "文书版式"), ("body/", "文书的行政主体"), ("words/", "通知书的文号")):
        page = enter(client, office).get(f"/desk/papers/{address}")
        assert [link.label for group in page.context["desk"].nav for link in group.links if link.current] == [lit]


@pytest.mark.django_db
def test_a_page_behind_a_list_has_the_lists_door_lit(client):
    """On 三年进展, 执法统计 and 另外的条款怎么保证 nothing of the navigation was marked, and the pickers led home (issue 16)."""
    office, _ = make_lead_office(), make_unit()
    for address, lit in (
        ("statistics/", "通报和评估"),
        ("trend/", "通报和评估"),
        ("city/self-check/others/", "合规体检"),
        ("analysis/", "全市进度"),
        ("bases/", "抽查事项"),
        ("bases/add/", "抽查事项"),
        ("items/kinds/", "抽查事项"),
        ("keepers/", "检查对象"),
        ("past-checks/", "检查对象"),
        ("categories/", "检查对象"),
        ("justice/210504/2026/", "季度计划"),
        ("draws/carry/", "随机抽取"),
        ("city/self-check/", "合规体检"),
        ("city/", "全市进度"),
        ("", "工作台"),
    ):
        page = enter(client, office).get(f"/desk/{address}")
        assert [link.label for group in page.context["desk"].nav for link in group.links if link.current] == [lit]


def test_the_navigation_has_its_order():
    shown = {group: " ".join(door.label for door in doors) for group, doors in HOUSE().doors.items()}
    assert shown == NAVIGATION
    doors = [door for s in HOUSE().subjects for door in s.doors]
    assert sum(map(len, HOUSE().doors.values())) == len(doors)  # none in a group that does not exist


def test_the_rounds_have_their_order():
    assert [name.rpartition(".")[2] for name in HOUSE().rounds] == ROUNDS
    turns = [r.turn for s in HOUSE().subjects for r in s.rounds]
    assert len(set(turns)) == len(turns)
    lanes = {lane: [n.rpartition(".")[2] for n in HOUSE().rounds_in(lane)] for lane in schedule.LANES}
    assert (lanes["night"], lanes["mail"]) == (NIGHT, ["send_mails"])
    assert sorted(name for names in lanes.values() for name in names) == sorted(ROUNDS)


def test_every_job_that_is_asked_for_can_be_done():
    asked = {
        keyword.value.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "kind"
        and getattr(node.func, "attr", "") == "ask_for"
        and isinstance(keyword.value, ast.Constant)
    }
    assert asked and asked <= set(HOUSE().jobs)
    assert all(callable(import_string(name)) for name in HOUSE().jobs.values())


NAMELESS = "N-6"  # the calendar says 办理事项 of it


def test_every_step_is_on_a_nameplate_and_every_deadline_has_one():
    declared = {
        found.id: found
        for path in SOURCES
        if path.name in ("duties.py", "steps.py")
        for value in vars(import_module(module_of(path))).values()
        for found in (value.values() if isinstance(value, dict) else [value])
        if isinstance(found, Step)
    }
    assert declared == HOUSE().steps  # the very same objects
    assert set(RULES) <= set(declared)
    for step in declared.values():
        assert (step.id in RULES) + bool(step.title) == (step.id != NAMELESS), step.id  # its own name, or the table's
        assert step.law or not step.serves
        assert step.stage in agenda.STAGES


# Words of other languages: what SSJ1 calls an open team, kinds of law, spans of the table.
AMBIGUOUS = {"CAP", "RULE", "YEAR"}


def test_no_step_is_spelled_as_a_string():
    ids = set(HOUSE().steps) - AMBIGUOUS
    spelled = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for path in SOURCES
        if path.name not in ("duties.py", "steps.py", "timetable.py") and "/migrations/" not in str(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in ids
    ]
    spelled += [
        f"{path.relative_to(ROOT)}: {id_}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for id_ in ids & set(re.findall(r"""["']([\w-]+)["']""", path.read_text(encoding="utf-8")))
    ]
    # The pace of a quarter's checks is D-5 seen half-way, a row of the table and not a duty.
    assert [s for s in spelled if not re.match(r".*rows\.py:\d+ D-5$", s)] == []


def test_every_clause_on_a_nameplate_is_one_of_the_plan():
    known = {row.id for row in CLAUSES}
    assert {c for s in HOUSE().subjects for c in s.clauses} <= known
    assert all(s.name for s in HOUSE().subjects)


def test_every_detail_told_belongs_to_a_verb_of_the_same_room():
    assert all(set(s.told) <= set(s.verbs) for s in HOUSE().subjects)


# --- a room that is there for one test --------------------------------------------------------------------------------

ROOM = {
    "__init__.py": '"""问候: a room of the tests."""\n',
    "duties.py": (
        "from benxi_shuangsuiji.notices.duties import Step\n"
        'GREETING = Step("HELLO", "问候企业", button="去问候", stage="检查")\n'
    ),
    "work.py": 'def greet(job, progress):\n    progress(1, 1)\n\n\ndef every_minute():\n    """Nothing to do."""\n',
    "views.py": (
        "from django.http import HttpResponse\n"
        "from benxi_shuangsuiji.accounts.access import requires\n\n\n"
        '@requires()\ndef greetings(request):\n    return HttpResponse("你好")\n'
    ),
    "urls.py": (
        "from django.urls import include, path\n"
        "from benxi_shuangsuiji import urls\n"
        "from . import views\n"
        'own = ([path("desk/greetings/", views.greetings, name="greeting-list")], "greetings")\n'
        'urlpatterns = [path("", include(own)), *urls.urlpatterns]\n'
    ),
    "subject.py": (
        "from benxi_shuangsuiji.accounts.roles import Permission as P\n"
        "from benxi_shuangsuiji.subject import Door, Round, Subject, Waiting\n"
        "from .duties import GREETING\n"
        "SUBJECT = Subject(\n"
        '    name="问候",\n'
        '    doors=(Door("监督", "问候", "greetings:greeting-list", "send", (P.SEE_PLANS,), place=25, count=lambda *_: Waiting(more=3)),),\n'
        '    verbs={"greetings.sent": "问候企业"},\n'
        '    told={"greetings.sent": "words"},\n'
        "    steps=(GREETING,),\n"
        '    rounds=(Round("greetings.work.every_minute", turn=65),),\n'
        '    jobs={"greeting": "greetings.work.greet"},\n'
        ")\n"
    ),
}


@pytest.fixture
def greetings(tmp_path, monkeypatch, settings):
    """A folder, one line in the list of rooms, and its address; the room is let out again by `leave`."""
    folder = tmp_path / "greetings"
    folder.mkdir()
    for name, text in ROOM.items():
        (folder / name).write_text(text, encoding="utf-8")
    with monkeypatch.context() as there:
        there.syspath_prepend(tmp_path)
        there.setattr(subjects, "ROOMS", (*subjects.ROOMS, "greetings"))
        settings.ROOT_URLCONF = "greetings.urls"

        def leave():
            there.undo()
            settings.ROOT_URLCONF = "benxi_shuangsuiji.urls"

        yield leave
    for name in [name for name in sys.modules if name.partition(".")[0] == "greetings"]:
        del sys.modules[name]


def seen(client) -> dict:
    """What a planner finds in the navigation, among the to-dos and in the timetable."""
    desk = client.get("/desk/todo/")
    return {
        "navigation": [(x.label, x.count) for g in desk.context["desk"].nav if g.title == "监督" for x in g.links],
        "to-dos": [(i["title"], i["action"]["label"]) for g in desk.context["groups"] for i in g["items"]],
        "by stage": [g["title"] for g in client.get("/desk/?by=stage").context["groups"]],
    }


@pytest.mark.django_db
def test_a_room_adds_itself_by_a_folder_and_a_line_and_leaves_no_trace(greetings, client, at):
    at("2026-07-06 10:00")
    unit = make_unit()
    planner = make_planner(unit)
    client.force_login(planner)
    before = subjects.ROOMS[:-1]
    step = subjects.house().steps["HELLO"]
    step.open(unit, "2026Q3", role=Role.PLANNER, title="问候本季度企业", due=workdays.calendar().fixed(clock.today()))
    trail.record("greetings.sent", by=planner, about=unit, words="你好")
    entry = AuditEntry.objects.get(verb="greetings.sent")

    there = seen(client)
    assert ("问候", 3) in there["navigation"]
    assert there["to-dos"] == [("问候本季度企业", "去问候")]
    assert there["by stage"] == ["检查"]
    assert client.get("/desk/greetings/").content.decode() == "你好"
    assert words_for(entry) == "问候企业：你好"
    assert name_of("HELLO") == Duty.objects.get().name == "问候企业"
    rounds = subjects.house().rounds
    assert rounds[rounds.index("greetings.work.every_minute") + 1] == "benxi_shuangsuiji.notices.tasks.daily"
    job = jobs.ask_for(kind="greeting", title="问候", params={}, by=planner)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == ("DONE", 1)
    supervisor = make_supervisor()
    client.force_login(supervisor)
    assert "问候企业：你好" in client.get("/desk/log/?verb=greetings.sent").content.decode()

    greetings()

    client.force_login(planner)
    after = seen(client)
    assert before == subjects.ROOMS
    assert "问候" not in [label for label, _ in after["navigation"]]
    assert after["to-dos"] == [("问候本季度企业", "办理")]  # its row is data; what it means went with the room
    assert after["by stage"] == ["其他"]
    assert client.get("/desk/greetings/").status_code == 404
    assert (words_for(entry), name_of("HELLO"), law_of("HELLO")) == ("greetings.sent", "办理事项", None)
    assert "greeting" not in subjects.house().jobs
    assert "greetings.work.every_minute" not in subjects.house().rounds
    assert Unit.objects.filter(pk=unit.pk).exists()
