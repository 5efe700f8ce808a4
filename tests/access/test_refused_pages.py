"""What is refused looks the same for everything that is refused, and asks the database for next to nothing."""

import pytest

from tests.browsing import html_of, signed_in
from tests.factories import make_facility, make_registrar, make_unit

pytestmark = pytest.mark.django_db


def test_a_refusal_keeps_the_navigation_and_counts_nothing():
    unit = make_unit()
    make_facility(unit)
    browser = signed_in(make_registrar(unit))
    opened, nowhere = browser.get("/desk/objects/"), browser.get("/desk/objects/NO-SUCH/")
    forbidden = browser.get("/desk/log/")
    for page, status in ((opened, 200), (nowhere, 404), (forbidden, 403)):
        assert page.status_code == status and 'href="/desk/objects/' in html_of(page)
    shown = [link.count for group in opened.context["desk"].nav for link in group.links]
    assert 1 in shown
    for page in (nowhere, forbidden):
        assert {link.count for group in page.context["desk"].nav for link in group.links} == {None}
