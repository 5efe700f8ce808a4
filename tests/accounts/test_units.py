"""Units, districts and names are data: asked by one, approved by another, from a day on (五, issue 15, decision 0075)."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts import actions as account_actions
from benxi_shuangsuiji.accounts import unit_actions as actions
from benxi_shuangsuiji.accounts import unit_pages, unit_rules
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.duties import UNITS
from benxi_shuangsuiji.accounts.models import ChangeKind, CityRecord, Unit, UnitChange
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import duties, reminders
from benxi_shuangsuiji.notices.models import Duty, Message, Reminder
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays import calendar
from benxi_shuangsuiji.workdays.days import Quarter
from plans.quarterly.rules import why_not_draft_plan
from registry import divisions, unit_words
from tests.browsing import html_of, post, signed_in, text_of, untimed
from tests.factories import make_facility, make_planner
from tests.journeys.people import OverHttp
from tests.plans.factories import make_list, make_plan

pytestmark = pytest.mark.django_db
DOCUMENT = "关于机构调整的通知（示例编〔2026〕7 号）"
NEW_YEAR = date(2027, 1, 1)
NAMES = {"name": "本溪市生态环境局溪山分局", "short_name": "溪山分局", "seal_name": "", "division_code": "210504"}
BRANCH = {
    "kind": "BRANCH",
    "code": "2105KF",
    "name": "本溪市生态环境局开发区分局",
    "short_name": "开发区分局",
    "section": "开发区执法科",
    "division_code": "210503",
}
CITY = {
    "name": "本溪市",
    "site": "本溪双随机公示",
    "label": "本溪双随机",
    "mark": "本环",
    "identifier": "2105009999",
    "icp": "",
    "police": "",
}


def asked(two, kind, values, day, unit=None, document=DOCUMENT):
    return actions.ask(kind=kind, unit=unit, values=values, effective_from=day, document=document, by=two[0])


def approved(two, *about, **more) -> UnitChange:
    return actions.approve(change=asked(two, *about, **more), by=two[1])


def mingshan() -> Unit:
    return Unit.objects.get(code="210504")


def test_a_renamed_branch_has_its_new_name_from_the_day_and_its_old_one_before(two, at, as_worker):
    at("2026-07-06 09:00")
    change = approved(two, ChangeKind.RENAME, NAMES, NEW_YEAR, mingshan())
    assert actions.carry_out_due() == 0 and mingshan().short_name == "明山分局"
    at("2027-01-01 00:05")
    assert (actions.carry_out_due(), actions.carry_out_due()) == (1, 0)
    unit = mingshan()
    assert (unit.short_name, unit.on(NEW_YEAR).name) == ("溪山分局", NAMES["name"])
    assert unit.on(date(2026, 12, 31)).short_name == "明山分局"
    change.refresh_from_db()
    assert change.before["short_name"] == "明山分局" and change.done_at == clock.now()
    entry = AuditEntry.objects.get(verb="accounts.unit.changed")
    assert (entry.unit, entry.details["after"]["short_name"]) == (unit, "溪山分局")
    assert unit_words.unit_in_title("溪山分局检查对象") == "溪山分局"  # a title of a workbook tells by the new name
    # A second change: each day has the name of its day.
    approved(two, ChangeKind.RENAME, NAMES | {"short_name": "东山分局"}, date(2027, 3, 1), unit)
    at("2027-03-01 08:00")
    actions.carry_out_due()
    names = [mingshan().on(date(2027, month, 1)).short_name for month in (1, 2, 3)]
    assert names == ["溪山分局", "溪山分局", "东山分局"]


def test_a_change_that_is_done_late_is_so_from_the_day_on_which_it_was_done(two, at):
    at("2026-12-20 09:00")
    approved(two, ChangeKind.RENAME, NAMES, NEW_YEAR, mingshan())
    approved(two, ChangeKind.CITY, CITY | {"mark": "溪环"}, NEW_YEAR)
    added = approved(two, ChangeKind.ADD, BRANCH, date(2026, 12, 31))
    at("2027-01-05 08:00")  # the worker stood still for five days
    assert actions.carry_out_due() == 3
    names = [mingshan().on(date(2027, 1, day)).short_name for day in (1, 4, 5)]
    assert names == ["明山分局", "明山分局", "溪山分局"]
    approved(two, ChangeKind.RENAME, NAMES | {"short_name": "东山分局"}, date(2027, 1, 6), mingshan())
    at("2027-01-08 08:00")
    actions.carry_out_due()
    names = [mingshan().on(date(2027, 1, day)).short_name for day in (4, 5, 7, 8)]
    assert names == ["明山分局", "溪山分局", "溪山分局", "东山分局"]
    assert [this_city().mark_in(year) for year in (2026, 2027, 2028)] == ["本环", "本环", "溪环"]
    added.refresh_from_db()
    assert added.unit.begins_on == date(2027, 4, 1)


def test_papers_of_before_keep_the_name_of_before_and_are_sealed_with_the_name_of_their_day(two, at):
    from inspections.checks.issuer import issuer_of
    from tests.inspections.factories import make_inspection

    at("2026-07-06 09:00")
    check = make_inspection(unit=mingshan())
    team = Unit.objects.city_team()
    values = {n: getattr(team, n) for n in NAMES} | {"seal_name": "某某执法支队"}
    approved(two, ChangeKind.RENAME, values, date(2026, 7, 7), team)
    old = issuer_of(check).body
    at("2026-07-07 00:01")
    actions.carry_out_due()
    check.refresh_from_db()
    assert issuer_of(check).body == old == team.name
    check.dispatched_at = clock.now()
    assert issuer_of(check).body == "某某执法支队"


def test_a_branch_is_set_up_with_its_section_and_plans_from_the_next_quarter(two, at):
    at("2026-08-10 09:00")
    change = approved(two, ChangeKind.ADD, BRANCH, date(2026, 8, 10))
    unit = change.unit
    assert (unit.section.short_name, unit.parent.code, unit.begins_on) == ("开发区执法科", "2105SJ", date(2026, 10, 1))
    planner = make_planner(unit)
    make_list()
    assert "从 2026-10-01 起" in why_not_draft_plan(unit, Quarter(2026, 3), planner)
    assert why_not_draft_plan(unit, Quarter(2026, 4), planner) == ""
    duties.open_due(date(2026, 9, 1), calendar())
    assert set(Duty.objects.filter(unit=unit, rule="D-2").values_list("period", flat=True)) == {"2026Q4"}
    section = {"kind": "HQ_SECTION", "code": "210500-H3", "name": "市执法队执法三科", "short_name": "执法三科"}
    made = approved(two, ChangeKind.ADD, section | {"section": "", "division_code": "210500"}, clock.today()).unit
    assert (made.kind, made.drawing_unit.code) == ("HQ_SECTION", "210500")


def test_a_unit_ends_when_its_work_has_and_its_objects_are_transferred_by_their_own_act(two, at):
    at("2026-09-01 09:00")
    unit, into = mingshan(), Unit.objects.get(code="210503")
    facility = make_facility(unit)
    planned = Unit.objects.get(code="210505")
    make_plan(planned, quarter=Quarter(2026, 4))
    with pytest.raises(Refused, match="2026 年第四季度的计划已经编制，办完那一季以后再撤销"):
        asked(two, ChangeKind.CLOSE, {"into": "210503"}, date(2026, 10, 1), planned)
    change = approved(two, ChangeKind.CLOSE, {"into": "210503"}, date(2026, 10, 1), unit)
    at("2026-10-01 00:05")
    assert (actions.carry_out_due(), actions.carry_out_due()) == (0, 0)
    assert "1 个检查对象，先逐个移交" in actions.why_it_waits(change)
    assert Message.objects.filter(user=two[0], title__contains="到期还没有办理").count() == 1  # told once
    assert not mingshan().closed_on
    facility.unit = into
    facility.save()
    for user in unit.accounts.all():
        account_actions.move(account=user, unit=into, document="调整〔2026〕1 号", by=two[1])
    assert actions.carry_out_due() == 1 and mingshan().closed_on == date(2026, 10, 1)
    assert Unit.objects.get(code="210504-S").closed_on == date(2026, 10, 1)
    assert unit not in Unit.objects.working(Quarter(2026, 4)) and unit in Unit.objects.working(Quarter(2026, 3))
    closed = mingshan()
    refused = "明山分局已于 2026-10-01 撤销，不再办理。"
    planner = make_planner(closed)
    assert why_not_draft_plan(closed, Quarter(2026, 4), planner) == refused
    with pytest.raises(Refused, match=refused):
        account_actions.open_account(unit=closed, username="li.si", full_name="李四", by=two[0])
    assert unit_rules.why_not_values(ChangeKind.RENAME, closed, NAMES, NEW_YEAR) == "明山分局已经撤销，不再修改。"


def test_names_of_the_site_and_districts_are_what_pages_say(two, at, client):
    at("2026-07-06 09:00")
    districts = CityRecord.objects.get().facts["districts"]
    districts[2] |= {"name": "溪山区", "words": ["溪山", "明山区"]}
    approved(two, ChangeKind.CITY, CITY, date(2026, 7, 7))
    change = asked(two, ChangeKind.DISTRICTS, {"districts": districts}, date(2026, 7, 7))
    assert unit_pages.lines_of(change) == "210504 溪山区（别的写法 溪山、明山区）"  # what is approved, and no more
    actions.approve(change=change, by=two[1])
    at("2026-07-07 00:05")
    assert actions.carry_out_due() == 2
    page = client.get("/").content.decode()
    assert "· 本溪双随机公示</title>" in page and "政府网站标识码 2105009999" in page
    assert divisions.DIVISIONS["210504"] == "溪山区"
    assert divisions.read("辽宁省本溪市溪山区某路") == ("210504", "已读作溪山区")
    assert divisions.read("明山区") == ("210504", "") and divisions.read("210504000000") == ("210504", "")


def test_document_numbers_keep_their_word_for_the_whole_year(two, at):
    at("2026-12-20 09:00")
    with pytest.raises(Refused, match="机关代字一年一个"):
        asked(two, ChangeKind.CITY, CITY | {"mark": "溪环"}, date(2026, 12, 25))
    approved(two, ChangeKind.CITY, CITY | {"mark": "溪环"}, NEW_YEAR)
    at("2027-01-01 00:05")
    actions.carry_out_due()
    assert (this_city().mark_in(2026), this_city().mark_in(2027)) == ("本环", "溪环")


REFUSED = [
    (ChangeKind.RENAME, NAMES | {"short_name": "平山分局"}, NEW_YEAR, "“平山分局”是平山分局（210502）的名称"),
    (ChangeKind.RENAME, NAMES | {"name": " "}, NEW_YEAR, "写明单位的全称和简称"),
    (ChangeKind.RENAME, NAMES | {"division_code": "210599"}, NEW_YEAR, "没有登记行政区划 210599"),
    (ChangeKind.RENAME, NAMES, date(2026, 7, 6), "生效日期从明天（2026-07-07）起"),
    (ChangeKind.ADD, BRANCH | {"code": "210504"}, NEW_YEAR, "单位代码 210504 已经有了"),
    (ChangeKind.ADD, BRANCH | {"code": "开发区"}, NEW_YEAR, "单位代码用六位"),
    (ChangeKind.ADD, BRANCH | {"section": ""}, NEW_YEAR, "写明为这个分局服务的执法科室"),
    (ChangeKind.ADD, BRANCH | {"section": BRANCH["short_name"]}, NEW_YEAR, "“开发区分局”写了两次"),
    (ChangeKind.ADD, BRANCH | {"name": "市执法队开发区执法科"}, NEW_YEAR, "“市执法队开发区执法科”写了两次"),
    (ChangeKind.ADD, BRANCH | {"section": "平山执法科"}, NEW_YEAR, "“平山执法科”是平山执法科（210502-S）的名称"),
    (ChangeKind.ADD, BRANCH | {"kind": "CITY_TEAM"}, NEW_YEAR, "市局和市执法队各只有一个"),
    (ChangeKind.ADD, BRANCH, date(2026, 7, 5), "设立日期从今天"),
    (ChangeKind.CLOSE, {"into": ""}, date(2026, 8, 1), "撤销日期填季度首日，如 2026-10-01"),
    (ChangeKind.CLOSE, {"into": "210504"}, date(2026, 10, 1), "并入的单位从列表里选"),
    (ChangeKind.DISTRICTS, {"districts": []}, NEW_YEAR, "平山区（210502）不能去掉"),
]


def test_what_may_not_be_asked_is_refused_in_words(two, at):
    at("2026-07-06 09:00")
    for kind, values, day, words in REFUSED:
        about = mingshan() if kind in (ChangeKind.RENAME, ChangeKind.CLOSE) else None
        with pytest.raises(Refused) as refusal:
            asked(two, kind, values, day, about)
        assert words in str(refusal.value), words
    Unit.objects.filter(code="210505").update(name="市执法队开发区执法科")  # in full the section to come has its name
    with pytest.raises(Refused, match="“市执法队开发区执法科”是南芬分局（210505）的名称"):
        asked(two, ChangeKind.ADD, BRANCH, NEW_YEAR)
    with pytest.raises(Refused, match="依据文件"):
        asked(two, ChangeKind.RENAME, NAMES, NEW_YEAR, mingshan(), document=" ")
    with pytest.raises(Refused, match="由系统管理员"):
        asked(two[::-1], ChangeKind.RENAME, NAMES, NEW_YEAR, mingshan())
    change = asked(two, ChangeKind.RENAME, NAMES, NEW_YEAR, mingshan())
    with pytest.raises(Refused, match="已有一份修改等批准"):
        asked(two, ChangeKind.RENAME, NAMES | {"seal_name": "别的"}, NEW_YEAR, mingshan())
    with pytest.raises(Refused, match="由授权管理员批准"):
        actions.approve(change=change, by=two[0])
    at("2027-01-01 08:00")
    with pytest.raises(Refused, match="生效日期从明天"):
        actions.approve(change=change, by=two[1])
    assert not UnitChange.objects.exclude(state="ASKED").exists()


def test_of_one_thing_one_change_is_on_its_way_until_it_is_done_or_taken_back(two, at):
    """A second one that was read beside the first would write back what the first changed (五)."""
    at("2026-07-06 09:00")
    lasting = CityRecord.objects.get().facts["districts"]
    more = [*lasting, {"code": "210506", "name": "新区", "words": [], "zones": []}]
    about = [
        (ChangeKind.RENAME, NAMES, NAMES | {"seal_name": "别的"}, mingshan()),
        (ChangeKind.CITY, CITY, CITY | {"icp": "辽ICP备1号"}, None),
        (ChangeKind.DISTRICTS, {"districts": more}, {"districts": lasting}, None),
    ]
    for kind, first, second, unit in about:
        change = approved(two, kind, first, NEW_YEAR, unit)
        with pytest.raises(Refused, match="已有一份批准的修改，2027-01-01 起生效"):
            asked(two, kind, second, date(2026, 9, 1), unit)
        with pytest.raises(Refused, match="由授权管理员撤回"):
            actions.withdraw(change=change, by=two[0], reason="文件已经废止")
    with pytest.raises(Refused, match="一份批准的修改"):
        asked(two, ChangeKind.CLOSE, {"into": ""}, date(2026, 10, 1), mingshan())
    change = UnitChange.objects.get(kind="RENAME")
    system, grants = OverHttp(two[0]), OverHttp(two[1])
    grants.open(f"{change.get_absolute_url()}").sees("撤回…")
    assert "撤回…" not in system.open(change.get_absolute_url()).answer.content.decode()
    grants.open(f"{change.get_absolute_url()}withdraw/").press("撤回", reason="少").sees("至少 4 个字")
    grants.press("撤回", reason="文件已经废止").sees("已撤回", "撤回的理由：文件已经废止")
    assert Message.objects.filter(user=two[0], title__contains="已撤回").count() == 1
    at("2027-01-01 00:05")
    assert actions.carry_out_due() == 2 and mingshan().short_name == "明山分局"
    with pytest.raises(Refused, match="已经办理的修改不能撤回"):
        actions.withdraw(change=UnitChange.objects.get(kind="CITY"), by=two[1], reason="文件已经废止")
    assert approved(two, ChangeKind.RENAME, NAMES, date(2027, 2, 1), mingshan()).state == "APPROVED"


def test_nobody_changes_a_name_past_the_two(two, as_worker):
    """In SQL, as the login of the worker; the web's has the same rights."""
    statements = [
        "UPDATE accounts_unit SET name = '别的' WHERE code = '210504'",
        "UPDATE accounts_unit SET closed_on = '2026-07-01' WHERE code = '210504'",
        "INSERT INTO accounts_unit (code, name, short_name, kind, seal_name, division_code, position, telephone, email, address,"
        " hours) VALUES ('2105ZZ', '别的', '别的', 'BRANCH', '', '210504', 9, '', '', '', '')",
        "UPDATE accounts_cityrecord SET facts = '{}'",
    ]
    for statement in statements:
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert refused.value.__cause__.sqlstate == "23514", statement


