"""Which papers a file must hold follows from how the check went, and what is missed stops its binding (七(七)-i…-p)."""

import pytest

from benxi_shuangsuiji import clock
from disclosure.publishing import actions as publishing
from inspections.archive import actions
from inspections.models import Inspection, Outcome, Volume
from inspections.review import actions as review
from tests.browsing import refused
from tests.factories import make_approver, make_disclosure_officer, make_planner
from tests.inspections.archive.test_archive import SITE, archivist, bound, lacking, named
from tests.inspections.factories import finish, make_inspection, start

pytestmark = pytest.mark.django_db


def in_vain() -> Inspection:
    """Reviewed: the gate was locked and nobody there."""
    check = finish(start(make_inspection()), outcome=Outcome.NOT_OPERATING, finding="大门上锁，已停产")
    return review.review_result(inspection=check, by=make_approver(check.unit))


@pytest.mark.clause("七(七)-o", "七(七)-p", "七(四)-9")
def test_a_result_that_has_no_public_page_yet_is_not_bound():
    check = in_vain()
    check = review.mark_published(inspection=check, by=make_planner(check.unit), at=clock.now())
    assert lacking(check) == ["公开页打印件"]
    with refused("缺公开页打印件，不能成册"):
        actions.bind(check=check, site=SITE, by=archivist(check.unit))
    assert not Volume.objects.exists()


@pytest.mark.clause("七(七)-n", "七(七)-o", "七(五)-g")
def test_of_a_visit_in_vain_no_check_sheet_is_missed_and_the_last_page_says_why(one_page):
    check = in_vain()
    publishing.publish_result(inspection=check, by=make_disclosure_officer(check.unit))
    check.refresh_from_db()
    assert lacking(check) == []
    kept = {*named(check)}
    assert {"行政执法检查审批表", "现场检查笔录", "行政执法检查登记表", "结果报告"} <= kept
    assert not {"清单式检查表", "检查结果告知书", "送达回证"} & kept
    bound(check)
    for name in ("清单式检查表", "检查结果告知书"):
        assert any(f"没有{name}：{check.get_outcome_display()}。" in html for html in one_page), name
