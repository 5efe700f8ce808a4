"""How a change of units and names is asked for on its pages: taken back, refused beforehand, read as it was meant (五, decision 0075)."""

import pytest

from benxi_shuangsuiji.accounts import unit_actions as actions
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.duties import UNITS
from benxi_shuangsuiji.accounts.models import ChangeKind, Unit, UnitChange
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from tests.accounts.test_units import BRANCH, DOCUMENT, NAMES, NEW_YEAR, asked, mingshan
from tests.browsing import post, signed_in, text_of
from tests.factories import make_user
from tests.journeys.people import OverHttp

pytestmark = pytest.mark.django_db


def typed(about, unit="", **values):
    """Where it is asked on a page, and what is sent there."""
    place = {"RENAME": f"{unit}/rename", "CLOSE": f"{unit}/close", "ADD": "new", "CITY": "site"}.get(about, "districts")
    return f"/desk/units/{place}/", {"effective_from": "2027-01-01", "document": DOCUMENT} | values


def test_who_asked_takes_it_back_before_it_is_decided_and_the_form_says_beforehand_what_is_on_its_way(two, at):
    at("2026-07-06 09:00")
    system, grants, other = (
        OverHttp(user) for user in (*two, make_user((Role.ADMIN_SYSTEM, Unit.objects.get(code="2105SJ"))))
    )
    change = asked(two, ChangeKind.RENAME, NAMES, NEW_YEAR, mingshan())
    page = change.get_absolute_url()
    address, values = typed("RENAME", "210504", **NAMES | {"short_name": "东山分局"})
    for somebody in (system, other):
        somebody.open(address).sees("已有一份修改等批准").does_not_see('name="document"')
    # What is sent all the same is refused, and stands in the form.
    refused_there = post(signed_in(two[0]), address, **values)
    assert (refused_there.status_code, "东山分局" in refused_there.content.decode()) == (409, True)
    grants.open(page).does_not_see("撤回这份修改")
    other.open(page).does_not_see("撤回这份修改")
    for late in (system, grants):
        late.open(page)
    system.press("撤回这份修改").sees("已撤回", "没有改动")
    grants.press("批准").sees("这份申请已经办完")
    change.refresh_from_db()
    assert (change.state, change.decided_by, change.done_at) == ("WITHDRAWN", None, None)
    assert AuditEntry.objects.get(verb="accounts.unit.taken_back").actor == two[0]
    with pytest.raises(Refused, match="已撤回，不能撤回"):
        actions.take_back(change=change, by=two[0])
    with pytest.raises(Refused, match="由提出的人撤回"):
        actions.take_back(change=asked(two, ChangeKind.RENAME, NAMES, NEW_YEAR, mingshan()), by=two[1])
    system.open(page).does_not_see("撤回这份修改")


def test_the_message_to_the_bureau_ends_with_the_to_do_of_the_city_team(two, at):
    at("2026-07-06 09:00")
    change = asked(two, ChangeKind.RENAME, NAMES, NEW_YEAR, mingshan())
    assert two[1].inbox.get().duty == UNITS.duties.get(period=str(change.pk))
    actions.take_back(change=change, by=two[0])
    assert not two[1].inbox.waiting().exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2105ab｜新区", "写六位数字"),
        ("210505123456｜新区", "末尾六个 0"),
        ("210506｜新区｜甲｜乙｜丙", "有 5 格，一行最多 4 格"),
        ("210506｜" + "长" * 21, "太长，名称、别的写法和园区最长 20 个字"),
        ("210506｜新区｜" + "长" * 21, "太长"),
        ("２１０５０６０００００｜新区", "写六位数字"),
        ("２１０５０６００００００｜新\u200b\u202e区", ""),  # wide, and with what nobody sees
    ],
)
def test_a_line_of_the_districts_is_read_whole_or_refused_with_what_was_typed(two, at, line, words):
    at("2026-07-06 09:00")
    system = signed_in(two[0])
    before = text_of(system.get("/desk/units/districts/"))
    lines = "\n".join(f"{d.code}｜{d.name}｜{'、'.join(d.words)}｜{'、'.join(d.zones)}" for d in this_city().districts)
    address, values = typed("DISTRICTS", districts=f"{lines}\n{line}")
    answer = post(system, address, **values)
    assert "210502" in before and (answer.status_code == 302) == (words == "")
    if words:
        assert words in text_of(answer) and line in answer.content.decode() and not UnitChange.objects.exists()
    else:
        assert UnitChange.objects.get().values["districts"][-1] == {
            "code": "210506",
            "name": "新区",
            "words": [],
            "zones": [],
        }


def test_a_code_may_be_typed_wide_or_small_and_what_is_returned_has_a_reason(two, at):
    at("2026-07-06 09:00")
    address, values = typed("ADD", **BRANCH | {"code": "２１０５kf", "name": f"\u200b{BRANCH['name']}"})
    assert post(signed_in(two[0]), address, **values).status_code == 302
    change = UnitChange.objects.get()
    assert "核对年份，最远填到 2028-12-31" in text_of(
        post(signed_in(two[0]), address, **values | {"code": "2105XX", "effective_from": "9999-12-31"})
    )
    # Another unit is another thing; the same one is not.
    again = text_of(post(signed_in(two[0]), address, **values | {"short_name": "别的分局"}))
    more = {"code": "2105YY", "short_name": "南山分局", "name": "本溪市生态环境局南山分局", "section": "南山执法科"}
    assert "同一事项已有一份修改等批准" in again
    assert post(signed_in(two[0]), address, **values | more).status_code == 302
    assert (change.values["code"], change.values["name"]) == (BRANCH["code"], BRANCH["name"])
    grants = OverHttp(two[1]).open(change.get_absolute_url())
    grants.press("不批准，退回", opinion="错").sees("退回的意见写得太短")
    grants.press("不批准，退回", opinion="").sees("写明退回的意见")
    grants.press("不批准，退回", opinion="文号写错了").sees("已退回")


def test_two_sections_come_at_once_with_codes_and_names_of_their_own(two, at):
    """What is on its way counts beside what stands, or the second would fail on its day."""
    at("2026-07-06 09:00")
    address, values = typed("ADD", **BRANCH)
    for short in ("执法三科", "执法四科"):
        section = {"kind": "HQ_SECTION", "code": "", "name": f"市执法队{short}", "short_name": short, "section": ""}
        assert post(signed_in(two[0]), address, **values | section).status_code == 302
    third, fourth = UnitChange.objects.filter(values__kind="HQ_SECTION").order_by("pk")
    assert int(fourth.values["code"].rpartition("-H")[2]) == int(third.values["code"].rpartition("-H")[2]) + 1
    for taken in ({"short_name": "执法三科"}, {"name": "市执法队执法四科"}):
        assert "在另一份还没有办理的修改里" in text_of(post(signed_in(two[0]), address, **values | section | taken))
    with pytest.raises(Refused, match="“执法三科”在另一份"):
        asked(two, ChangeKind.RENAME, NAMES | {"short_name": "执法三科"}, NEW_YEAR, mingshan())
    # Of two that waited already before this was asked, the second is not approved; a to-do is made up for.
    UnitChange.objects.filter(pk=fourth.pk).update(values=fourth.values | {"short_name": "执法三科"})
    Duty.objects.filter(period=str(fourth.pk)).update(period="none")
    actions.carry_out_due()
    assert UNITS.duties.open().filter(period=str(fourth.pk), role=Role.ADMIN_GRANTS).count() == 1
    actions.approve(change=third, by=two[1])
    with pytest.raises(Refused, match="“执法三科”在另一份"):
        actions.approve(change=fourth, by=two[1])