# Of a change that is done, of one whose day has come, and of what is written in the transaction that carries it out. Each is refused.
CARRIED_OUT = "UPDATE accounts_unitchange SET done_at = sj_now() WHERE id IN ({due}, {begins}, {site}); "
FORGED_AFTER_A_CHANGE = [
    "UPDATE accounts_unitchange SET done_at = sj_now() WHERE id = {done}",
    "UPDATE accounts_unitchange SET done_at = NULL WHERE id = {done}",
    "UPDATE accounts_unitchange SET unit_id = (SELECT id FROM accounts_unit WHERE code = '210502') WHERE id = {done}",
    "UPDATE accounts_unitchange SET before = '{{}}' WHERE id = {done}",
    "UPDATE accounts_unitchange SET done_at = sj_now() - interval '1 day' WHERE id = {due}",
    "UPDATE accounts_unitchange SET done_at = sj_now() WHERE id = {later}",
    "UPDATE accounts_unitchange SET unit_id = (SELECT id FROM accounts_unit WHERE code = '210502') WHERE id = {begins}",
    *(
        CARRIED_OUT + written
        for written in (
            "UPDATE accounts_unit SET short_name = '别的' WHERE code = '210505'",
            "UPDATE accounts_unit SET name = '本溪市生态环境局溪水分局', parent_id = NULL WHERE code = '210505'",
            "UPDATE accounts_unit SET short_name = '溪水分局' WHERE code = '210502'",
            "UPDATE accounts_unit SET closed_on = '2026-08-01' WHERE code = '210505'",
            "UPDATE accounts_unit SET begins_on = NULL, closed_on = '2026-08-01' WHERE code = '210502'",
            "INSERT INTO accounts_unit (code, name, short_name, kind, seal_name, division_code, position, telephone, email,"
            " address, hours, begins_on) VALUES ('2105KF', '别的', '开发区分局', 'BRANCH', '', '210503', 9, '', '', '', '',"
            " '2026-10-01')",
            "UPDATE accounts_unitchange SET unit_id = (SELECT id FROM accounts_unit WHERE code = '210502') WHERE id = {begins}",
            "UPDATE accounts_cityrecord SET facts = '{{}}'",
            'UPDATE accounts_cityrecord SET facts = facts || \'{{"mark": "别"}}\'',
            "UPDATE accounts_cityrecord SET past = '[]'",
            'UPDATE accounts_cityrecord SET past = past || \'[{{"unit": "210505", "until": "2026-08-01", "names":'
            ' {{"name": "别的", "short_name": "别的", "seal_name": ""}}}}]\'',
        )
    ),
]


