"""案卷 (七(四)-9, 七(五)-g, 七(七)-i…-r): which papers a check leaves, what is missed, how it is bound, kept and destroyed."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localtime
from PIL import Image

from benxi_shuangsuiji import clock, policy, subjects, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import jobs
from benxi_shuangsuiji.documents.models import FileTrouble, Job, JobState, StoredFile
from benxi_shuangsuiji.notices.models import Duty, Message
from inspections.archive import actions, duties, pages, rules, standing
from inspections.evidence import actions as evidence_actions
from inspections.models import (
    ArchiveRequest,
    Enclosure,
    Inspection,
    InspectionStatus,
    Mode,
    Outcome,
    PaperKind,
    PaperScan,
    RecordingGap,
    Sample,
    Taken,
    Volume,
    Wish,
)
from inspections.replacements import filed_papers
from inspections.review import actions as reviewing
from plans.draw import actions as draw_actions
from tests.browsing import enter, html_of, post, post_and_follow, queries, refused, text_of
from tests.disclosure.factories import ask_revision, make_published_result, make_revision
from tests.factories import make_approver, make_planner, make_unit, make_user
from tests.inspections.factories import (
    answer_all,
    came_and_went,
    finish,
    make_dispatched,
    make_inspection,
    make_reviewed,
    ready,
    start,
    step_aside,
    team_of,
)

pytestmark = pytest.mark.django_db
_DRAWN = io.BytesIO()
Image.new("RGB", (60, 40), "white").save(_DRAWN, "JPEG")
PICTURE = _DRAWN.getvalue()
SITE = "https://example.test"


def archivist(unit):
    return make_user((Role.ARCHIVIST, unit))


def published(unit=None, **fields) -> Inspection:
    return Inspection.objects.get(no=make_published_result(unit, **fields).no)


def file_of(check: Inspection) -> standing.File:
    return standing.file_of(Inspection.objects.select_related("unit").get(pk=check.pk))


def lacking(check: Inspection) -> list[str]:
    return [line.filed.name for line in file_of(check).missing]


def named(check: Inspection) -> dict[str, list[str]]:
    return {line.filed.name: [leaf.title for leaf in line.leaves] for line in file_of(check).lines if line.leaves}


def sampled(check: Inspection) -> Inspection:
    Sample.objects.create(
        inspection=check,
        by=team_of(check)[0].user,
        no="MS-1",
        taken_at=check.started_at,
        recorded_at=check.started_at,
        medium="WATER",
        place="总排口",
        amount="1 升",
        tested_for="化学需氧量",
        sent_to="市监测中心",
    )
    return check


def taken_in(check: Inspection, by, kind=Taken.MONITORING, **changes) -> Enclosure:
    given = {"title": "", "number": "监字 7 号", "author": "市监测中心", "dated": clock.today(), "name": "报告.jpg"}
    return actions.add(**{"check": check, "kind": kind, "content": PICTURE, "by": by, **given, **changes})


def bound(check: Inspection, by=None) -> Volume:
    volume = actions.bind(check=check, site=SITE, by=by or archivist(check.unit))
    jobs.run(volume.job_id)
    return Volume.objects.select_related("file", "job").get(pk=volume.pk)


# --- which papers -------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(七)-i", "七(七)-j", "七(七)-k", "七(七)-n", "七(七)-o", "七(五)-g")
def test_a_check_on_the_spot_leaves_each_paper_that_the_plan_names_in_its_order():
    check = published()
    assert lacking(check) == []
    assert list(named(check)) == [
        "行政执法检查审批表",
        "行政检查通知书",
        "送达回证",
        "现场检查笔录",
        "清单式检查表",
        "影像资料目录",
        "行政执法检查登记表",
        "结果报告",
        "检查结果告知书",
        "公开页打印件",
    ]
    asked = {filed.clause for filed in subjects.house().filed}
    assert {"七(五)-g", *(f"七(七)-{letter}" for letter in "ijklmno")} <= asked


@pytest.mark.clause("七(七)-j", "七(七)-k")
def test_off_site_nobody_was_there_so_record_and_recording_are_not_missed():
    check = published(mode=Mode.OFFSITE)
    assert lacking(check) == []
    excused = {line.filed.name: line.excused for line in file_of(check).lines if line.excused}
    assert excused["现场检查笔录"] == "非现场检查" and "没有录像" in excused["影像资料目录"]
    assert "现场检查笔录" not in named(check)


@pytest.mark.clause("七(七)-k")
def test_minutes_that_nobody_recorded_or_explained_are_a_missing_paper():
    check = published()
    check.recordings.update(ends_at=check.started_at)
    assert lacking(check) == ["影像资料目录"]
    RecordingGap.objects.create(
        inspection=check,
        starts_at=check.started_at,
        ends_at=check.ended_at,
        reason="记录仪没有电",
        by=team_of(check)[0].user,
        at=check.ended_at,
    )
    assert lacking(check) == []


@pytest.mark.clause("七(七)-l")
def test_where_something_was_sampled_the_report_of_the_laboratory_is_mandatory():
    check = sampled(published())
    (missing,) = file_of(check).missing
    assert (missing.filed.name, missing.owner) == ("监测报告", "市监测中心")
    by = archivist(check.unit)
    assert "缺监测报告，不能成册。催市监测中心" in rules.why_not_bind(file_of(check), by)
    with refused("文书的日期晚于今天"):
        taken_in(check, by, dated=clock.today() + timedelta(days=1))
    with refused("不是扫描件"):
        taken_in(check, by, content=b"MZ")
    taken_in(check, team_of(check)[0].user)  # whoever has it hands it in
    assert lacking(check) == []
    kept = named(check)
    assert kept["监测报告"] == ["监测报告"] and kept["采样取证登记单"] == ["采样取证登记单"]
    assert list(kept).index("采样取证登记单") < list(kept).index("监测报告") < list(kept).index("影像资料目录")


@pytest.mark.clause("七(七)-m")
def test_written_proof_lies_in_the_file_from_the_spot_and_from_later():
    check = published()
    member = team_of(check)[0].user
    evidence_actions.keep_photo(
        inspection=check, name="台账.jpg", content=PICTURE, by=member, kind="SCAN", words="危废台账"
    )
    taken_in(check, member, Taken.PROOF, title="购销合同")
    kept = named(check)
    assert kept["书证"] == ["危废台账"] and kept["收入的书证"] == ["购销合同"]


def test_a_stranger_takes_nothing_in():
    check = published()
    with refused("由本单位档案员或者检查小组办理"):
        taken_in(check, archivist(make_unit("210503")))


# --- whether and until when it is bound --------------------------------------------------------------------------


@pytest.mark.clause("七(四)-9")
def test_a_file_that_lacks_a_paper_is_bound_only_with_the_reason_that_the_leader_has_approved(one_page):
    check = sampled(published())
    by, leader = archivist(check.unit), make_approver(check.unit)
    with refused("缺监测报告，不能成册"):
        actions.bind(check=check, site=SITE, by=by)
    given = {"check": check, "wish": Wish.WITHOUT, "paper": "监测报告", "by": by}
    with refused("理由写得太短"):
        actions.ask(**given, reason="无")
    with refused("这份文书不缺"):
        actions.ask(**given | {"paper": "结果报告"}, reason="样品瓶破损，没有检测")
    asked = actions.ask(**given, reason="样品瓶破损，没有检测")
    assert Duty.objects.open().filter(rule=duties.DECISION.id).exists()
    with refused("由本单位分管负责人批准"):
        actions.approve(asked=asked, by=by)
    actions.approve(asked=asked, by=leader)
    assert not Duty.objects.open().filter(rule=duties.DECISION.id).exists()
    volume = bound(check, by)
    assert volume.file_id
    assert any("没有监测报告：样品瓶破损，没有检测。" in html for html in one_page)  # 备考表


def test_a_paper_that_came_after_all_is_not_told_as_lacking():
    check = sampled(published())
    by, leader = archivist(check.unit), make_approver(check.unit)
    other = sampled(published(check.unit))
    told = [
        actions.ask(check=one, wish=Wish.WITHOUT, paper="监测报告", reason="监测中心没有出报告", by=by)
        for one in (check, other)
    ]
    actions.approve(asked=told[0], by=leader)
    assert "监测报告" in [line.filed.name for line in file_of(check).excused]
    taken_in(check, by)
    taken_in(other, by)
    assert "监测报告" not in [line.filed.name for line in file_of(check).excused]  # 备考表 says what is there
    with refused("监测报告已经收入这一卷"):
        actions.approve(asked=told[1], by=leader)


def test_nobody_approves_his_own_reason_and_what_is_returned_says_why():
    check = sampled(published())
    both = make_user((Role.ARCHIVIST, check.unit), (Role.APPROVER, check.unit))
    asked = actions.ask(check=check, wish=Wish.WITHOUT, paper="监测报告", reason="没有检测", by=both)
    with refused("不能批准自己的申请"):
        actions.approve(asked=asked, by=both)
    with refused("写明退回的意见"):
        actions.reject(asked=asked, by=make_approver(check.unit), opinion="")
    actions.reject(asked=asked, by=make_approver(check.unit), opinion="报告在监测中心，去取")
    assert lacking(check) == ["监测报告"]


@pytest.mark.clause("七(四)-9")
def test_nothing_is_bound_while_a_correction_waits_or_what_follows_is_open():
    publication = make_published_result()
    check = Inspection.objects.get(no=publication.no)
    by = archivist(check.unit)
    ask_revision(publication, words={"finding": "设施运行正常"})
    assert rules.why_not_bind(file_of(check), by) == "更正申请在办，现在不能成册。"
    found = published(problem="台账不全")
    assert "还没有办结：整改中" in rules.why_not_bind(file_of(found), archivist(found.unit))
    assert file_of(found).due is None


@pytest.mark.clause("七(四)-9")
def test_a_file_is_due_twenty_working_days_after_its_closing(at):
    check = published()
    duties.keep_daily(force=True)
    duty = Duty.objects.get(rule=duties.BINDING.id, period=check.no)
    assert (duty.role, duty.counted_from, duty.workdays) == (Role.ARCHIVIST, check.published_at.astimezone().date(), 20)
    assert duty.due == file_of(check).due.date and check.facility.name not in duty.title
    duties.keep_daily(force=True)
    assert Duty.objects.filter(rule=duties.BINDING.id).count() == 1


@pytest.mark.clause("七(五)-g")
def test_the_archivist_knows_files_of_public_results_of_his_unit_only(client):
    check, secret = published(), make_reviewed()
    assert secret.unit_id == check.unit_id
    browser = enter(client, archivist(check.unit))
    assert browser.get(reverse("inspections:archive-file", args=[check.no])).status_code == 200
    assert browser.get(reverse("inspections:archive-file", args=[secret.no])).status_code == 404
    assert secret.facility.name not in html_of(browser.get(reverse("inspections:archive-list")))
    stranger = enter(client, archivist(make_unit("210503")))
    assert stranger.get(reverse("inspections:archive-file", args=[check.no])).status_code == 404


# --- bound --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(七)-p", "七(四)-9")
def test_a_volume_is_bound_once_with_its_number_its_catalogue_and_its_digest(one_page, client):
    check = published()
    by = archivist(check.unit)
    duties.keep_daily(force=True)
    volume = actions.bind(check=check, site=SITE, by=by)
    with refused("正在成册"):
        actions.bind(check=check, site=SITE, by=by)
    page = text_of(enter(client, by).get(reverse("inspections:archive-file", args=[check.no])))
    assert "正在成册" in page and "现在不能成册" not in page  # its tag said that it could not be bound (issue 16)
    jobs.run(volume.job_id)
    volume.refresh_from_db()
    assert volume.no == f"{check.year}-{check.unit.short_name[0]}执-001"
    rows = list(volume.papers.all())
    assert [row.n for row in rows] == list(range(1, 12)) and rows[-1].title == "卷内备考表"
    assert [row.first_page for row in rows] == list(range(1, 12)) and volume.pages == 11
    assert all(row.file_id and row.digest == row.file.sha256 for row in rows)
    assert not Duty.objects.open().filter(rule=duties.BINDING.id).exists()
    entry = AuditEntry.objects.get(verb="inspections.volume.bound")
    assert entry.details == {"no": volume.no, "sha256": volume.file.sha256}
    with refused("已经成册，不能再改"):
        actions.bind(check=check, site=SITE, by=by)
    assert published(check.unit).pk != check.pk
    assert actions.next_no(check).endswith("-002")


@pytest.mark.clause("七(七)-p")
def test_a_job_that_died_goes_on_with_the_next_paper_and_makes_nothing_twice(one_page, monkeypatch):
    check = published()
    volume = actions.bind(check=check, site=SITE, by=archivist(check.unit))
    from benxi_shuangsuiji.documents import binding as making

    real, done = making.content_of, []

    def dying(leaf, site):
        if len(done) == 4:
            raise KeyboardInterrupt  # as the kernel does it: nothing is told, nothing tidied up
        done.append(leaf.key)
        return real(leaf, site)

    monkeypatch.setattr(making, "content_of", dying)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(volume.job_id)
    assert volume.papers.count() == 4
    Job.objects.filter(pk=volume.job_id).update(state=JobState.WAITING, claimed_until=None)
    monkeypatch.setattr(making, "content_of", lambda leaf, site: done.append(leaf.key) or real(leaf, site))
    jobs.run(volume.job_id)
    assert len(done) == len(set(done)) == 11 == volume.papers.count()
    Job.objects.filter(pk=volume.job_id).update(state=JobState.WAITING, claimed_until=None)
    jobs.run(volume.job_id)  # killed between the volume and the word that it is done
    assert StoredFile.objects.filter(name__startswith="案卷_").count() == 1 and len(done) == 11


@pytest.mark.clause("七(七)-p")
def test_a_volume_taken_up_again_holds_what_there_is_then(one_page, monkeypatch):
    publication = make_published_result()
    check = Inspection.objects.get(no=publication.no)
    volume = actions.bind(check=check, site=SITE, by=archivist(check.unit))
    with monkeypatch.context() as patched:
        patched.setattr(actions, "mark_bound", lambda **given: 1 / 0)  # every paper is made, and 备考表 counts them
        jobs.run(volume.job_id)
    assert volume.papers.count() == 11
    make_revision(publication, words={"finding": "设施运行正常"})
    Job.objects.update(claimed_until=None)  # its turn has come again
    jobs.run(volume.job_id)
    rows = list(volume.papers.all())
    assert [row.key for row in rows][-2:] == ["PUBLIC-2", "BACKUP"] and [row.n for row in rows] == list(range(1, 12))


@pytest.mark.clause("七(七)-p", "七(四)-9")
def test_one_press_binds_every_file_that_lacks_nothing_in_one_job(one_page, client, monkeypatch):
    first = published()
    unit = first.unit
    second, lacks = published(unit), sampled(published(unit))
    by = archivist(unit)
    browser, url = enter(client, by), reverse("inspections:archive-bind-ready")
    assert "成册文书齐的" in text_of(browser.get(reverse("inspections:archive-list")))
    post(browser, f"{url}?unit={unit.code}")
    job, volumes = Job.objects.get(), list(Volume.objects.order_by("no"))
    assert [v.inspection for v in volumes] == [first, second] and {v.job_id for v in volumes} == {job.pk}
    assert [v.no[-3:] for v in volumes] == ["001", "002"]
    from inspections.archive import jobs as making

    real = making.covers_of
    monkeypatch.setattr(making, "covers_of", lambda file, volume: 1 / 0 if volume == volumes[0] else real(file, volume))
    jobs.run(job.pk)  # one that cannot be made holds up no other
    assert [Volume.objects.get(pk=v.pk).file_id is not None for v in volumes] == [False, True]
    monkeypatch.setattr(making, "covers_of", real)
    Job.objects.update(claimed_until=None)  # its turn has come again
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE and Volume.objects.filter(file=None).count() == 0
    assert lacking(lacks) == ["监测报告"] and not lacks.volumes.exists()
    with refused("没有可以成册的案卷"):
        actions.bind_ready(unit=unit, site=SITE, by=by)


def test_a_kept_file_that_is_no_longer_what_it_was_stops_the_volume():
    check = published()
    proof = taken_in(check, archivist(check.unit), Taken.PROOF)
    FileTrouble.objects.create(sha256=proof.file.sha256, kind="DAMAGED", found_at=clock.now())
    assert "件的指纹和登记的不同。不能成册，已告诉系统管理员" in rules.why_not_bind(
        file_of(check), archivist(check.unit)
    )


@pytest.mark.clause("七(七)-p")
def test_what_comes_later_is_bound_into_a_supplement_and_the_volume_stays(one_page, monkeypatch):
    check = published()
    by = archivist(check.unit)
    first = bound(check, by)
    with refused("没有成册以后收到的材料"):
        actions.supplement(check=check, reason="后来收到的材料", site=SITE, by=by)
    taken_in(check, by, Taken.PROOF, title="情况说明")
    assert file_of(check).leaves[-1].title == "情况说明"  # behind what is bound, whose numbers stay
    volume = actions.supplement(check=check, reason="企业后来交来说明", site=SITE, by=by)
    with monkeypatch.context() as patched:
        patched.setattr(actions, "mark_bound", lambda **given: 1 / 0)  # its papers are made, it is not bound
        jobs.run(volume.job_id)
    Job.objects.filter(pk=volume.job_id).update(state=JobState.FAILED)
    again = actions.supplement(check=check, reason="企业后来交来说明", site=SITE, by=by)
    assert again.pk == volume.pk
    jobs.run(again.job_id)
    volume.refresh_from_db()
    assert volume.no == f"{first.no}-补1" and [p.title for p in volume.papers.all()] == ["情况说明", "卷内备考表"]
    assert Volume.objects.get(pk=first.pk).file_id == first.file_id and file_of(check).unbound == []


def test_a_job_that_failed_says_why_and_is_asked_for_again_under_the_same_number(one_page, client):
    check = published()
    by = archivist(check.unit)
    volume = actions.bind(check=check, site=SITE, by=by)
    Job.objects.filter(pk=volume.job_id).update(state=JobState.FAILED, error="磁盘满了")
    page = text_of(enter(client, by).get(reverse("inspections:archive-file", args=[check.no])))
    assert "上次没有做成：磁盘满了" in page and f"成册，档号 {volume.no}" in page
    again = bound(check, by)
    assert (again.pk, again.no) == (volume.pk, volume.no) and again.file_id


def test_public_words_corrected_after_the_binding_go_into_a_supplement(one_page):
    publication = make_published_result()
    check = Inspection.objects.get(no=publication.no)
    bound(check)
    make_revision(publication, words={"finding": "设施运行正常"})
    assert [leaf.title for leaf in file_of(check).unbound] == ["公开页打印件"]


# --- kept ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(七)-q")
def test_a_file_is_kept_ten_years_and_thirty_when_a_case_came_of_it(one_page):
    check = published()
    assert (file_of(check).years, file_of(check).kept_until) == (10, date(check.year + 10, 12, 31))
    bound(check)
    Inspection.objects.filter(pk=check.pk).update(outcome=Outcome.CASE_FILED)
    assert file_of(check).years == 30


@pytest.mark.clause("七(七)-q")
def test_after_its_term_two_people_decide_whether_a_file_is_destroyed_or_kept_on(at, one_page, client):
    check = published()
    by, leader = archivist(check.unit), make_approver(check.unit)
    volume = bound(check, by)
    with refused("期满以后才鉴定"):
        actions.ask(check=check, wish=Wish.DESTROY, reason="没有保存价值", by=by)
    Inspection.objects.filter(pk=check.pk).update(year=check.year - 11)
    with refused("写明再保管几年"):
        actions.ask(check=check, wish=Wish.KEEP, reason="企业还在整治", by=by)
    actions.approve(asked=actions.ask(check=check, wish=Wish.KEEP, years=2, reason="企业还在整治", by=by), by=leader)
    assert file_of(check).years == 12
    Inspection.objects.filter(pk=check.pk).update(year=check.year - 13)
    with refused("不填再保管几年"):
        actions.ask(check=check, wish=Wish.DESTROY, years=3, reason="没有保存价值", by=by)
    asked = actions.ask(check=check, wish=Wish.DESTROY, reason="没有保存价值", by=by)
    was = Inspection.objects.get(pk=check.pk).outcome
    Inspection.objects.filter(pk=check.pk).update(outcome=Outcome.CASE_FILED)
    with refused("没有期满"):  # a case came of it since it was asked
        actions.approve(asked=asked, by=leader)
    Inspection.objects.filter(pk=check.pk).update(outcome=was)
    url = reverse("inspections:archive-volume", args=[check.no, 0])
    assert enter(client, by).get(url).status_code == 200
    requests = reverse("inspections:archive-requests", args=[check.no])
    asks = text_of(enter(client, leader).get(requests))  # which volume, and what becomes of it
    assert volume.no in asks and "批准销毁" in asks and "文书不能再打开" in asks
    actions.approve(asked=asked, by=leader)
    enter(client, by)
    page = html_of(client.get(reverse("inspections:archive-file", args=[check.no])))
    assert "已销毁" in page and "/paper-1.pdf" not in page and "保存盒号和架位" not in page and "收入文书" not in page
    with refused("已经销毁，不再登记架位"):
        actions.shelve(check=check, box="1", shelf="2", by=by)
    with refused("已经销毁，不再收入文书"):
        taken_in(check, by)
    assert Volume.objects.get(pk=volume.pk).destroyed_at and client.get(url).status_code == 404
    assert ArchiveRequest.objects.approved().count() == 2


@pytest.mark.clause("七(七)-q", "七(七)-r")
def test_the_transfer_list_names_number_pages_term_place_and_digest(one_page, client):
    check = published()
    by = archivist(check.unit)
    volume = bound(check, by)
    actions.shelve(check=check, box="明2026-07", shelf="2 库 3 列 4 层", by=by)
    browser = enter(client, by)
    answer = browser.get(reverse("inspections:archive-transfer-xlsx") + f"?quarter={check.year}Q{check.number}")
    from openpyxl import load_workbook

    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows()]
    assert [volume.no, check.no, "11", "10 年", "明2026-07", "2 库 3 列 4 层", volume.file.sha256] == [
        value
        for value in rows[-1]
        if value in (volume.no, check.no, "11", "10 年", "明2026-07", "2 库 3 列 4 层", volume.file.sha256)
    ]
    one_page.clear()
    assert (
        browser.get(reverse("inspections:archive-transfer-pdf") + f"?quarter={check.year}Q{check.number}").status_code
        == 200
    )
    assert volume.no in one_page[0] and "监交人" in one_page[0]


@pytest.mark.clause("七(七)-r")
def test_paper_and_electronic_are_held_against_each_other(one_page, client):
    check = published()
    by = archivist(check.unit)
    with refused("成册以后登记盒号和架位"):
        actions.shelve(check=check, box="明2026-07", shelf="2 库", by=by)
    bound(check, by)
    evidence = evidence_actions.keep_photo(
        inspection=check, name="笔录.jpg", content=PICTURE, by=team_of(check)[0].user, kind="SCAN"
    )
    PaperScan.objects.create(
        inspection=check,
        paper=PaperKind.RECORD,
        evidence=evidence,
        pages=[1, 0],
        of_pages=3,
        changed=True,
        by=by,
        at=clock.now(),
    )
    assert [len(one.rows) for one in pages.mismatches(by, check.unit)] == [1, 1, 1]
    url = reverse("inspections:archive-file", args=[check.no])
    assert "1/3 页对上，缺第 2、3 页" in text_of(enter(client, by).get(url))
    assert post(client, url, box="明2026-07", shelf="2 库").status_code == 302
    FileTrouble.objects.create(sha256=file_of(check).bound.file.sha256, kind="MISSING", found_at=clock.now())
    assert [len(one.rows) for one in pages.mismatches(by, check.unit)] == [0, 1, 2]
    said = text_of(client.get(reverse("inspections:shelf-list")))
    assert "缺第 2、3 页" in said and "文件的指纹和成册时不同" in said


# --- pages --------------------------------------------------------------------------------------------------------


def test_who_has_the_missing_paper_is_asked_for_it_once_a_day_and_the_list_says_how_often(client, at):
    check = sampled(published())
    by, leader = archivist(check.unit), team_of(check)[0].user
    url = reverse("inspections:archive-urge", args=[check.no])
    answers = make_approver(check.unit)
    for day in range(3):
        at(f"2026-08-{10 + day} 10:00")
        browser = enter(client, by)
        assert post(browser, url).status_code == 302
        assert "今天已催" in text_of(browser.get(reverse("inspections:archive-list")))
        assert "今天已催，现在不再催" in text_of(post_and_follow(browser, url, {}))
    told = Message.objects.filter(user=leader, title=f"案卷 {check.no} 缺文书")
    assert told.count() == 3 and check.facility.name not in told.first().body
    page = text_of(browser.get(reverse("inspections:archive-list")))
    assert "监测报告" in page and "市监测中心" in page and "第 3 次" in page
    assert enter(client, leader).get(told.first().url).status_code == 200
    asked = Message.objects.filter(user=answers, title=f"案卷 {check.no} 缺文书")  # 责任表: 审批检查
    assert asked.count() == 3 and "已催检查小组组长" in asked.first().body
    assert enter(client, answers).get(asked.first().url).status_code == 200


@pytest.mark.clause("八(一)-b")
def test_that_papers_are_missing_ends_with_the_volume(client, at):
    """It stayed unread in the leader's inbox after the file was bound (issue 16)."""
    check = sampled(published())
    by, leader = archivist(check.unit), team_of(check)[0].user
    at("2026-08-10 10:00")
    actions.urge(check=check, by=by)
    told = Message.objects.filter(title=f"案卷 {check.no} 缺文书")
    assert told.waiting().filter(user=leader).exists()
    page = html_of(enter(client, leader).get("/desk/inbox/"))
    assert "案卷成册</button>" not in page  # that is the archivist's to do
    duties.bound(Volume(inspection=check), clock.now())
    assert told.exists() and not told.waiting().exists()


