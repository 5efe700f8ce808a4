"""The log asked about a thing by its name: of that kind only, and never so that a sealed list is told."""

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import asking, trail
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.search import finding
from inspections.models import Inspection
from plans.models import ItemList
from registry.facilities.search import facility_text
from registry.models import Facility
from tests.browsing import enter
from tests.factories import make_city_team, make_user

pytestmark = pytest.mark.django_db
URL = "/desk/log/"


@pytest.fixture
def reader(client, world):
    """Of the circle, who reads the log."""
    user = make_user((Role.SUPERVISOR, make_city_team()), (Role.OBSERVER, make_city_team()))
    enter(client, user)
    return user


def test_the_name_of_an_enterprise_does_not_tell_that_it_is_on_a_sealed_list(client, reader):
    check = Inspection.objects.filter(source="DRAW").exclude(status="PUBLISHED").first()
    check.facility.name = "晴川印染厂"  # without a digit, which would be a number
    Facility.objects.filter(pk=check.facility_id).update(
        name=check.facility.name, search_text=facility_text(check.facility)
    )
    trail.record("inspections.sealed.viewed", by=None, about=check)
    rooms = finding.finders(reader, finding.read(check.facility.name))
    assert check in [row for _, found in rooms for row in found.about()]
    shown = client.get(URL, {"about": check.facility.name}).context["rows"]
    assert check.draw.draw_id not in {entry.about_key for entry in shown}


def test_a_thing_found_by_name_is_not_every_thing_of_that_number(client, reader):
    one = ItemList.objects.visible_to(reader).first()
    with connection.cursor() as cursor:
        for kind in ("plans.ItemList", "plans.Other"):
            cursor.execute(trail.ENTRY, ["audit.checked", None, None, kind, str(one.pk), "{}"])
    shown = client.get(URL, {"about": one.unit.short_name}).context["rows"]
    kinds = {entry.about_type for entry in shown if entry.about_key == str(one.pk)}
    assert "plans.ItemList" in kinds and "plans.Other" not in kinds


def test_things_are_named_by_as_many_queries_however_many_there_are(reader):
    units = {one.unit_id: one for one in apps.get_model("plans.QuarterlyPlan").objects.visible_to(reader)}
    for thing in [*units.values(), *ItemList.objects.visible_to(reader)[:1]]:
        trail.record("audit.checked", by=None, about=thing)
        lines = list(AuditEntry.objects.filter(about_type=thing._meta.label, about_key=str(thing.pk))[:1])
        with CaptureQueriesContext(connection) as asked:
            asking.named(reader, lines)
        assert len(asked) == 1, thing