def test_a_change_that_is_done_opens_nothing_and_one_that_is_due_only_what_was_approved(two, at):
    at("2026-07-06 09:00")
    done = approved(two, ChangeKind.RENAME, NAMES, date(2026, 7, 7), mingshan())
    at("2026-07-07 00:05")
    assert actions.carry_out_due() == 1
    water = {"name": "本溪市生态环境局溪水分局", "short_name": "溪水分局", "seal_name": "", "division_code": "210505"}
    benxi_branch, august = Unit.objects.get(code="210505"), date(2026, 8, 1)
    ids = {
        "done": done.pk,
        "due": approved(two, ChangeKind.RENAME, water, august, benxi_branch).pk,
        "begins": approved(two, ChangeKind.ADD, BRANCH, august).pk,
        "site": approved(two, ChangeKind.CITY, CITY, august).pk,
        "later": approved(two, ChangeKind.DISTRICTS, {"districts": districts_with("溪山区")}, NEW_YEAR).pk,
    }
    at("2026-08-01 08:00")
    for statements in FORGED_AFTER_A_CHANGE:
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements.format(**ids))
        assert refused.value.__cause__.sqlstate == "23514", statements
    with transaction.atomic(), connection.cursor() as cursor:  # it is not at the date of the change that all these fail
        asked_for = "UPDATE accounts_unit SET name = %s, short_name = %s WHERE code = '210505'"
        cursor.execute(CARRIED_OUT.format(**ids))
        cursor.execute(asked_for, [water["name"], water["short_name"]])
        transaction.set_rollback(True)
    assert actions.carry_out_due() == 3
    assert Unit.objects.get(code="210505").short_name == "溪水分局" and this_city().site == "本溪双随机公示"


