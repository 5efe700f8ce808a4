"""Style sheets, scripts and pictures: an address that names the content, for a year, packed (issue 14, form)."""

import gzip
import re

import pytest
from django.templatetags.static import static
from django.test import Client

from benxi_shuangsuiji.web import static as served

pytestmark = pytest.mark.django_db


@pytest.mark.story("O15")
def test_every_style_sheet_script_and_picture_of_a_page_is_kept_for_a_year_and_sent_packed(client):
    page = client.get("/contact/").content.decode()
    named = re.findall(r'(?:href|src)="(/static/[^"#]+)', page)
    assert len(named) >= 5
    for address in named:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address), address
        answer = client.get(address, HTTP_ACCEPT_ENCODING="gzip")
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable", address
        assert gzip.decompress(answer.content) == client.get(address).content
        assert client.get(address, HTTP_IF_NONE_MATCH=client.get(address)["ETag"]).status_code == 304


def test_the_address_of_an_earlier_content_gets_todays_for_a_minute_and_an_unknown_name_nothing(client):
    now = static("css/base.css")
    digest = re.search(r"[0-9a-f]{12}", now)[0]
    before = client.get(now.replace(digest, "0" * 12))
    assert before.content == client.get(now).content and before["Cache-Control"] == "public, max-age=60"
    for odd in ("nothing", "../../manage", "css/..%2f..%2fmanage"):
        assert client.get(f"/static/{odd}.{digest}.py").status_code == 404
    assert client.post(now).status_code in (404, 405)


def test_another_content_has_another_address(tmp_path, settings):
    file = tmp_path / "a.css"
    file.write_text("a { color: red }")
    first = served.StaticFile(file).digest
    file.write_text("a { color: blue }")
    assert served.StaticFile(file).digest != first


def test_the_home_page_and_its_style_sheets_weigh_no_more_than_25_kilobytes_on_the_first_visit():
    client = Client(headers={"accept-encoding": "gzip"})
    page = client.get("/")
    sheets = re.findall(r'rel="stylesheet"\s+href="([^"]+)"', gzip.decompress(page.content).decode())
    assert len(sheets) == 4
    assert len(page.content) + sum(len(client.get(sheet).content) for sheet in sheets) <= 25_000
