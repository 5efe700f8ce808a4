"""年度卷: in the order of 七(七), bound once, taken up again after a death, checked by Python alone (七(七)-a…-h)."""

import contextlib
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import datetime

import pypdfium2
import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.documents import binding, files, jobs
from benxi_shuangsuiji.documents.models import Job, JobState
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.followups.actions import publish_step
from disclosure.models import YearVolume
from disclosure.yearbook import actions, check_package
from disclosure.yearbook.package import CHECKER, FORMAT, MANIFEST
from disclosure.yearbook.part_papers import data_of, leaves_of
from disclosure.yearbook.views import url_of
from inspections.closing import actions as closing
from inspections.models import FollowUp
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from plans.models import InspectionItem
from tests.browsing import post, refused, signed_in, text_of
from tests.disclosure.factories import make_published_list, make_published_plan, make_published_result, make_revision
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_inspector,
    make_lead_office,
    make_unit,
    make_user,
)
from tests.inspections.archive.test_volume import stamped
from tests.inspections.rectification.factories import make_rectification
from tests.plans.draw.factories import make_held_draw
from tests.plans.factories import make_branch

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 1, 20, 9)
SITE = "https://example.test"


def closed_year(at):
    """A unit with a published list, plan and result, its year closed."""
    city, unit = make_city_team(), make_unit()
    make_published_list()
    result = make_published_result(unit)
    plan = make_published_plan(unit)
    make_inspector(unit, name="岑望")
    lead, head = make_lead_office(), make_approver(city)
    at(LATER)
    closing.approve(closing=closing.ask(year=2026, by=lead), by=head)
    return unit, result, plan


def bound(unit) -> YearVolume:
    by = make_user((Role.ARCHIVIST, unit))
    volume = actions.bind(unit=unit, year=2026, site=SITE, by=by)
    jobs.run(volume.job_id)
    volume.refresh_from_db()
    return volume


def checked(path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-I", "-S", str(CHECKER), str(path)], capture_output=True, text=True, check=False, env={}
    )


@pytest.mark.clause("七(七)-a", "七(七)-b", "七(七)-c", "七(七)-d", "七(七)-e", "七(七)-f", "七(七)-g", "七(七)-h")
def test_a_years_volume_holds_each_part_on_the_page_its_catalogue_names(at, tmp_path):
    order = make_rectification(make_unit())
    for step in FollowUp.objects.waiting():
        publish_step(step=step, by=make_disclosure_officer(order.inspection.unit))
    unit, result, plan = closed_year(at)
    duty = Duty.objects.open().get(rule="YEARBOOK", unit=unit)
    by = make_user((Role.ARCHIVIST, unit))
    desk = signed_in(by)
    url = duty.url
    assert "还没有成册" in text_of(desk.get(url))
    archive = reverse("inspections:archive-list") + f"?unit={unit.code}&quarter=2026Q4"
    progress = text_of(desk.get(archive))
    for words in ("2026 年度卷", "已公开 1 份，共 4 份", "已公开 2 项", "已公开 1 步", "12 月 31 日的已定稿", "前成册"):
        assert words in progress
    post(desk, reverse("disclosure:yearbook-bind", args=[unit.code, 2026]))
    volume = YearVolume.objects.get()
    with refused("正在成册"):
        actions.bind(unit=unit, year=2026, site=SITE, by=by)
    jobs.run(volume.job_id)
    volume.refresh_from_db()
    assert Job.objects.get(pk=volume.job_id).state == JobState.DONE, volume.job.error
    assert not Duty.objects.open().filter(rule="YEARBOOK", unit=unit).exists()
    content = files.read(volume.file)
    with pypdfium2.PdfDocument(content) as paper:
        texts = [page.get_textpage().get_text_range() for page in paper]
    ahead = len(texts) - volume.pages
    assert stamped(content)[ahead:] == [str(n) for n in range(1, volume.pages + 1)]
    front = "".join("".join(texts[:ahead]).split())
    titles = [paper.title for paper in volume.papers.all()]
    for word in (
        "清单",
        "计划",
        "检查对象名录库",
        "人员名录库",
        "抽查情况",
        "检查结果",
        "情形处理",
        "公开率",
        "案卷目录",
    ):
        assert any(word in title for title in titles), word
    said = {}  # each part as it reads, its spaces apart
    for paper in volume.papers.all():
        said[paper.title] = "".join("".join(texts[ahead + paper.first_page - 1 :][: paper.pages]).split())
        first = "".join(texts[ahead + paper.first_page - 1].split())
        assert "".join(paper.title.partition("（")[0].split()).removeprefix("2026年") in first, paper.title
        assert f"{paper.span}" in front
    items = [item.name for item in InspectionItem.objects.all()]
    facts = {  # what the plan wants kept of the year, part by part
        "清单": items,
        "检查对象名录库": [order.inspection.facility.code, order.inspection.facility.name],
        "人员名录库": ["岑望"],
        "检查结果": [result.no, order.inspection.no],
        "情形处理": [order.inspection.no, "责令改正"],
        "公开率": ["明山分局220100.0%"],  # due, public, kept back, share
        "案卷目录": [],
    }
    for word, facts_of in facts.items():
        (text,) = (said[title] for title in said if word in title)
        assert [fact for fact in facts_of if "".join(fact.split()) not in text] == [], word
    assert plan.title in said
    page = text_of(desk.get(url))
    assert volume.manifest in page and "已成册" in page
    assert f"1 月 20 日成册，{volume.pages} 页" in text_of(desk.get(archive))
    with refused("不能再改"):
        actions.bind(unit=unit, year=2026, site=SITE, by=by)
    post(desk, url, {"box": "2026-7", "shelf": "B 架 3 层"})
    volume.refresh_from_db()
    assert (volume.box, volume.shelf) == ("2026-7", "B 架 3 层")