def districts_with(name: str) -> list[dict]:
    districts = CityRecord.objects.get().facts["districts"]
    districts[2] |= {"name": name}
    return districts


def test_what_waits_is_a_dated_duty_of_its_approver_and_nothing_else_is_offered_meanwhile(two, at):
    at("2026-07-06 09:00")
    system, grants = signed_in(two[0]), signed_in(two[1])
    rename, close = "/desk/units/210504/rename/", "/desk/units/210504/close/"
    assert rename in html_of(system.get("/desk/units/")) and "/desk/units/site/" in html_of(system.get("/desk/units/"))
    change = asked(two, ChangeKind.RENAME, NAMES, date(2026, 7, 8), mingshan())
    added = asked(two, ChangeKind.ADD, BRANCH, date(2026, 7, 8))
    site = approved(two, ChangeKind.CITY, CITY, NEW_YEAR)
    assert dict(UNITS.duties.open().values_list("period", "due")) == {
        str(change.pk): date(2026, 7, 7),
        str(added.pk): date(2026, 7, 8),
    }
    home = html_of(grants.get("/desk/"))
    assert "批准修改单位名称：明山分局" in home and f'href="{change.get_absolute_url()}"' in home and "批准修改" in home
    assert "批准修改单位名称" not in text_of(system.get("/desk/todo/"))
    page = html_of(system.get("/desk/units/"))
    why = "同一事项已有一份修改等批准，先办完那一份。"
    assert rename not in page and close not in page and page.count(why) == 1 and "/desk/units/210503/rename/" in page
    assert "/desk/units/site/" not in page and "2027-01-01 起生效，还没有办理" in untimed(page)
    assert "/desk/units/new/" in page  # another unit is another thing
    for address in (rename, close):
        assert why in text_of(system.get(address)) and 'name="document"' not in html_of(system.get(address))
    late = post(system, rename, **NAMES, effective_from="2026-08-01", document=DOCUMENT)  # opened before
    assert late.status_code == 409 and why in text_of(late) and 'value="溪山分局"' in html_of(late)
    tomorrow = workdays.calendar()
    for day, told in (("2026-07-07", [two[1]]), ("2026-07-12", [two[1]])):  # overdue, it goes up to nobody
        at(f"{day} 09:00")
        reminders.plan_reminders(clock.today(), tomorrow)
        assert {r.user for r in Reminder.objects.filter(duty__rule=UNITS.id)} == set(told)
    actions.give_back(change=change, by=two[1], opinion="日期已过")
    actions.take_back(change=added, by=two[0])
    actions.withdraw(change=site, by=two[1], reason="文件已经废止")
    assert not UNITS.duties.open().exists() and rename in html_of(system.get("/desk/units/"))


