"""Publications, made through the actions that make them."""

from disclosure.models import Publication
from disclosure.publishing import actions
from tests.factories import make_disclosure_officer, make_unit
from tests.inspections.factories import make_reviewed
from tests.plans.factories import make_list, make_plan


def make_published_result(unit=None, *, by=None, **fields) -> Publication:
    """A published result; `fields` go to the reviewed check behind it."""
    inspection = make_reviewed(unit or make_unit(), **fields)
    return actions.publish_result(inspection=inspection, by=by or make_disclosure_officer(inspection.unit))


def make_published_list(**fields) -> Publication:
    item_list = make_list(upto="APPROVED", **fields)
    return actions.publish_list(item_list=item_list, by=make_disclosure_officer(item_list.unit))


def make_published_plan(unit=None, **fields) -> Publication:
    """The published plan of a unit; its year's list is published before it."""
    plan = make_plan(unit, upto="APPROVED", **fields)
    return actions.publish_plan(plan=plan, by=make_disclosure_officer(plan.unit))
