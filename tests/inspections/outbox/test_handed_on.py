"""A phone handed to another person shows no name of the first one's unvisited places: what the server does for it (七(五)-o).

Generated over every address under /field/, so that a new page is asked the same. What the browser does with it stands in
`test_offline.py`.
"""

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.test_matrix import ARGUMENT
from tests.accounts.test_access import patterns
from tests.browsing import enter, html_of
from tests.inspections.factories import make_inspection, make_started, team_of

pytestmark = pytest.mark.django_db
FIELD = [(name, ARGUMENT.findall(address), view) for address, name, view in patterns() if address.startswith("field/")]
TEAM = [(name, arguments) for name, arguments, view in FIELD if getattr(view, "access", "public") != "public"]


def addresses(visit) -> list[str]:
    values = {"no": visit.no, "n": 1, "pk": 1, "inspector": team_of(visit)[0].pk}
    return [reverse(name, kwargs={a: values[a] for a in arguments}) for name, arguments in TEAM]


@pytest.mark.clause("七(五)-o")
def test_no_page_of_the_field_is_kept_by_a_browser_or_a_proxy_or_shown_in_a_frame():
    visit = make_started()
    mine = enter(Client(), team_of(visit)[0].user)
    for address in addresses(visit):
        answer = mine.get(address)
        assert answer.status_code in (200, 302, 404, 405), address
        assert answer["Cache-Control"] == "private, no-store", address
        assert not {"ETag", "Last-Modified", "Expires"} & set(answer.headers), address
        assert (answer["X-Frame-Options"], answer["Referrer-Policy"]) == ("DENY", "same-origin"), address
        assert "Cookie" in answer["Vary"] and "default-src 'none'" in answer["Content-Security-Policy"], address


@pytest.mark.clause("七(五)-o")
def test_whoever_signs_in_next_on_the_same_phone_finds_nothing_of_the_first_ones_places():
    first, second = make_inspection(), make_inspection()
    names = (first.facility.name, first.no)
    phone = enter(Client(), team_of(first)[0].user)
    assert names[0] in html_of(phone.get("/field/")) and first.no in html_of(phone.get("/field/outbox/state/"))

    gone = phone.post(reverse("accounts:logout"), {"form_key": "7b0f8a52-3a5e-4a51-8f5b-0123456789ab"})

    assert gone["Clear-Site-Data"] == '"cache"' and gone.status_code == 302
    for address in addresses(first):  # nobody is signed in
        answer = phone.get(address)
        assert answer.status_code in (302, 405) and "/desk/login/" in answer.get("Location", "/desk/login/"), address
    for name, _, view in FIELD:
        if getattr(view, "access", "") == "public":
            shown = html_of(phone.get(reverse(name)))
            assert not any(word in shown for word in names), name

    enter(phone, team_of(second)[0].user)
    for address in addresses(first):
        answer = phone.get(address, follow=True)
        shown = html_of(answer)
        assert names[0] not in shown, address
        if first.no in address:
            assert answer.status_code in (404, 405), address
