"""帮助: the manual inside the system, found by the page one stands on (reviews: desk A9)."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.contrib.staticfiles import finders
from django.urls import resolve, reverse

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.help import manual
from tests.browsing import enter, html_of, post_and_follow
from tests.factories import make_planner, make_unit, make_user


def test_each_role_has_its_chapter_and_three_things_to_begin_with():
    for role in Role:
        assert role.label in manual.of_roles(), role
        (part,) = manual.first_parts([role.label])
        assert part.html.count("<li>") == 3, role
    assert len(manual.chapters()[manual.FIRST].parts) == len(Role)


def test_every_page_of_the_navigation_is_explained_somewhere():
    doors = [door for group in subjects.house().doors.values() for door in group]
    assert len(doors) > 20
    assert [(door.url_name, door.label) for door in doors if not manual.about(door.url_name, [])] == []


def test_what_a_page_opens_is_about_that_page_and_of_the_own_role_first():
    roles = [Role.APPROVER.label]
    found = manual.about("plans:draw-list", roles)
    assert found and all("/desk/draws/" in part.words for part in found)
    assert found[0].chapter == "分管负责人"
    assert manual.about("plans:draw-list", [Role.PLANNER.label])[0].chapter == "计划员"
    # A page inside, which no sentence names, opens what is said of the thing it is about.
    assert manual.about("workdays:workday-restore", []) == manual.about("workdays:workday-list", [])
    assert manual.about("nothing:of-the-kind", roles) == []


def test_pictures_links_and_anchors_lead_somewhere():
    pages = {
        name: chapter.before + "".join(part.html for part in chapter.parts)
        for name, chapter in manual.chapters().items()
    }
    assert len(pages) >= 13
    html = "".join(pages.values())
    pictures = re.findall(r'<img src="/static/([^"]+)"', html)
    assert pictures and [name for name in pictures if not finders.find(_plain(name))] == []
    links = re.findall(r'<a href="([^"]+)"', html)
    assert len(links) > 100
    for link in links:
        match = resolve(unquote(link))
        assert match.view_name != "help:chapter" or match.kwargs["chapter"] in pages
    for chapter in manual.chapters().values():
        anchors = [part.anchor for part in chapter.parts]
        assert len(set(anchors)) == len(anchors), chapter.name


def _plain(name: str) -> str:
    return re.sub(r"\.[0-9a-f]{12}(?=\.png$)", "", unquote(name))


def test_no_chapter_shows_the_source_of_a_table():
    """An empty line in a table ends it, and the rows behind it stand there as text."""
    for chapter in manual.chapters().values():
        for html in (chapter.before, *(part.html for part in chapter.parts)):
            plain = re.sub(r"<(pre|code)\b.*?</\1>", "", html, flags=re.DOTALL)
            assert not re.search(r"(?m)(?:^|<p>|<li>)\s*\|", plain), chapter.name


def test_the_help_knows_the_words_people_ask_by():
    for asked in ("催办", "操作记录"):
        assert manual.search(asked, []), asked


def test_no_chapter_calls_missing_what_is_there():
    """监督与档案 said that the 自查表 and the export of the log were not there yet; both have an address."""
    missing = [part for chapter in manual.chapters().values() for part in chapter.parts if part.title == "还没有的"]
    there = ("操作记录的导出", "自查表")
    assert [part.chapter for part in missing for word in there if word in part.words] == []
    # Under whatever heading: no sentence of any part says of them that they are yet to come.
    parts = [part for chapter in manual.chapters().values() for part in chapter.parts]
    said = [sentence for part in parts for sentence in re.split(r"[。；\n]", part.words) if "还没有" in sentence]
    assert said and [sentence for sentence in said if any(word in sentence for word in there)] == []


def test_a_manual_that_held_html_would_show_it_as_text():
    reader = manual.MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse("a <script>alert(1)</script> `/desk/<b>/`\n")
    assert "<script>" not in manual._html(reader, tokens, "x") and "<b>" not in manual._html(reader, tokens, "x")


@pytest.mark.django_db
def test_the_question_mark_of_a_page_opens_what_is_said_of_it(client):
    enter(client, make_planner(make_unit()))
    page = html_of(client.get(reverse("plans:plan-list")))
    (link,) = set(re.findall(r'href="(/desk/help/\?of=[^"]+)"', page))
    opened = html_of(client.get(link))
    assert "季度计划（首月 5 日前）" in opened and "这一页" not in re.findall(r"<h2>([^<]*)</h2>", opened)
    lone = html_of(client.get(reverse("help:home") + "?of=<script>"))
    assert "手册没有单独写这一页。" in lone and "<script>" not in lone


@pytest.mark.django_db
def test_every_part_opens_where_its_link_leads(client):
    enter(client, make_planner(make_unit()))
    pages = {}
    for chapter in manual.chapters().values():
        for part in chapter.parts:
            address, _, anchor = part.get_absolute_url().partition("#")
            page = pages[address] = pages.get(address) or client.get(address)
            assert page.status_code == 200 and f'id="{anchor}"' in html_of(page), address
    assert len(pages) == len(manual.chapters())
    assert manual.INDEX not in html_of(client.get(reverse("help:home") + "?q=登录")) + html_of(
        client.get(reverse("help:home") + "?of=notices:inbox")
    )


@pytest.mark.django_db
def test_a_word_is_looked_up_and_one_that_is_not_there_is_said(client):
    enter(client, make_planner(make_unit()))
    found = html_of(client.get(reverse("help:home") + "?q=更换 抽取"))
    assert "#" in re.search(r'<ul><li><a href="([^"]+)"', found)[1]
    assert "手册里没有“没有的词”" in html_of(client.get(reverse("help:home") + "?q=没有的词"))


@pytest.mark.django_db
def test_a_new_account_arrives_at_its_three_things_after_the_first_password(client):
    unit = make_unit()
    user = make_planner(unit)
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])
    user.set_password("Erstes-Passwort-2026")
    user.save(update_fields=["password"])
    enter(client, user)
    page = post_and_follow(
        client,
        reverse("accounts:password"),
        old_password="Erstes-Passwort-2026",
        new_password="Zweites-Wort-2027!",
        new_password_again="Zweites-Wort-2027!",
    )
    assert page.request["PATH_INFO"] == reverse("help:first"), html_of(page)
    assert "<h2>计划员</h2>" in html_of(page) and "<h2>档案员</h2>" not in html_of(page)


@pytest.mark.django_db
def test_an_account_without_a_role_is_told_whom_to_ask(client):
    enter(client, make_user())
    assert "授权管理员" in html_of(client.get(reverse("help:first")))
    assert "这个账号还没有角色" in html_of(client.get(reverse("help:home")))


@pytest.mark.django_db
def test_no_link_of_the_manual_leads_a_reader_into_a_refusal(client):
    user = make_user((Role.SECTION_HEAD, make_unit()))
    enter(client, user)
    opened, refused = {}, []
    for chapter in manual.chapters().values():
        for link in re.findall(
            r'<a href="(/(?:desk|field|admin)/[^"]*)"', html_of(client.get(chapter.get_absolute_url()))
        ):
            access = getattr(resolve(unquote(link).partition("?")[0].partition("#")[0]).func, "access", ())
            opened[link] = access
            if access not in ("public", ()) and not any(user.units_with(permission) for permission in access):
                refused.append((chapter.name, link))
    assert refused == [] and len(opened) > 20
    everything = "".join(part.html for chapter in manual.chapters().values() for part in chapter.parts)
    assert "<code>/desk/plans/</code>" in manual._opening(make_user(), everything)


@pytest.mark.django_db
def test_a_refusal_leads_to_how_a_grant_is_asked_for(client):
    unit = make_unit()
    enter(client, make_user((Role.ARCHIVIST, unit), unit=unit))
    refused = client.get("/desk/publish/")
    (ask,) = re.findall(r'href="([^"]+)">申请授权<', html_of(refused))
    (link,) = re.findall(r'href="([^"]+)">怎样申请授权<', html_of(client.get(unescape(ask))))
    address, _, anchor = link.partition("#")
    assert refused.status_code == 403 and f'id="{unquote(anchor)}"' in html_of(client.get(address))


@pytest.mark.django_db
def test_no_such_chapter(client):
    enter(client, make_planner(make_unit()))
    assert client.get("/desk/help/没有/").status_code == client.get("/desk/help/README/").status_code == 404
    assert client.get("/desk/help/../manual/").status_code == 404
    assert client.get("/desk/help/词语/").status_code == 200
