"""The mirror works from a folder: every link leads to a file, the verifiers run on it, nothing sealed stands in it."""

import hashlib
import io
import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.test import override_settings

from benxi_shuangsuiji.documents import jobs
from benxi_shuangsuiji.documents.models import Job
from disclosure.mirror import health, links, nightly, writing
from disclosure.models import Publication
from disclosure.register import log, own, signing
from tests.disclosure.factories import (
    make_published_list,
    make_published_plan,
    make_published_result,
    make_published_step,
    make_revision,
)
from tests.factories import make_city_team, make_unit
from tests.plans.draw.factories import make_held_draw

pytestmark = pytest.mark.django_db
LINK = re.compile(r'\s(?:href|src|action|data-[a-z-]+)="([^"]*)"')


@pytest.fixture(autouse=True)
def signed(tmp_path):
    key = {"REGISTER_KEY": "11" * 32, "REGISTER_ORIGIN": "", "REGISTER_HEAD": str(tmp_path / "head")}
    with override_settings(**key):
        yield


def mirror(root: Path, **options) -> str:
    said = io.StringIO()
    call_command("mirror", root, stdout=said, **options)
    return said.getvalue()


def files_of(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def broken_links(root: Path) -> list[tuple[str, str]]:
    """Links of pages that lead into the folder and to no file of it."""
    found = []
    for page in root.rglob("*.html"):
        for link in map(unescape, LINK.findall(page.read_text())):
            path = unquote(link.partition("#")[0])
            if re.match(r"[a-z]+:", path) or (not path.startswith("/") and not re.search(r"[./]", path)):
                continue  # elsewhere, a place on the page, or a word
            target = (page.parent / path).resolve()
            if path.startswith("/") or "?" in path or not (target.is_file() and target.is_relative_to(root.resolve())):
                found.append((str(page.relative_to(root)), link))
    return found


def run(root: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, *arguments], cwd=root, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.clause("四(3)-a", "八(二)-c")
def test_the_mirror_works_from_a_folder_and_the_verifiers_run_on_it(at, tmp_path):
    make_city_team()
    unit = make_unit()
    result = make_published_result(unit, problem="标签缺项 2 处")
    step = make_published_step(result)
    make_published_list(), make_published_plan(unit)
    kept = make_held_draw(make_unit("210505"), released=False)
    drawn = make_held_draw(make_unit("210503"), released=True)
    own.publish_heads()
    head = signing.sign_newest()
    root = tmp_path / "mirror"
    assert "已写全部" in mirror(root)

    assert broken_links(root) == []
    pages = [p.read_text() for p in root.rglob("*.html")]
    assert all('"/' not in page and "csrfmiddlewaretoken" not in page for page in pages)
    assert (
        f'href="../../enterprises/{result.facility_code}/index.html"'
        in (root / f"results/{result.no}/index.html").read_text()
    )
    led = (root / f"results/followups/{step.no}/index.html").read_text()  # the site answers by a redirect
    assert f'url=../../{result.no}/index.html#{step.no}"' in led
    for line in (root / "sha256sums.txt").read_text().splitlines():
        assert hashlib.sha256((root / line[66:]).read_bytes()).hexdigest() == line[:64]
    assert len((root / "sha256sums.txt").read_text().splitlines()) == len(files_of(root)) - 2

    pub1 = "verify/pub1.py"
    assert run(root, pub1, "register", "register/register.txt", "register/checkpoint", head.key)[0] == 0
    text = f"results/{result.no}/v1"
    assert run(root, pub1, "record", f"{text}.tlog-proof", f"{text}.json", head.key)[0] == 0
    data = run(root, pub1, "data", "register/register.txt", "data/results.jsonl", "--complete", "RESULT")
    assert data[0] == 2 and "1 行" in data[1]
    assert (
        run(root, pub1, "witness", str(tmp_path / "kept"), "register/register.txt", "register/checkpoint", head.key)[0]
        == 0
    )
    assert run(root, "verify/ssj1.py", "verify", f"draws/{drawn.draw_id}/bundle.json")[0] == 0
    sealed = json.loads((root / f"draws/{kept.draw_id}/bundle.json").read_text())
    assert sealed.get("result") is None and not (root / f"draws/{kept.draw_id}/result.txt").exists()
    for path, content in log_files(head):
        assert (root / "register" / path).read_bytes() == content


def log_files(head):
    for name in ("0", "entries"):
        yield f"tile/{name}/000.p/{head.size}", log.tile(name, 0, head.size, head)


@pytest.mark.clause("八(二)-c")
def test_only_what_changed_is_asked_for_again_and_withdrawn_words_are_gone(tmp_path, monkeypatch):
    first, other = (
        make_published_result(make_unit(), problem="标签缺项 2 处"),
        make_published_result(make_unit("210503")),
    )
    signing.sign_newest()
    root = tmp_path / "mirror"
    mirror(root)
    before = files_of(root)
    asked = []
    get = writing.Site.get
    monkeypatch.setattr(writing.Site, "get", lambda site, address: asked.append(address) or get(site, address))

    assert "，0 个有变化" in mirror(root), [n for n, c in files_of(root).items() if before.get(n) != c]
    assert files_of(root) == before
    assert f"/results/{first.no}/" not in asked and "/" in asked
    make_revision(first, "WITHDRAW")
    signing.sign_newest()
    asked.clear()
    mirror(root)
    assert f"/results/{first.no}/" in asked and f"/results/{other.no}/" not in asked
    assert f"/enterprises/{first.facility_code}.json" in asked  # a file of the same thing
    after = files_of(root)
    assert not [name for name, content in after.items() if "标签缺项" in content.decode(errors="replace")]
    assert f"results/{first.no}/v1.json" in before.keys() - after.keys()
    assert f"results/{first.no}/v1.tlog-proof" in after and f"results/{first.no}/v2.json" in after
    assert "撤下" in after[f"results/{first.no}/index.html"].decode()
    assert broken_links(root) == []
    assert (root / "register/checkpoint").read_text() == log.newest().note
    mirror(root, all=True)
    again = files_of(root)
    assert {n for n in after if after[n] != again.get(n) and n != "mirror.json"} <= {"sha256sums.txt"} | {
        n
        for n in after
        if n.endswith((".tlog-proof", ".xlsx"))  # of the newest head, with its hour
    }


def test_the_worker_writes_it_once_a_night_into_the_folder_it_was_given(at, tmp_path):
    make_published_result()
    at("2026-07-07 02:30")
    assert nightly.ask_nightly() is None
    assert "没有写 MIRROR_DIR" in health.mirrored().words
    with override_settings(MIRROR_DIR=str(tmp_path / "mirror")):
        at("2026-07-07 01:59")
        assert nightly.ask_nightly() is None
        at("2026-07-07 02:00")
        job = nightly.ask_nightly()
        assert nightly.ask_nightly() is None
        jobs.run(job.pk)
        assert Job.objects.get(pk=job.pk).state == "DONE" and health.mirrored().ok is True
    assert (tmp_path / "mirror/index.html").exists()


@pytest.mark.parametrize(
    "link, page, address",
    [
        ("/results/?page=2", "/", "/results/?page=2"),
        ("?page=1", "/results/", "/results/"),
        ("?page=2&quarter=2026Q3", "/results/", None),
        ("/verify/register/?of=/results/X/v1", "/", "/verify/register/"),
        ("/desk/", "/", None),
        ("/size/large/", "/", None),
        ("/static/../manage.py", "/", None),
        ("/enterprises/../../x/", "/", None),
        ("https://www.benxi.gov.cn/", "/", None),
        ("/feed/", "/", "/feed/"),
    ],
)
def test_what_everybody_may_read_without_the_site_is_in_the_mirror(link, page, address):
    assert links.address_of(link, page) == address


def test_an_address_becomes_a_file():
    names = ["/", "/results/", "/results/?page=2", "/feed/", "/enterprises/X/feed/", "/register/checkpoint"]
    assert [links.file_of(name) for name in names] == [
        "index.html",
        "results/index.html",
        "results/page-2.html",
        "feed/index.xml",
        "enterprises/X/feed/index.xml",
        "register/checkpoint",
    ]


def test_the_rows_beside_the_texts_say_nothing_of_what_was_withdrawn(tmp_path):
    first = make_published_result()
    make_revision(first, "WITHDRAW")
    signing.sign_newest()
    mirror(tmp_path)
    rows = [json.loads(line) for line in (tmp_path / "register/publications.jsonl").read_text().splitlines()]
    assert [(row["no"], row["version"]) for row in rows] == [(first.no, 2)]
    assert Publication.everything.count() == 2 and first.facility_name not in json.dumps(rows, ensure_ascii=False)
