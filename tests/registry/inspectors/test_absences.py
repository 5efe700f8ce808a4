"""请假和离岗: no overlap, own leave ahead of time, and what it does to the pool (六(三)-p, 七(五)-a)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from registry.frames import inspectors_for_roster
from registry.inspectors import absences as actions
from registry.models import InspectorAbsence
from tests.browsing import post, text_of
from tests.factories import make_inspector, make_planner, make_registrar, make_unit

pytestmark = pytest.mark.django_db
MAY = date(2026, 8, 3), date(2026, 8, 14)


@pytest.mark.parametrize(
    ("start", "end", "free"),
    [
        (date(2026, 7, 20), date(2026, 8, 2), True),
        (date(2026, 7, 20), date(2026, 8, 3), False),
        (date(2026, 8, 5), date(2026, 8, 6), False),
        (date(2026, 8, 14), None, False),
        (date(2026, 8, 15), None, True),
        (date(2026, 7, 20), None, False),
    ],
)
def test_periods_do_not_overlap(start, end, free):
    unit = make_unit()
    person, by = make_inspector(unit), make_registrar(unit)
    note = {"inspector": person, "kind": "LEAVE", "by": by}
    actions.record_absence(starts_on=MAY[0], ends_on=MAY[1], **note)
    if free:
        assert actions.record_absence(starts_on=start, ends_on=end, **note).starts_on == start
    else:
        with pytest.raises(Refused, match="2026-08-03 至 2026-08-14）重叠"):
            actions.record_absence(starts_on=start, ends_on=end, **note)


@pytest.mark.clause("六(三)-p")
def test_a_person_notes_his_own_leave_ahead_and_the_registrar_anything(client):
    unit = make_unit()
    person, colleague = make_inspector(unit, with_user=True), make_inspector(unit, with_user=True)
    today = clock.today()
    own = {"inspector": person, "by": person.user}
    for kind, start, end in (
        ("LEAVE", today - timedelta(days=1), today),
        ("LEAVE", today, None),
        ("POST", today, today),
    ):
        with pytest.raises(Refused, match="本人只能登记"):
            actions.record_absence(kind=kind, starts_on=start, ends_on=end, **own)
    with pytest.raises(Refused, match="只能登记本人的请假"):
        actions.record_absence(inspector=person, by=colleague.user, kind="LEAVE", starts_on=today, ends_on=today)
    client.force_login(person.user)
    url = reverse("registry:absence-new", args=[person.code])
    assert "今天可参加抽取 2 人" in text_of(client.get(url)) and "不够一组 2 人" in text_of(client.get(url))
    assert "填写截止日" in text_of(post(client, url, kind="LEAVE", starts_on="2026-08-03"))
    assert (
        post(client, url, kind="LEAVE", starts_on="2026-08-03", ends_on="2026-08-14", note="年休假").status_code == 302
    )
    words = text_of(client.get(person.get_absolute_url()))
    assert "还没有开始" in words and "年休假" in words
    absence = person.absences.get()
    assert (absence.entered_by, absence.kind) == (person.user, "LEAVE")
    (one, _) = inspectors_for_roster(unit, None, (date(2026, 8, 14), date(2026, 9, 25)))
    assert one.out() == "LEAVE"
    url = reverse("registry:absence-cancel", args=[person.code, absence.pk])
    assert post(client, url, reason="行程取消").status_code == 302
    assert not InspectorAbsence.objects.exists()
    changes = list(person.changes.order_by("pk").values_list("kind", "values"))
    period = ["LEAVE", "2026-08-03", "2026-08-14"]
    assert changes == [("ABSENCE", {"absence": [None, period]}), ("BACK", {"absence": [period, None]})]


def test_what_has_begun_is_ended_not_cancelled_and_not_prolonged():
    unit = make_unit()
    person, by, today = make_inspector(unit), make_registrar(unit), clock.today()
    absence = actions.record_absence(
        inspector=person, kind="DUTY", starts_on=today, ends_on=today + timedelta(days=9), by=by
    )
    with pytest.raises(Refused, match="不能取消，登记返岗"):
        actions.cancel_absence(absence=absence, reason="行程取消", by=by)
    with pytest.raises(Refused, match="另登记一段"):
        actions.end_absence(absence=absence, on=today + timedelta(days=10), by=by)
    assert actions.end_absence(absence=absence, on=today + timedelta(days=2), by=by).ends_on == today + timedelta(
        days=2
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        InspectorAbsence.objects.create(inspector=person, kind="LEAVE", starts_on=today, ends_on=date(2026, 1, 1))


def test_the_list_says_until_when_somebody_is_away(client):
    unit = make_unit()
    person = make_inspector(unit)
    actions.record_absence(
        inspector=person,
        kind="LEAVE",
        starts_on=date(2026, 7, 1),
        ends_on=date(2026, 7, 31),
        note="产假",
        by=make_registrar(unit),
    )
    client.force_login(make_planner(unit))
    page = client.get(reverse("registry:inspector-list"), {"view": "away"})
    assert "产假至 07-31" in text_of(page) and page.context["list"].counts["drawable"] == 0


@pytest.mark.parametrize(("sent", "last"), [({}, "2026-07-05"), ({"on": "2026-07-18"}, "2026-07-18")])
def test_the_button_ends_it_yesterday_and_the_form_on_the_day_typed(client, sent, last):
    person = make_inspector(make_unit())
    by = make_registrar(person.unit)
    absence = actions.record_absence(
        inspector=person, kind="LEAVE", starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 20), by=by
    )
    client.force_login(by)
    url = reverse("registry:absence-end", args=[person.code, absence.pk])
    assert client.get(url).context["form"]["on"].value() == date(2026, 7, 20)
    assert "延长的，另登记一段。" in text_of(post(client, url, on="2026-07-21"))
    assert post(client, url, **sent).status_code == 302
    absence.refresh_from_db()
    assert absence.ends_on.isoformat() == last
