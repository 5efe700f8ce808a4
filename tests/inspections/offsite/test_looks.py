"""非现场查看: what was looked at from outside, look by look (七(三)-b, domain.md 7.5)."""

from datetime import date, time, timedelta

import jsonschema_rs
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from disclosure.opendata import schemas
from disclosure.publishing import actions as publishing
from inspections.evidence import actions as evidence
from inspections.models import CheckApproval, Evidence, Inspection, InspectionStatus, Mode, OffsiteLook, Source
from inspections.offsite import actions, papers
from inspections.offsite.filed_papers import records
from inspections.offsite.models import METHODS
from inspections.offsite.wording import period_words
from inspections.review import actions as review
from tests.browsing import html_of, post, signed_in, text_of
from tests.factories import make_approver, make_disclosure_officer, make_inspector, make_planner, make_unit
from tests.inspections.evidence.pictures import HEIC, PDF, bomb, photo
from tests.inspections.factories import answer_all, finish, look, make_inspection, make_started, start, team_of

pytestmark = pytest.mark.django_db


def off_site(**fields) -> Inspection:
    return make_started(mode=Mode.OFFSITE, **fields)


def typed(inspection, **changes) -> dict:
    """As a browser sends the form."""
    day = clock.today()
    return {
        "method": "VIDEO",
        "source": "治理设施视频监控，活性炭吸附",
        "period_from": day - timedelta(days=3),
        "period_to": day,
        "result": "CLUE",
        "clue": "12 月 1 日 2 时起风机停了三小时",
        f"seen_{inspection.answers.first().pk}": "风机夜间停转",
        "files": [SimpleUploadedFile("截图.png", photo(form="PNG"))],
        **changes,
    }


def test_a_period_of_a_year_that_nobody_kept_data_of_is_refused():
    inspection = off_site()
    browser, address = signed_in(team_of(inspection)[0].user), reverse("inspections:field-looks", args=[inspection.no])
    refused = post(browser, address, typed(inspection, period_from="0001-01-01"))
    assert refused.status_code == 409 and "不能早于 2000-01-01" in text_of(refused)
    assert not OffsiteLook.objects.exists()
    assert period_words(date(202, 1, 1), date(2026, 1, 2)) == "0202-01-01 至 2026-01-02"


@pytest.mark.clause("七(三)-a", "七(三)-b")
def test_the_phone_speaks_of_looking_and_not_of_arriving_and_leads_to_the_first_look():
    check = make_inspection(mode=Mode.OFFSITE)
    browser = signed_in(team_of(check)[0].user)
    words = text_of(browser.get(check.field_url))
    assert "已批准，可以开始非现场检查" in words
    assert "到场" not in words and "通知书" not in words
    today = clock.today()
    Inspection.objects.filter(pk=check.pk).update(planned_on=today, planned_from=time(9), planned_minutes=60)
    day = text_of(browser.get("/field/"))
    assert "9:00 开始，约 1 小时" in day and "9:00 到" not in day and "去查" not in day
    begun = answer_all(start(check))
    looks = reverse("inspections:field-looks", args=[check.no])
    assert f'<a class="btn btn-p" href="{looks}">' in " ".join(html_of(browser.get(check.field_url)).split())
    look(begun)
    assert f'<a class="btn btn-p" href="{looks}">' not in " ".join(html_of(browser.get(check.field_url)).split())


@pytest.mark.clause("七(三)-b", "一-b")
def test_a_look_is_entered_with_its_source_period_files_and_what_was_seen():
    inspection = off_site()
    leader = team_of(inspection)[0].user
    browser, address = signed_in(leader), reverse("inspections:field-looks", args=[inspection.no])
    assert post(browser, address, typed(inspection)).status_code == 302
    made = OffsiteLook.objects.get()
    kept = Evidence.objects.get()
    assert (made.number, made.method, made.result, made.by) == (1, "VIDEO", "CLUE", leader)
    assert made.files.get().evidence == kept and files.read(kept.file) == photo(form="PNG")
    assert made.points.get().words == "风机夜间停转"
    assert AuditEntry.objects.filter(verb="inspections.look.kept").count() == 1
    for page in (address, inspection.field_url):
        assert "非现场查看" in text_of(browser.get(page))
    told = text_of(browser.get(address))
    desk = text_of(signed_in(make_planner(inspection.unit)).get(inspection.get_absolute_url()))
    for words in ("第 1 次", "视频监控", "活性炭吸附", "风机停了三小时", "风机夜间停转", kept.sha256):
        assert words in told and words in desk, words


