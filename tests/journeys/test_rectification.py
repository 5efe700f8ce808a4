"""One finding through the pages, to its end: ordered, more time, reported by link, checked again, closed, public (八(二)-e)."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from benxi_shuangsuiji import clock
from disclosure.models import Publication
from inspections.models import FollowUp, Inspection, Rectification, TargetedCheck
from tests.browsing import post, signed_in, text_of
from tests.disclosure.factories import press_publish
from tests.factories import PASSWORD, make_approver, make_disclosure_officer, make_planner, make_unit
from tests.inspections.evidence.pictures import photo
from tests.inspections.factories import answer_all, finish, link_of, ready, start, team_of
from tests.inspections.rectification.factories import ordered_check
from tests.inspections.rectification.test_pages import file
from tests.plans.draw.factories import make_item_list


@pytest.mark.django_db
@pytest.mark.clause("八(二)-e", "七(四)-7")
def test_a_finding_from_the_order_to_the_public_page(at):
    at("2026-07-09 10:00")
    make_item_list()
    unit = make_unit()
    check = ordered_check(unit)
    leader, officer = signed_in(make_approver(unit)), signed_in(make_disclosure_officer(unit))
    planner, team, public = signed_in(make_planner(unit)), signed_in(team_of(check)[0].user), Client()

    def publish_step(step: str) -> None:
        waiting = FollowUp.objects.waiting().get(step=step)
        assert "将要公开的内容" in text_of(officer.get(reverse("disclosure:followup", args=[waiting.no])))
        post(officer, reverse("disclosure:followup", args=[waiting.no]))
        assert Publication.objects.filter(no=waiting.no).exists()

    def decide(kind: str, **typed) -> None:
        post(team, f"{page}?act={kind}", reason="照片和台账对得上，建议同意", **typed)
        done = post(leader, page, decision="approve", opinion="同意", own_password=PASSWORD)
        assert done.status_code == 302

    post(leader, reverse("inspections:task-review", args=[check.no]), opinion="同意", version=check.version)
    press_publish(officer, check.no)
    found = Rectification.objects.get(inspection=check)
    page = reverse("inspections:rectification", args=[check.no])
    publish_step("ORDERED")

    link = f"/e/{link_of(check).token}/rectify/"
    said = {"state_1": "DONE", "words_1": "已专设加药记录本", "state_2": "DOING", "by_name": "齐某", "do": "send"}
    wish = {"wish_until": "2026-08-06", "wish_because": "防渗施工 8 月初完工"}
    assert public.post(link, said | wish | {"files_1": file("加药.jpg", photo())}).status_code == 302
    decide("EXTEND", points=["2"], until="2026-08-06")
    publish_step("EXTENDED")
    again = text_of(public.get(link))
    assert "8 月 6 日前改正" in again

    team_keys = [i.pk for i in team_of(check)]
    request = {"leader": team_keys[0], "members": team_keys[1:], "items": [make_item_list().items.get().pk]}
    post(planner, f"{page}again/", **request, mode="ONSITE", finish_by="2026-08-10")
    asked = TargetedCheck.objects.get(original=check)
    post(leader, asked.get_absolute_url(), decision="approve", document_no="本环检批〔2026〕9号", opinion="")
    asked.refresh_from_db()
    recheck = Inspection.objects.get(pk=asked.inspection_id)
    at("2026-07-10 10:00")
    ready(recheck)
    recheck = finish(answer_all(start(recheck)))
    post(leader, reverse("inspections:task-review", args=[recheck.no]), opinion="同意", version=recheck.version)
    publish_step("CHECKED_AGAIN")
    decide("CLOSE")
    publish_step("MENDED")

    found.refresh_from_db()
    assert (found.state, clock.today()) == ("CLOSED", date(2026, 7, 10))
    for address in (f"/results/{check.no}/", reverse("disclosure:enterprise", args=[check.facility.code])):
        shown = text_of(public.get(address))
        assert "责令 2 处问题 2026 年 7 月 23 日前改正" in shown and "整改办结" in shown
        assert "加药记录本" not in shown and "齐某" not in shown
    result = Publication.objects.get(kind="RESULT", no=check.no)
    assert result.version == 1 and "办结" not in result.text