def test_nobody_is_asked_for_a_paper_of_which_the_leader_is_to_say_whether_it_is_needed(client, at):
    check = sampled(published())
    by = archivist(check.unit)
    actions.ask(check=check, wish=Wish.WITHOUT, paper="监测报告", reason="当时没有制作，无法补", by=by)
    with refused("“监测报告”确实没有，申请在等决定，现在不再催"):
        actions.urge(check=check, by=by)
    page = text_of(enter(client, by).get(reverse("inspections:archive-list")))
    assert "“监测报告”确实没有，申请在等决定" in page and "催监测报告" not in page


def test_every_look_at_a_file_is_written_down_and_can_be_read(one_page, client):
    check = published()
    by = archivist(check.unit)
    bound(check, by)
    browser = enter(client, by)
    browser.get(reverse("inspections:archive-file", args=[check.no]))
    browser.get(reverse("inspections:archive-paper", args=[check.no, 1]))
    browser.get(reverse("inspections:archive-volume", args=[check.no, 0]))
    assert "4 人次" in text_of(
        enter(client, make_approver(check.unit)).get(reverse("inspections:archive-file", args=[check.no]))
    )


def test_the_list_groups_what_is_late_lacking_and_whole_and_asks_no_more_for_thirty(client):
    unit = make_unit()
    published(unit)
    browser, url = enter(client, archivist(unit)), reverse("inspections:archive-list")
    one = queries(browser, url)
    now = clock.now()
    for _ in range(30):
        came_and_went(
            make_inspection(unit),
            at=now,
            status=InspectionStatus.PUBLISHED,
            outcome=Outcome.NO_ISSUE,
            uploaded_at=now,
            published_at=now - timedelta(days=60),
        )
    assert queries(browser, url) <= one + 1
    page = text_of(browser.get(url))
    assert "已经逾期 30 卷" in page and "文书齐了 1 卷" in page and "缺文书 30" in page
    assert "文书齐了" not in text_of(browser.get(f"{url}?only=late"))


