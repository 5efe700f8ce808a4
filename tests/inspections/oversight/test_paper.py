"""全市进度 on paper: all units of the city stand on its first page (五-2b, PNG 06)."""

import pypdfium2
import pytest

from tests.factories import PASSWORD, make_city_team, make_supervisor, make_unit

UNITS = ("210502", "210503", "210504", "210505", "210521", "210522", "2105GX")


@pytest.mark.clause("五-2b")
def test_every_unit_of_the_city_stands_on_the_first_sheet(page, at):
    at("2026-08-19 10:00")
    units = [make_city_team(), *map(make_unit, UNITS)]
    page.goto("/desk/login/?next=/desk/city/")
    page.fill("#id_username", make_supervisor().username)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#steps")
    with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as paper:
        first = paper[0].get_textpage().get_text_range()
        width, height = paper[0].get_size()
    assert width > height
    assert [unit.short_name for unit in units if unit.short_name not in first] == []
