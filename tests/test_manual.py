"""The manual names pictures, addresses and buttons that are there (docs/manual/): no database, no browser, no network."""

import ast
import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from benxi_shuangsuiji.accounts.roles import Role

ROOT = Path(__file__).resolve().parent.parent
APPS = ("benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure")
MANUAL = ROOT / "docs/manual"
PAGES = sorted(MANUAL.glob("*.md"))
PICTURES = sorted((MANUAL / "img").glob("*.png"))
ROLES = ["计划员", "分管负责人", "名录管理员", "检查人员", "公示员", "市执法队监督员与牵头部门", "监督与档案"]
# An address stands alone in its `code`; one that is named as not there yet stands here as well.
ADDRESS = re.compile(r"`(/(?:[^`\s]*/|[^`\s]+\.py)?)`")
NOT_YET: set[str] = set()


def name_of(path):
    return path.name


def named_pictures(page: Path) -> list[str]:
    return re.findall(r"!\[[^\]]+\]\(img/([^)]+)\)", page.read_text())


def addresses(page: Path) -> list[str]:
    return [address for address in ADDRESS.findall(page.read_text()) if address not in NOT_YET]


def buttons(page: Path) -> list[str]:
    return [words for words in re.findall(r"【([^】]*)】", page.read_text()) if words]


@pytest.fixture(scope="module")
def screen_words() -> str:
    """The templates without their comments, and what names the buttons of two-person pages: the views, and `Decide`."""
    texts = [p.read_text() for p in sorted((ROOT / "templates").rglob("*.html"))]
    views = [p.read_text() for app in APPS for p in sorted((ROOT / app).rglob("*views.py"))]
    views.append((ROOT / "benxi_shuangsuiji/forms/pages.py").read_text())
    return re.sub(r"\{#.*?#\}", "", "\n".join([*texts, *views]))


def test_every_role_has_its_page():
    assert {p.stem for p in PAGES} == {
        "README",
        *ROLES,
        "系统管理员",
        "账号与授权",
        "公众",
        "公示日志",
        "移动执法平台",
        "第一次用",
        "词语",
    }


def test_the_index_names_every_role():
    index = (MANUAL / "README.md").read_text()
    assert [role.label for role in Role if role.label not in index] == []


def test_the_index_leads_to_every_page():
    linked = set(re.findall(r"\]\(([^)/]+\.md)\)", (MANUAL / "README.md").read_text()))
    assert linked == {p.name for p in PAGES} - {"README.md"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_is_short(page):
    assert len(page.read_text().splitlines()) <= 120


def test_pictures_and_pages_name_each_other():
    named = {name for page in PAGES for name in named_pictures(page)}
    assert named == {p.name for p in PICTURES}


def test_pictures_are_those_of_the_script():
    calls = [n for n in ast.walk(ast.parse((MANUAL / "screenshots.py").read_text())) if isinstance(n, ast.Call)]
    shots = {c.args[0].value for c in calls if getattr(c.func, "id", "") == "Shot"}
    assert shots == {p.stem for p in PICTURES}


def test_pictures_are_small():
    sizes = {p.name: p.stat().st_size for p in PICTURES}
    assert [name for name, size in sizes.items() if size > 120_000] == []
    assert sum(sizes.values()) <= 2_000_000


@pytest.mark.parametrize("picture", PICTURES, ids=name_of)
def test_a_picture_is_1280_wide(picture):
    header = picture.read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert int.from_bytes(header[16:20], "big") == 1280


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_addresses_resolve(page):
    found = addresses(page)
    assert found, "a page without a single address says nothing about where to do it"
    wrong = []
    for address in found:
        try:
            resolve(address)
        except Resolver404:
            wrong.append(address)
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_buttons_are_on_the_screen(page, screen_words):
    """Whole labels: between tags, or between the quotes of a part that makes the button."""
    labels = {words: rf'[>}}"]\s*{re.escape(words)}\s*[<{{"]' for words in buttons(page)}
    assert [words for words, label in labels.items() if not re.search(label, screen_words)] == []


def test_what_is_not_there_yet_is_really_not_there():
    for address in NOT_YET:
        with pytest.raises(Resolver404):
            resolve(address)
