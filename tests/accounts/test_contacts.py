"""Where each unit is reached: kept by its registrar or the system administrator, read by everybody (四(3)-f, 0-c)."""

import pytest
from django.test import Client

from benxi_shuangsuiji.accounts import contacts
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from tests.browsing import post, refused, signed_in, text_of
from tests.disclosure.factories import make_published_result
from tests.factories import make_city_team, make_planner, make_registrar, make_unit, make_user

pytestmark = pytest.mark.django_db
WHERE = {
    "telephone": "024-00000504（示例）",
    "email": "ms@example.cn",
    "address": "本溪市明山区竹屿路 1 号（示例）",
    "hours": "工作日 8:30—11:30　13:00—17:00",
}


@pytest.mark.clause("四(3)-f", "0-c")
def test_the_registrar_keeps_the_address_and_everybody_reads_it_on_every_page_that_needs_it():
    result = make_published_result()
    unit = Unit.objects.get(code=result.unit_code)
    post(signed_in(make_registrar(unit)), f"/desk/contacts/{unit.code}/", WHERE)
    client = Client()
    for path in ("/contact/", f"/results/{result.no}/", f"/corrections/new/?record={result.no}"):
        page = text_of(client.get(path))
        assert [word for word in WHERE.values() if word.replace("　", " ") not in page.replace("　", " ")] == [], path
    said = {row["code"]: row for row in client.get("/data/units.json").json()["units"]}
    assert said[unit.code] == {"code": unit.code, "name": unit.name, **WHERE}
    assert AuditEntry.objects.get(verb="accounts.contact.kept").details["address"] == WHERE["address"]


def test_nobody_keeps_the_address_of_another_unit_and_the_administrator_keeps_all():
    unit, other = make_unit("210504"), make_unit("210503")
    keeper = make_registrar(other)
    assert signed_in(keeper).get(f"/desk/contacts/{unit.code}/").status_code == 404
    with refused("由本单位名录管理员或者系统管理员登记"):
        contacts.keep(unit=unit, by=keeper, **WHERE)
    with refused("由本单位名录管理员或者系统管理员登记"):
        contacts.keep(unit=unit, by=make_planner(unit), **WHERE)
    with refused("电话至少 7 位数字"):
        contacts.keep(unit=unit, by=make_registrar(unit), **WHERE | {"telephone": "504"})
    admin = make_user((Role.ADMIN_SYSTEM, make_city_team()))
    assert contacts.keep(unit=unit, by=admin, **WHERE).telephone == WHERE["telephone"]
    assert set(contacts.kept_by(admin)) == set(contacts.units())
