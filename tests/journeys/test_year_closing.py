"""A year cannot be closed too early: before its end, before its lists are open, before each result is public or kept back (二-b)."""

import pytest
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Role
from disclosure.models import YearVolume
from inspections.models import Ground, Inspection, YearClosing
from plans.draw.actions import release_draw
from tests.browsing import post, signed_in, text_of
from tests.disclosure.factories import press_publish
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_lead_office,
    make_unit,
    make_user,
)
from tests.inspections.factories import answer_all, finish, make_dispatched, ready, start
from tests.inspections.withholding.test_withholding import SAID


@pytest.mark.django_db
@pytest.mark.clause("二-b", "七(七)-h")
def test_a_year_cannot_be_closed_too_early(at):
    city, unit = make_city_team(), make_unit()
    kept, told = checks = make_dispatched(unit, key=2, general=2, special=0)
    for check in checks:
        ready(check)
        finish(answer_all(start(check)))
    leader, officer = signed_in(make_approver(unit)), signed_in(make_disclosure_officer(unit))
    lead, head = signed_in(make_lead_office()), signed_in(make_approver(city))
    archivist = signed_in(make_user((Role.ARCHIVIST, unit)))
    page = reverse("inspections:year-closing", args=[2026])
    book = f"{reverse('disclosure:yearbook')}?unit={unit.code}&year=2026"
    bind = reverse("disclosure:yearbook-bind", args=[unit.code, 2026])

    def refused(words: str) -> None:
        """The page says why, an older page that is sent all the same is answered in the same words, nothing is made."""
        assert words in text_of(lead.get(page))
        assert words in text_of(post(lead, page, {"note": ""}))
        assert not YearClosing.objects.exists()

    refused("2026 年还没有结束，2026 年 12 月 31 日以后办结")
    at("2027-01-20 09:00")
    refused(f"{unit.short_name}还有没有公开的抽取名单")
    release_draw(draw=kept.draw)
    refused(f"没有批准依法不公开：{unit.short_name} 2 项")
    for check in Inspection.objects.filter(pk__in=[kept.pk, told.pk]):
        task = reverse("inspections:task-review", args=[check.no])
        post(leader, task, opinion="同意", version=check.version)
    press_publish(officer, told.no, late_reason="年底集中办理，未及时公开")
    refused(f"{unit.short_name} 1 项")
    withheld = reverse("inspections:withholding", args=[kept.no])
    post(officer, withheld, {"ground": Ground.TRADE_SECRET, "words": SAID})
    refused(f"{unit.short_name} 1 项")  # asked is not approved
    post(leader, withheld, decision="approve", document_no="本环检〔2027〕1号", opinion="")
    assert "2026 年还没有办结" in text_of(archivist.get(book))
    post(archivist, bind)
    assert not YearVolume.objects.exists()

    post(lead, page, {"note": "一项依法不公开"})
    assert leader.get(page).status_code == 404 and "待批准" in text_of(lead.get(page))
    post(head, page, decision="approve", opinion="")
    closing = YearClosing.objects.get()
    line = next(one for one in closing.lines if one["unit"] == unit.code)
    assert (closing.state, line["due"], line["public"], line["withheld"]) == ("APPROVED", 2, 1, 1)
    assert line["k1"] == "50%（1/2）" and line["k1"] in text_of(lead.get(page))  # a lawful ground makes nothing public
    post(archivist, bind)
    assert YearVolume.objects.get().year == 2026
