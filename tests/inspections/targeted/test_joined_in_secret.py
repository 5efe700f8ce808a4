"""That a check was joined to another visit tells that its place is on a sealed list: nobody outside the circle reads it (七(五)-o)."""

import pytest
from django.test import Client

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from inspections.targeted import actions
from tests.factories import (
    make_city_team,
    make_lead_office,
    make_observer,
    make_planner,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.frequency.test_frequency import make_two_at_one_place
from tests.journeys.test_secrecy import main_of, unchanging, words_of

pytestmark = pytest.mark.django_db
LOGS = (
    "/desk/log/?about={no}",
    "/desk/log/?kind=针对性检查",
    "/desk/log/?verb=inspections.targeted.joined",
    "/desk/log/?kind=row",
)
PAGES = (
    "/desk/tasks/targeted/?unit={unit}",
    "/desk/tasks/targeted/export.xlsx?unit={unit}",
    "/desk/tasks/targeted/{no}/",
    "/desk/tasks/?unit={unit}",
    "/desk/indicators/k8/?unit={unit}",
    "/desk/city/?unit={unit}",
    "/desk/deadlines/?unit={unit}",
    "/desk/messages/",
    "/desk/search/?q={no}",
)


def lines(text: str) -> list[str]:
    """The lines of the log without the number of each in the chain, which every look of somebody pushes on."""
    return [
        row
        for row in main_of(text).split("<tr>")
        if "inspections_targetedcheck" in row or "合并" in row or "-T0" in row
    ]


@pytest.mark.clause("七(五)-o", "一-d")
def test_outside_the_circle_a_joined_check_reads_like_one_that_was_not(at):
    unit, city = make_unit(), make_city_team()
    drawn, asked = make_two_at_one_place(at, unit)
    people = {
        "observer": make_observer(),
        "audit administrator": make_user((Role.ADMIN_AUDIT, city)),
        "lead office": make_lead_office(),
        "bureau reader": make_user((Role.BUREAU_READER, city)),
    }
    clients = {who: Client() for who in people}
    for who, user in people.items():
        clients[who].force_login(user)

    def read():
        found = {}
        for who, client in clients.items():
            for address in (*LOGS, *PAGES):
                answer = client.get(address.format(no=asked.no, unit=unit.code))
                text = unchanging(words_of(answer))
                found[who, address] = answer.status_code, lines(text) if address in LOGS else main_of(text)
        return found

    before = read()
    actions.join(asked=asked, into=drawn, by=make_planner(unit))
    after = read()

    assert before["observer", LOGS[0]][1] and before["lead office", PAGES[2]][0] == 404  # decision 0112
    assert [where for where in before if before[where] != after[where]] == []
    supervisor = Client()
    supervisor.force_login(make_supervisor())
    assert "合并检查" in main_of(words_of(supervisor.get(f"/desk/log/?about={asked.no}")))
    assert AuditEntry.objects.filter(verb="inspections.targeted.joined", about_key=asked.no).count() == 1