def test_the_page_of_a_file_names_what_is_missing_and_its_button_says_why_it_waits(client):
    check = sampled(published())
    page = enter(client, archivist(check.unit)).get(reverse("inspections:archive-file", args=[check.no]))
    assert "缺监测报告，不能成册" in text_of(page) and 'aria-disabled="true"' in html_of(page)
    leader = enter(client, make_approver(check.unit)).get(reverse("inspections:archive-file", args=[check.no]))
    assert "成册，档号" not in text_of(leader)


@pytest.mark.clause("七(四)-9")
def test_a_form_that_names_other_objects_waits_until_the_names_are_public(at):
    check = make_dispatched()[0]
    ready(check)
    step_aside(check, team_of(check)[1])
    (ending,) = filed_papers.ends([check]).values()
    assert ending.waits == "名单公开以后收入更换审批表" and filed_papers.replacements([check])[check.pk] == []
    at(check.draw.release_at)
    draw_actions.release_draw(draw=check.draw)
    (ending,) = filed_papers.ends([check]).values()
    assert not ending.waits and ending.since == localtime(check.draw.release_at).date()
    assert len(filed_papers.replacements([check])[check.pk]) == 1


@pytest.mark.clause("七(四)-9")
def test_the_days_for_binding_begin_when_the_last_paper_can_be_there(at):
    """The to-do was due three weeks before the list was public, and what could not be bound was late (K21, decision 0111)."""
    check = make_dispatched()[0]
    ready(check)
    step_aside(check, team_of(check)[1])
    ready(check)
    done = reviewing.review_result(inspection=finish(answer_all(start(check))), by=make_approver(check.unit))
    reviewing.mark_published(inspection=done, by=make_planner(check.unit), at=clock.now())
    duties.keep_daily(force=True)
    assert file_of(check).closed_on is None and "名单公开" in rules.why_not_ready(file_of(check))
    assert not duties.BINDING.duties.open().exists()
    at(check.draw.release_at)
    draw_actions.release_draw(draw=check.draw)
    duties.keep_daily(force=True)
    file, released = file_of(check), localtime(check.draw.release_at).date()
    assert file.closed_on == released and duties.BINDING.duties.open().get().due == file.due.date
    before = workdays.calendar().within_workdays(
        released - timedelta(30), 20
    )  # as it stood when the list was still secret
    duties.BINDING.duties.update(due=before.date, target=before.target, counted_from=before.counted_from)
    duties.keep_daily(force=True)
    assert duties.BINDING.duties.open().get().due == file.due.date
    within = policy.on(released).recommended.archive_within_workdays
    assert file.due == workdays.calendar().within_workdays(released, within)


def test_the_desk_of_an_archivist_is_the_list_of_files(client):
    unit = make_unit()
    answer = enter(client, archivist(unit)).get(reverse("inspections:desk-home"))
    assert answer.url == reverse("inspections:archive-list")
    assert "没有要办的案卷" in text_of(client.get(answer.url))
