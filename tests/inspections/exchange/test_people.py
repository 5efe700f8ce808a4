"""A team of the platform is of people whom the registry knows by their certificates, whichever door it comes by (docs/exchange/ 6)."""

import pytest

from benxi_shuangsuiji.documents.packages import BadPackage
from inspections.exchange import incoming
from inspections.models import PackageRefusal, PlatformDifference
from tests.factories import make_inspector
from tests.inspections.exchange.factories import dispatched_now, member, pack, task_there
from tests.inspections.exchange.test_back import team_there

pytestmark = [pytest.mark.django_db, pytest.mark.clause("七(二)-h")]


def of_a_check(unit, planner, person) -> bytes:
    return pack(unit, 1, teams=[team_there("PT-1") | {"task": dispatched_now(unit).no, "members": [person]}])


def of_a_task_there(unit, planner, person) -> bytes:
    return pack(unit, 1, tasks=[task_there(unit)], teams=[team_there("PT-0815") | {"members": [person]}])


@pytest.mark.parametrize("door", [of_a_check, of_a_task_there])
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"certificate_no": "DEMO9"}, "名录里没有执法证号 DEMO9，没有导入"),
        ({"name": "某"}, "不是所写的这个人的，没有导入。由名录管理员核对检查人员"),
    ],
)
def test_somebody_unknown_or_with_the_certificate_of_another_is_refused(changes, said, door, unit, planner):
    content = door(unit, planner, member(make_inspector(unit), **changes))
    with pytest.raises(BadPackage, match=said) as found:
        incoming.take(content=content, by=planner)
    assert found.value.code == PackageRefusal.objects.get().reason_code == "UNKNOWN_PERSON"
    assert "某" not in str(found.value) and not PlatformDifference.objects.exists()


@pytest.mark.parametrize("door", [of_a_check, of_a_task_there])
def test_somebody_whom_the_registry_knows_is_taken(door, unit, planner):
    taken = incoming.take(content=door(unit, planner, member(make_inspector(unit))), by=planner)
    assert taken.differences == (door is of_a_check)