def test_the_pages_lead_from_the_list_to_the_decision(two, at):
    at("2026-07-06 09:00")
    system, grants = OverHttp(two[0]), OverHttp(two[1])
    system.open("/desk/units/").sees("明山分局", "本溪市", "210504000000")
    form = {"effective_from": "2027-01-01", "document": DOCUMENT}
    system.open("/desk/units/210504/rename/").press("提出修改", **NAMES | form).sees("修改已提出")
    change = UnitChange.objects.get()
    address = change.get_absolute_url()
    system.open(address).sees("由授权管理员批准")
    grants.open(address).sees("简称：明山分局 → 溪山分局").press("批准", opinion="文件已核对").sees("已批准")
    added = BRANCH | {"effective_from": "2026-07-06", "document": DOCUMENT}
    system.open("/desk/units/new/").press("提出修改", **added | {"code": "bad"}).sees("单位代码用六位")
    assert 'value="开发区分局"' in system.answer.content.decode()
    browser = signed_in(two[0])
    answer = post(browser, "/desk/units/new/", **added)
    assert answer.status_code == 302 and "设立单位：开发区分局" in text_of(browser.get("/desk/units/"))
    text = "210504｜明山区｜明山｜\n210599｜新区｜\n"
    answer = post(browser, "/desk/units/districts/", districts=text, **form)
    assert answer.status_code == 409 and "平山区（210502）不能去掉" in text_of(answer)
    planner = make_planner(mingshan())
    type(planner).objects.filter(pk=planner.pk).update(unit=Unit.objects.get(code="210505"))
    system.open("/desk/units/210505/close/").sees("先办完手里的事", "1 个账号还在这个单位")
    assert signed_in(planner).get("/desk/units/").status_code in (403, 404)
