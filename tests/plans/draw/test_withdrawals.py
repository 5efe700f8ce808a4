"""An import that a frozen list uses is not taken back (ui.md 4.10)."""

from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from plans.draw import actions as draw_actions
from registry.imports import actions
from registry.models import Facility
from tests.factories import make_approver, make_registrar
from tests.plans.draw.factories import make_prepared_draw
from tests.registry.workbooks import facility_row, workbook

pytestmark = pytest.mark.django_db


def import_one(unit, by):
    batch = actions.check_workbook(
        file_name="a.xlsx", content=workbook([facility_row(name="后来的厂")]), kind="FACILITY", unit=unit, by=by
    )
    return actions.confirm_import(batch=batch, by=by)


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_an_import_before_the_seal_stays_and_one_after_it_can_be_withdrawn(at):
    draw = make_prepared_draw()
    by = make_registrar(draw.unit)
    before = import_one(draw.unit, by)
    draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))
    with pytest.raises(Refused, match=f"{draw.draw_id} 的名单已于 .* 封存，用到了这一批"):
        actions.withdraw_import(batch=before, by=by)
    assert Facility.objects.filter(name="后来的厂").count() == 1
    # Time goes on; what is imported after the seal is in no frozen list.
    at(clock.now() + timedelta(minutes=1))
    after = actions.check_workbook(
        file_name="b.xlsx", content=workbook([facility_row(name="更晚的厂")]), kind="FACILITY", unit=draw.unit, by=by
    )
    actions.withdraw_import(batch=actions.confirm_import(batch=after, by=by), by=by)
    assert not Facility.objects.filter(name="更晚的厂").exists()
