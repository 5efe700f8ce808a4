"""A word in the address that a list does not know is said, never passed over (issue 16: `before=abc` showed everything)."""

import pytest

from benxi_shuangsuiji.accounts.roles import Role
from tests.access.world import cast
from tests.browsing import signed_in, text_of
from tests.inspections.factories import make_started, team_of

pytestmark = pytest.mark.django_db
SAID = "网址里有读不懂的条件，没有用上"
LISTS = [
    (f"city {Role.ADMIN_AUDIT}", "/desk/log/", "before", ""),
    (f"city {Role.ADMIN_AUDIT}", "/desk/inbox/log/", "kind", "unread"),
    (f"city {Role.ADMIN_GRANTS}", "/desk/accounts/", "view", ""),
    (f"own {Role.PLANNER}", "/desk/calendar/", "view", "done"),
    (f"own {Role.PLANNER}", "/desk/calendar/", "month", ""),
    (f"own {Role.PLANNER}", "/desk/approvals/", "state", ""),
    (f"own {Role.REGISTRAR}", "/desk/inspectors/", "view", "all"),
    (f"own {Role.ARCHIVIST}", "/desk/archive/", "only", ""),
    (f"city {Role.SUPERVISOR}", "/desk/city/self-check/", "state", ""),
    (f"city {Role.SUPERVISOR}", "/desk/fairness/", "by", "industry"),
    (f"own {Role.REGISTRAR}", "/desk/objects/", "view", "key"),
    (f"own {Role.REGISTRAR}", "/desk/objects/", "sort", "-name"),
    (f"own {Role.REGISTRAR}", "/desk/objects/", "industry", ""),
    (f"own {Role.REGISTRAR}", "/desk/objects/?on=2026-01-02", "category", ""),
    (f"own {Role.REGISTRAR}", "/desk/inspectors/", "sort", "-name"),
    (f"own {Role.REGISTRAR}", "/desk/recusals/", "view", ""),
    (f"own {Role.REGISTRAR}", "/desk/objects/import/", "kind", ""),
    (f"own {Role.PLANNER}", "/desk/workdays/", "year", "2026"),
    (f"own {Role.PLANNER}", "/desk/tasks/coverage/", "of", "general"),
    (f"own {Role.PLANNER}", "/desk/indicators/", "period", "year"),
    (f"own {Role.PLANNER}", "/desk/", "by", "stage"),
    (f"city {Role.SUPERVISOR}", "/desk/", "by", "unit"),
    (f"city {Role.SUPERVISOR}", "/desk/analysis/", "year", ""),
    (f"own {Role.ARCHIVIST}", "/desk/yearbook/", "year", ""),
]


def test_every_list_says_which_word_of_its_address_it_does_not_know(world):
    people = cast(world)
    silent = []
    for who, address, name, good in LISTS:
        client = signed_in(people[who])
        page = client.get(f"{address}{'&' if '?' in address else '?'}{name}=乱写")
        assert page.status_code == 200, (who, address, page.status_code)
        words = text_of(page)
        if SAID not in words or f"{name}=乱写" not in words:
            silent.append((address, name))
        if good:
            assert SAID not in text_of(client.get(address, {name: good})), (address, good)
    assert silent == []


def test_the_phone_says_which_kind_of_evidence_it_does_not_know():
    visit = make_started()
    client = signed_in(team_of(visit)[0].user)
    address = f"/field/{visit.no}/evidence/"
    said = text_of(client.get(address, {"kind": "乱写"}))
    assert SAID in said and "kind=乱写" in said
    assert SAID not in text_of(client.get(address, {"kind": "VIDEO"}))
