"""A word in the address that a list does not know is said, never passed over (issue 16: `before=abc` showed everything)."""

import pytest

from benxi_shuangsuiji.accounts.roles import Role
from tests.access.world import cast
from tests.browsing import signed_in, text_of

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
]


def test_every_list_says_which_word_of_its_address_it_does_not_know(world):
    people = cast(world)
    silent = []
    for who, address, name, good in LISTS:
        client = signed_in(people[who])
        page = client.get(address, {name: "乱写"})
        assert page.status_code == 200, (who, address, page.status_code)
        words = text_of(page)
        if SAID not in words or f"{name}=乱写" not in words:
            silent.append((address, name))
        if good:
            assert SAID not in text_of(client.get(address, {name: good})), (address, good)
    assert silent == []