def test_every_method_of_the_province_can_be_told():
    inspection = off_site()
    assert [m.label for m in METHODS] == [
        "在线监控", "视频监控", "用电、用能、工况监控", "无人机", "走航", "卫星遥感", "大数据分析",
        "书面资料核查", "执行报告、台账审核", "视频连线",
    ]  # fmt: skip
    for method in METHODS:
        assert look(inspection, method=method).get_method_display() == method.label
    with pytest.raises(Refused, match="选择查看的方式"):
        look(inspection, method="REMOTE")


@pytest.mark.clause("七(三)-b")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": " "}, "填写来源系统"),
        ({"period_from": "later"}, "止日早于起日"),
        ({"period_to": "tomorrow"}, "不能晚于今天"),
        ({"points": {}}, "至少在一个检查点"),
        ({"points": {0: "别家的"}}, "没有这个检查点"),
        ({"result": "MAYBE"}, "选择结论"),
        ({"result": "CLUE"}, "写明是什么线索"),
        ({"clue": "氨氮超标"}, "改选“发现线索”"),
        ({"asks_enterprise": True}, "只有视频连线"),
        ({"files": []}, "附上看到的内容"),
        ({"files": [("材料.pdf", PDF)] * 6}, "最多附 5 个"),
        ({"files": [("表.xlsx", b"PK\x03\x04 workbook")]}, "“表.xlsx”：不是扫描件"),
        ({"files": [("图.heic", HEIC)]}, "HEIC"),
        ({"files": [("好.pdf", PDF), ("大.png", bomb())]}, "像素|打不开|太大"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(changes, words):
    inspection = off_site()
    today = clock.today()
    days = {"later": today + timedelta(days=1), "tomorrow": today + timedelta(days=1)}
    changes = {name: days.get(value, value) if isinstance(value, str) else value for name, value in changes.items()}
    with pytest.raises(Refused, match=words):
        look(inspection, **changes)
    assert not OffsiteLook.objects.exists() and not Evidence.objects.exists()


def test_the_page_says_what_is_missing_and_keeps_what_was_typed():
    inspection = off_site()
    browser, address = signed_in(team_of(inspection)[0].user), reverse("inspections:field-looks", args=[inspection.no])
    refused = post(browser, address, typed(inspection, clue=""))
    assert refused.status_code == 409 and "写明是什么线索" in text_of(refused)
    assert "活性炭吸附" in refused.content.decode() and "风机夜间停转" in refused.content.decode()
    assert "附上看到的内容" in text_of(post(browser, address, typed(inspection, files=[])))


def test_only_its_team_looks_while_an_off_site_check_is_open():
    there = make_started()
    with pytest.raises(Refused, match="现场检查，不登记非现场查看"):
        look(there)
    early = make_inspection(mode=Mode.OFFSITE)
    with pytest.raises(Refused, match="检查还没有开始"):
        look(early)
    inspection = off_site()
    with pytest.raises(Refused):
        look(inspection, by=make_planner(inspection.unit))
    over = finish(answer_all(inspection))
    with pytest.raises(Refused, match="检查已经提交"):
        look(over)
    stranger = signed_in(make_inspector(make_unit("210503"), with_user=True).user)
    for address in ("field-looks", "looks-paper"):
        assert stranger.get(reverse(f"inspections:{address}", args=[over.no])).status_code == 404


@pytest.mark.clause("七(三)-b")
def test_an_enterprise_helps_with_a_video_call_only_where_it_was_approved():
    inspection = off_site()
    approved = CheckApproval.objects.get(inspection=inspection)
    assert look(inspection, method="CALL").approval is None  # nobody of the enterprise is asked
    assert look(inspection, method="CALL", asks_enterprise=True).approval == approved
    other = off_site(source=Source.EMERGENCY, approved=False)  # it begins before its approval
    with pytest.raises(Refused, match="先经分管负责人批准"):
        look(other, method="CALL", asks_enterprise=True)
    made = look(other, method="CALL")
    made.pk, made.number, made.asks_enterprise = None, 2, True
    with pytest.raises(IntegrityError, match="an_enterprise_helps_only_where_it_was_approved"), transaction.atomic():
        made.save()


def test_a_look_never_changes_and_a_wrong_one_is_entered_anew():
    inspection = off_site()
    first = look(inspection, result="CLUE", clue="抄错的数")
    with pytest.raises(Refused, match="另登记一次查看更正它"):
        evidence.strike(
            inspection=inspection, thing=Evidence.objects.get(), reason="传错了图", by=team_of(inspection)[0].user
        )
    second = look(inspection, instead_of=first, files=[("新截图.pdf", PDF + b"\n")])
    assert [row.number for row in inspection.looks.standing()] == [second.number]
    assert not inspection.looks.with_clue().exists()
    with pytest.raises(Refused, match="已经更正过"):
        look(inspection, instead_of=OffsiteLook.objects.get(pk=first.pk))
    with pytest.raises(Refused, match="不在这次检查里"):
        look(inspection, instead_of=look(off_site()))
    page = text_of(signed_in(team_of(inspection)[0].user).get(reverse("inspections:field-looks", args=[inspection.no])))
    assert "已由第 2 次更正" in page and "更正第 1 次" in page
    for told in ("UPDATE inspections_offsitelook SET source = 'x'", "DELETE FROM inspections_lookfile"):
        with (
            pytest.raises(DatabaseError, match=r"permission denied|不能"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(told)


@pytest.mark.clause("七(三)-b", "七(五)-l")
def test_a_file_that_stands_under_two_looks_says_so_on_the_page_and_on_paper():
    """Two methods with one fingerprint read as two things seen (七(三)-b, 七(五)-l)."""
    inspection = off_site()
    look(inspection)
    look(inspection, method="VIDEO", files=[("又一份.pdf", PDF)])
    look(inspection, method="POWER", files=[("用电.pdf", PDF + b"\n")])
    page = text_of(signed_in(team_of(inspection)[0].user).get(reverse("inspections:field-looks", args=[inspection.no])))
    paper = str(papers.record_of(inspection).blocks)
    for said in (page, paper):
        assert [said.count(f"同一份材料也附在第 {n} 次查看") for n in (1, 2, 3)] == [1, 1, 0]


@pytest.mark.clause("七(三)-b", "一-b")
def test_an_off_site_check_does_not_end_before_somebody_looked():
    look(off_site())  # at another place
    inspection = answer_all(off_site())
    update = "UPDATE inspections_inspection SET ended_at = now(), offsite_means = 'ONLINE', offsite_evidence = 'x' WHERE id = %s"
    with pytest.raises(DatabaseError, match="没有登记查看，不能结束"), transaction.atomic(), connection.cursor() as c:
        c.execute(update, [inspection.pk])
    over = finish(inspection)
    assert over.status == InspectionStatus.FINISHED and over.looks.count() == 1
    with pytest.raises(DatabaseError, match="已经办过的记录"), transaction.atomic(), connection.cursor() as c:
        c.execute(
            "INSERT INTO inspections_offsitelook (inspection_id, number, method, source, period_from, period_to, result, clue,"
            " asks_enterprise, instead_why, by_id, at) SELECT inspection_id, 9, method, source, period_from, period_to, result, clue,"
            " false, '', by_id, now() FROM inspections_offsitelook"
        )


def test_the_database_takes_no_look_without_its_file_or_with_another_checks():
    inspection, other = off_site(), off_site()
    mine, theirs = look(inspection), look(other)
    copied = (
        "INSERT INTO inspections_offsitelook (inspection_id, number, method, source, period_from, period_to, result, clue,"
        " asks_enterprise, instead_why, by_id, at) SELECT inspection_id, 7, method, source, period_from, period_to, result, clue, false,"
        f" '', by_id, now() FROM inspections_offsitelook WHERE id = {mine.pk} RETURNING id"
    )
    for files_of, points_of, words in ((0, mine.pk, "要附上看到的内容"), (theirs.pk, mine.pk, "同一次检查")):
        with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as c:
            c.execute(copied)
            new = c.fetchone()[0]
            c.execute(
                "INSERT INTO inspections_lookfile (look_id, evidence_id) SELECT %s, evidence_id FROM inspections_lookfile"
                " WHERE look_id = %s",
                [new, files_of],
            )
            c.execute(
                "INSERT INTO inspections_lookpoint (look_id, point_id, words) SELECT %s, point_id, words"
                " FROM inspections_lookpoint WHERE look_id = %s",
                [new, points_of],
            )
            c.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.clause("七(三)-b")
def test_the_record_stands_on_paper_in_the_file_and_in_public_only_as_method_and_period():
    unit = make_unit()
    check = answer_all(off_site(unit=unit))
    look(check, method="VIDEO", source="厂内机密系统", points={check.answers.first().pk: "储罐区在三号车间"})
    look(check)
    finish(check)
    paper = signed_in(make_planner(unit)).get(reverse("inspections:looks-paper", args=[check.no]))
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    said = str(papers.record_of(check).blocks)
    assert "厂内机密系统" in said and "储罐区在三号车间" in said and Evidence.objects.first().sha256 in said
    assert [leaf.title for leaf in records([check])[check.pk]] == ["非现场检查记录"]
    review.review_result(inspection=check, by=make_approver(unit))
    published = publishing.publish_result(inspection=check, by=make_disclosure_officer(unit))
    today = clock.today()
    week = {"from": f"{today - timedelta(days=7):%Y-%m-%d}", "to": f"{today:%Y-%m-%d}"}
    assert published.snapshot["looks"] == [{"method": "视频监控", **week}, {"method": "在线监控", **week}]
    page = signed_in(make_planner(unit)).get(f"/results/{check.no}/").content.decode()
    assert "视频监控" in page and week["from"] in page
    assert "机密" not in page and "三号车间" not in page


@pytest.mark.clause("七(三)-b")
def test_the_public_page_says_that_a_clue_was_taken_back_and_not_which():
    unit = make_unit()
    check = answer_all(off_site(unit=unit))
    clue = look(check, result="CLUE", clue="小时均值超标三次")
    look(check, instead_of=clue, files=[("新.pdf", b"%PDF-1.7\n1\n%%EOF\n")])
    review.review_result(inspection=finish(check), by=make_approver(unit))
    published = publishing.publish_result(inspection=check, by=make_disclosure_officer(unit))
    (said,) = published.snapshot["looks"]
    assert said["clue_withdrawn"] is True
    jsonschema_rs.validate(schemas.WORDS["RESULT"]["looks"], published.snapshot["looks"])
    page = text_of(signed_in(make_planner(unit)).get(f"/results/{check.no}/"))
    assert "曾登记线索，经更正撤销" in page and "小时均值" not in page


def test_a_look_that_fails_half_way_leaves_nothing(monkeypatch):
    inspection = off_site()

    def broken(*args, **kwargs):
        raise Refused("断了")

    monkeypatch.setattr(actions.LookPoint.objects, "bulk_create", broken)
    with pytest.raises(Refused, match="断了"):
        look(inspection)
    assert not OffsiteLook.objects.exists() and not Evidence.objects.exists()


@pytest.mark.clause("七(三)-b")
def test_the_list_of_tasks_shows_those_of_one_mode_alone():
    unit = make_unit()
    outside, inside = off_site(unit=unit), make_started(unit=unit)
    browser, address = signed_in(make_planner(unit)), reverse("inspections:task-list")

    def listed(**chosen):
        page = browser.get(address, {"unit": unit.code, **chosen})
        return {row["inspection"].no for row in page.context["rows"]}

    assert listed() == {outside.no, inside.no}
    assert (listed(mode="OFFSITE"), listed(mode="ONSITE")) == ({outside.no}, {inside.no})
