"""采样取证登记 of a visit (四(3)-b)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from inspections.models import Sample
from tests.browsing import post, post_and_follow, signed_in, text_of
from tests.factories import make_planner
from tests.inspections.factories import make_reviewed, make_started, team_of

pytestmark = pytest.mark.django_db


def form(taken_at=None, **changes):
    return {
        "no": "S-01",
        "medium": "WATER",
        "place": "总排口",
        "amount": "2 瓶，各 500 毫升",
        "taken_at": f"{localtime(taken_at or clock.now()):%Y-%m-%dT%H:%M}",
        "tested_for": "化学需氧量、氨氮",
        "preserved": "冷藏",
        "sent_to": "",
        "witness": "",
        **changes,
    }


@pytest.mark.clause("四(3)-b")
def test_a_sample_is_entered_on_the_phone_and_stands_on_the_desk():
    inspection = make_started()
    client = signed_in(team_of(inspection)[0].user)
    url = reverse("inspections:field-samples", args=[inspection.no])

    said = post_and_follow(client, url, form())

    assert "样品 S-01 已登记" in text_of(said) and Sample.objects.get().by == team_of(inspection)[0].user
    assert "已有样品 S-01" in text_of(post(client, url, form()))
    desk = signed_in(make_planner(inspection.unit)).get(inspection.get_absolute_url())
    assert "样品 S-01" in text_of(desk) and "化学需氧量" in text_of(desk)


def test_a_sample_is_of_the_visit():
    inspection = make_started()
    client = signed_in(team_of(inspection)[0].user)
    url = reverse("inspections:field-samples", args=[inspection.no])
    assert "早于到场" in text_of(post(client, url, form(inspection.started_at - timedelta(hours=1))))
    assert "晚于现在" in text_of(post(client, url, form(clock.now() + timedelta(hours=1))))
    over = make_reviewed()
    late = signed_in(team_of(over)[0].user)
    answer = post(late, reverse("inspections:field-samples", args=[over.no]), form())
    assert "已经审核" in text_of(answer)
