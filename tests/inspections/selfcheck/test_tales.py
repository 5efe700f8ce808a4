"""Each rule of 合规体检 kept and broken by rows that the acts of the system have left, rule by rule (一-c, 八(一)-b)."""

import pytest

from inspections.selfcheck import guarantees
from inspections.selfcheck.catalogue import BY_ID
from inspections.selfcheck.findings import State
from tests.inspections.archive.conftest import one_page  # noqa: F401 (for the tales that bind volumes)
from tests.proofs import PRINTED, TOLD, speaks_of, worn

from . import of_checks, of_days  # noqa: F401 (their tales)
from .eye import NEVER_MISSING, TALES, Eye

pytestmark = pytest.mark.django_db


@pytest.mark.clause(
    "一-c",
    "八(一)-b",
    "五-4k",
    "七(五)-b",
    "七(五)-j",
    "七(七)-p",
    "八(二)-d",
    "六(一)2-g",
    "七(一)1-b",
    "六(二)-e",
    "六(三)-i",
)
@pytest.mark.parametrize("name", sorted(TALES))
def test_a_tale_shows_its_rules_kept_and_broken(name, at, request):
    tale, eye = TALES[name], Eye()
    if tale.prints:
        request.getfixturevalue("one_page")
    tale.told(eye, at)
    both = {rule for rule, states in eye.seen.items() if states >= {State.KEPT, State.BROKEN}}
    assert both == set(tale.rules)
    assert set(eye.seen) - both <= NEVER_MISSING


def test_no_rule_is_without_a_tale():
    tried = [rule for tale in TALES.values() for rule in tale.rules]
    assert sorted([*tried, *NEVER_MISSING]) == sorted(BY_ID)


@pytest.mark.clause("一-c")
def test_what_a_rule_names_as_its_proof_tells_of_that_rule():
    """名录审核 once named a test of withdrawn results, for both rest on one clause."""
    told = {rule: f"{TOLD}[{name}]" for name, tale in TALES.items() for rule in tale.rules}
    assert set(guarantees.proofs()["rules"]) == set(BY_ID)
    for rule in BY_ID.values():
        own, *others = guarantees.tests_of_rule(rule.id)
        assert own == told.get(rule.id, PRINTED), rule.id
        assert all(test in worn()[rule.clause] and speaks_of(test, rule.of) for test in others), rule.id
    assert not any("seal" in test for test in guarantees.tests_of_rule("d4"))
