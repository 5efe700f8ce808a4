"""The people ticked in the list are exported alone (PNG 09)."""

import io

import openpyxl
import pytest
from django.urls import reverse

from benxi_shuangsuiji.audit.models import AuditEntry
from tests.browsing import enter, text_of
from tests.factories import make_inspector, make_planner, make_unit

pytestmark = pytest.mark.django_db


def test_those_ticked_are_exported_alone_and_nobody_where_none_is(client):
    unit, address = make_unit(), reverse("registry:inspector-export")
    one, two, _ = (make_inspector(unit, name=name) for name in ("甲某", "乙某", "丙某"))
    stranger = make_inspector(make_unit("210503"), name="外单位的人")
    enter(client, make_planner(unit))
    page = client.get(reverse("registry:inspector-list"), {"sort": "-name"})
    assert page.content.count(b'name="chosen"') == 3 and b'type="hidden" name="sort"' in page.content

    asked = {"sort": "-name", "only": "chosen", "chosen": [one.code, two.code, stranger.code]}
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(address, asked).content)).active
    words = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "甲某" in words and "乙某" in words and not {"丙某", "外单位的人"} & {*words}
    assert AuditEntry.objects.filter(verb="registry.inspectors.exported").latest("pk").details["rows"] == 2

    answer = client.get(address, {"sort": "-name", "only": "chosen"}, follow=True)
    assert answer.redirect_chain[-1][0].endswith("?sort=-name")
    assert "没有勾上检查人员，没有导出" in text_of(answer)