@pytest.mark.promise("P30")
@pytest.mark.clause("七(七)-h")
def test_a_changed_byte_of_the_package_is_named_by_a_machine_that_has_only_python(at, tmp_path):
    unit, *_ = closed_year(at)
    volume = bound(unit)
    whole = tmp_path / "年度卷.zip"
    whole.write_bytes(files.read(volume.package))
    done = checked(whole)
    assert done.returncode == 0 and "全部相符。" in done.stdout and volume.manifest in done.stdout, done.stdout
    with zipfile.ZipFile(whole) as archive:
        archive.extractall(tmp_path / "open")
    assert checked(tmp_path / "open").returncode == 0
    victim = tmp_path / "open" / "data" / "results.jsonl"
    content = bytearray(victim.read_bytes())
    content[10] ^= 1
    victim.write_bytes(content)
    done = checked(tmp_path / "open")
    assert done.returncode == 1 and "内容变了：data/results.jsonl" in done.stdout
    victim.unlink()
    (tmp_path / "open" / "more.txt").write_text("x")
    said = checked(tmp_path / "open").stdout
    assert "缺少：data/results.jsonl" in said and "清单里没有：more.txt" in said
    assert checked(tmp_path / "nothing.zip").returncode == 2


@pytest.mark.clause("七(七)-h")
def test_whichever_byte_of_the_zip_is_changed_the_answer_is_a_sentence(tmp_path):
    """Of what is packed, of the list of files, of the marks of the zip itself: never a traceback, never 相符 for other content."""
    said = {"format": FORMAT, "number": "2026-明年", "unit": ["210504", "明山分局"], "year": 2026}
    paper = "".join(f"第 {n} 页 {n * 7919 % 104729}\n" for n in range(60)).encode()
    entry = {"path": "papers/01.pdf", "size": len(paper), "sha256": hashlib.sha256(paper).hexdigest()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("papers/01.pdf", paper)
        archive.writestr(MANIFEST, json.dumps(said | {"files": [entry]}, ensure_ascii=False))
    whole, victim = out.getvalue(), tmp_path / "年度卷.zip"
    packed = whole.index(b"papers/01.pdf") + len("papers/01.pdf")
    named = 0
    for at in range(len(whole)):
        victim.write_bytes(whole[:at] + bytes([whole[at] ^ 0x21]) + whole[at + 1 :])
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            code = check_package.main([str(victim)])
        assert code in (0, 1, 2) and told.getvalue().strip()
        if packed <= at < packed + 300:  # inside the paper
            assert code == 1 and "papers/01.pdf" in told.getvalue(), at
            named += 1
    assert named == 300


@pytest.mark.clause("七(七)-h")
def test_a_worker_that_dies_makes_no_paper_twice(at, one_page, monkeypatch):
    unit, *_ = closed_year(at)
    by = make_user((Role.ARCHIVIST, unit))
    volume = actions.bind(unit=unit, year=2026, site=SITE, by=by)
    made, real = [], binding.content_of

    def dying(leaf, site):
        if len(made) == 4:
            made.append("died")
            raise RuntimeError("worker died")
        made.append(leaf.key)
        return real(leaf, site)

    monkeypatch.setattr(binding, "content_of", dying)
    jobs.run(volume.job_id)
    assert Job.objects.get(pk=volume.job_id).state == JobState.WAITING and volume.papers.count() == 4
    Job.objects.update(claimed_until=None)  # its turn has come again
    jobs.run(volume.job_id)
    volume.refresh_from_db()
    assert volume.file_id and sorted(made) == sorted({*made})


@pytest.mark.clause("七(七)-h")
def test_what_came_or_changed_after_the_year_was_bound_goes_into_a_supplement(at, one_page):
    unit, result, _ = closed_year(at)
    first = bound(unit)
    by, url = first.asked_by, reverse("disclosure:yearbook-supplement", args=[unit.code, 2026])
    desk = signed_in(by)
    assert "没有成册以后收到或者改过的材料" in text_of(desk.get(url))
    make_revision(result, words={"finding": "设施运行正常"})
    later = [leaf.title for leaf in actions.later(actions.volumes_of(unit, 2026), by)]
    assert later == ["检查结果"]
    assert post(desk, url, {"reason": "晚"}).status_code == 409
    post(desk, url, {"reason": "成册以后结果有更正"})
    supplement = YearVolume.objects.get(part=1)
    with refused("正在成册"):
        actions.supplement(unit=unit, year=2026, reason="成册以后结果有更正", site=SITE, by=by)
    Job.objects.filter(pk=supplement.job_id).update(state=JobState.FAILED)
    again = actions.supplement(unit=unit, year=2026, reason="成册以后结果有更正", site=SITE, by=by)
    assert again.pk == supplement.pk
    jobs.run(again.job_id)
    supplement.refresh_from_db()
    assert supplement.no == f"{first.no}-补1" and supplement.package_id and supplement.manifest != first.manifest
    assert [paper.title for paper in supplement.papers.all()] == ["检查结果", "卷内备考表"]
    assert actions.later(actions.volumes_of(unit, 2026), by) == []
    file = reverse("disclosure:yearbook-file", args=[unit.code, 2026, 1, "pdf"])
    assert desk.get(file).status_code == 200 and supplement.no in text_of(desk.get(url_of(unit, 2026)))


@pytest.mark.clause("二-b")
def test_no_year_is_bound_before_it_is_closed_nor_by_another_unit(at):
    unit = make_unit()
    by = make_user((Role.ARCHIVIST, unit))
    with refused("还没有办结"):
        actions.bind(unit=unit, year=2025, site=SITE, by=by)
    other = make_unit("210505")
    with refused("由"):
        actions.bind(unit=other, year=2025, site=SITE, by=by)
    desk = signed_in(by)
    assert post(desk, reverse("disclosure:yearbook-bind", args=[other.code, 2025])).status_code == 404
    assert desk.get(reverse("disclosure:yearbook-file", args=[unit.code, 2025, 0, "zip"])).status_code == 404


def test_the_manifest_lists_every_file_once(at, one_page):
    unit, *_ = closed_year(at)
    volume = bound(unit)
    with zipfile.ZipFile(io.BytesIO(files.read(volume.package))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert [one["path"] for one in manifest["files"]] == archive.namelist()[:-1]
        assert {"volume.pdf", "check_package.py", "ssj1.py", "data/facilities.xlsx"} <= set(archive.namelist())


@pytest.mark.clause("七(七)-b", "七(七)-e")
def test_the_year_keeps_each_quarters_plan_with_its_numbers_and_each_draw_with_its_record_once_it_is_public(
    at, one_page
):
    unit, plans = make_branch(), []
    for moment, quarter in (("2026-04-02 09:00", Quarter(2026, 2)), ("2026-10-02 09:00", Quarter(2026, 4))):
        at(moment)
        plans.append(make_published_plan(unit, quarter=quarter))
        make_published_plan(make_branch(code="210505"), quarter=quarter)  # in another unit's volume
    at("2026-07-06 09:00")
    draw = make_held_draw(unit, key=0, general=0, special=0)
    make_held_draw(make_unit("210505"), key=1, general=0, special=0)
    picked = draw.picks.count()
    assert picked > 2

    def parts() -> dict[str, str]:
        found, volume = {}, YearVolume(unit=unit, year=2026, no="2026-明年", asked_at=clock.now())
        for leaf in leaves_of(volume):
            one_page.clear()
            leaf.content(SITE)
            found[leaf.title] = " ".join(re.sub(r"<[^>]+>", " ", "".join(one_page)).split())
        data = dict(data_of(volume))
        assert data["data/plans.jsonl"].decode().splitlines() == [plan.text for plan in plans]
        history = json.loads(data["draws/history.json"])
        assert ssj1.check_history(**history).ok
        hides_names = "W_SEALED" in ssj1.verify(history["bundles"][0]).warnings
        assert hides_names == (clock.now() < draw.release_at)
        return found

    sealed = parts()
    order = [title for title in sealed if "计划" in title or "抽" in title]
    assert order == [plan.title for plan in plans] + ["抽查情况"]  # drawn and not yet public: no name of it is bound
    for plan in plans:
        for stratum in plan.snapshot["strata"]:
            assert all(line in sealed[plan.title] for line in stratum["lines"]), stratum["name"]
    assert f"{draw.draw_id} 已抽取 2026-07-06" in sealed["抽查情况"] and "本年抽取 1 次" in sealed["抽查情况"]

    at(draw.release_at)
    draw = draw_actions.release_draw(draw=draw)
    public = parts()
    assert [title for title in public if title not in sealed] == [f"抽取记录 {draw.draw_id}"]
    row = f"{draw.draw_id} {draw.get_status_display()} 2026-07-06 {localtime(draw.drawn_at):%Y-%m-%d} {picked}"
    assert row in public["抽查情况"]
