"""The papers of a check: complete, as PDF and Word, laid out as the bureau says, and for whom (七(五)-f, -l)."""

import io
import re
from datetime import date
from zipfile import ZipFile

import pytest

from benxi_shuangsuiji.documents import filled, pdf, scans
from benxi_shuangsuiji.refusal import Refused
from inspections.checks import marks
from inspections.checks.issuer import issuer_of
from inspections.models import Answer, Inspection, PaperKind, PaperLayout
from inspections.paperwork import actions, layouts, papers, rules
from inspections.paperwork.example_papers import example
from inspections.paperwork.models import OF_A_CHECK
from registry.facilities import actions as facilities_actions
from tests.browsing import post
from tests.documents import reading
from tests.documents.page_validation import faults
from tests.documents.reading import words_of
from tests.factories import make_lead_office, make_observer, make_planner, make_registrar, make_unit
from tests.inspections.factories import make_finished, make_started, team_of
from tests.registry.workbooks import credit_code

pytestmark = pytest.mark.django_db
needs_pango = pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango")


@pytest.mark.clause("七(四)-5")
def test_the_record_says_who_came_what_was_shown_and_what_was_seen_item_by_item(at):
    at("2026-07-06 10:00")
    inspection = make_finished(problem="吨桶未贴标签")
    words = words_of(papers.paper_of(inspection, PaperKind.RECORD))
    leader, member = team_of(inspection)
    for fact in (
        "现场检查（勘察）笔录",
        inspection.facility.name,
        "2026年7月6日9时30分至10时00分",
        f"{leader.name}（组长，",
        member.certificate_no,
        "出示行政执法证件",
        "可以申请回避",
        "发现问题。吨桶未贴标签（依据：某法第一条）。",
        "以上情况属实",
    ):
        assert fact in words, fact


@pytest.mark.clause("七(五)-l")
def test_the_checklist_holds_every_point_with_its_answer_and_its_words(at):
    at("2026-07-06 10:00")
    inspection = make_finished(problem="吨桶未贴标签")
    words = words_of(papers.paper_of(inspection, PaperKind.CHECKLIST))
    for point in inspection.answers.all():
        assert f"{point.text}{point.get_answer_display()}{point.words or '—'}".replace(" ", "") in words
    assert inspection.answers.filter(answer=Answer.FOUND).exists()


@pytest.mark.clause("七(五)-f", "七(四)-8")
def test_the_report_has_its_nine_chapters_and_is_word_to_go_on_writing_in(at):
    at("2026-07-06 10:00")
    inspection = make_finished(problem="吨桶未贴标签")
    content, name, _ = papers.made(inspection, PaperKind.REPORT, "docx")
    assert name == f"生态环境局涉企行政执法检查结果报告_{inspection.no}.docx"
    xml = ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    text = re.sub("<[^>]+>", "", xml)
    chapters = [label for _, label in layouts.DEFAULTS[PaperKind.REPORT].fields]
    assert "".join(label[0] for label in chapters if label[1] == "、") == "一二三四五六七八九"
    assert [text.index(label) for label in chapters] == sorted(text.index(label) for label in chapters)
    for fact in (
        "吨桶未贴标签",
        "责令 2026 年 7 月 20 日前改正",
        inspection.facility.name,
        f"本环检报〔2026〕{inspection.no}",
    ):
        assert fact in text, fact
    assert "w:pStyle" in xml and "Heading1" in xml


LONG = "".join(f"第{n:03d}处贮存间的吨桶没有标签。" for n in range(1, 126))  # 2,000 characters, no sentence twice


@needs_pango
@pytest.mark.clause("七(五)-f")
@pytest.mark.parametrize("kind", OF_A_CHECK)
def test_every_paper_is_read_back_whole_from_pdf_and_word(at, kind):
    """Text, pages, digest, the code at the foot of each page, PDF/A-3a and PDF/UA-1; a finding of 2,000 characters."""
    at("2026-07-06 10:00")
    inspection = make_finished(problem="吨桶未贴标签")
    inspection.finding = LONG
    inspection.answers.filter(answer=Answer.FOUND).update(words=LONG)
    paper = papers.paper_of(inspection, kind)

    content, pages = reading.whole(paper)
    short = kind in (PaperKind.APPROVAL, PaperKind.NOTICE, PaperKind.RECEIPT)
    assert pages == 1 if short else 2 <= pages <= 9
    assert scans.codes_in(content) == [[f"{paper.mark}:{n}:{pages}"] for n in range(1, pages + 1)]
    if kind == PaperKind.CHECKLIST:  # the head of the table on each page that the table reaches
        assert reading.text_of(content).count("序号检查项检查要点结果问题记录") >= pages - 1


RESULT = layouts.DEFAULTS[PaperKind.RESULT]


def layout_with(**changes):
    default = layouts.DEFAULTS[PaperKind.RESULT]
    return layouts.Layout(**{**layouts.written(default), **changes})


def keep(by, **changes):
    document, valid_from = changes.pop("document", "本环发〔2026〕9 号"), changes.pop("valid_from", date(2026, 7, 6))
    return actions.keep_layout(
        kind=PaperKind.RESULT, layout=layout_with(**changes), document=document, valid_from=valid_from, by=by
    )


@pytest.mark.clause("五-2a")
def test_a_bureau_changes_title_number_names_and_order_from_a_day_on_without_a_programmer(at):
    at("2026-07-06 10:00")
    before = make_finished(problem="吨桶未贴标签")
    fields = [["decision", "处理"], *([k, v] for k, v in layouts.DEFAULTS[PaperKind.RESULT].fields if k != "decision")]
    at("2026-07-07 09:00")
    keep(
        make_lead_office(),
        title="检查情况反馈单",
        number="溪环告〔{year}〕{no}",
        fields=fields,
        valid_from=date(2026, 7, 7),
    )
    at("2026-07-07 10:00")
    after = make_finished(make_unit("210503"), problem="台账不全")

    words = words_of(papers.paper_of(after, PaperKind.RESULT))
    assert "检查情况反馈单" in words and words.index("处理") < words.index("被检查单位")
    assert papers.paper_of(after, PaperKind.RESULT).left == f"编号：溪环告〔2026〕{after.no}"
    assert papers.paper_of(before, PaperKind.RESULT).title == "检查结果告知书"  # of an earlier check: as it was


@pytest.mark.clause("七(五)-d", "七(五)-e", "七(五)-j")
@pytest.mark.parametrize(
    ("kind", "key"), [(PaperKind.APPROVAL, "items"), (PaperKind.NOTICE, "source"), (PaperKind.FORM, "finding")]
)
def test_approval_notice_and_form_are_laid_out_by_the_bureau_too(at, kind, key):
    at("2026-07-06 08:00")
    default = layouts.DEFAULTS[kind]
    fields = [[key, "改过的栏目"], *([k, v] for k, v in default.fields if k != key)]
    changed = layouts.written(default) | {"title": "改过的标题", "number": "溪{year}-{no}", "fields": fields}
    changed |= {"closing": "改过的话。"}
    before = make_finished()
    at("2026-07-07 08:00")
    actions.keep_layout(
        kind=kind,
        layout=layouts.Layout(**changed),
        document="本环发〔2026〕9 号",
        valid_from=date(2026, 7, 7),
        by=make_lead_office(),
    )
    at("2026-07-08 10:00")
    after = make_finished(before.unit)
    paper = papers.paper_of(after, kind)
    words = words_of(paper)
    rows = [block for block in paper.blocks if not isinstance(block, filled.Prose)]
    assert paper.title == "改过的标题" and "改过的话。" in words and "溪2026-" in paper.left
    assert "改过的栏目" in str(rows[0]) and dict(default.fields)[key] not in words
    assert papers.paper_of(before, kind).title == default.title


@pytest.mark.parametrize("kind", PaperKind)
def test_every_paper_that_comes_with_the_system_may_be_kept_as_it_is_and_has_its_example(kind):
    default = layouts.DEFAULTS[kind]
    assert rules.why_not_keep(kind, default, "文号", date(2026, 7, 6), make_lead_office(), date(2026, 7, 6)) == ""
    made = example(kind, default)
    said = reading.said_on(made)
    assert made.stamp == made.mark == "样张" and sum("样张" in text for text in said) >= len(default.fields) - 2
    for label in (label for _, label in default.fields):
        assert any(label.replace(" ", "") in text for text in said), label


def test_a_notice_does_not_lose_the_rights_that_it_tells():
    layout = layouts.Layout(**layouts.written(layouts.DEFAULTS[PaperKind.NOTICE]) | {"closing": " "})
    assert "通知书要告知权利和义务" in rules.why_not_layout(PaperKind.NOTICE, layout)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"fields": [[k, "事由" if k in ("result", "items") else v] for k, v in RESULT.fields]},
            "两栏的名称都是“事由”",
        ),
        ({"fields": [[k, v if k != "items" else " "] for k, v in RESULT.fields]}, "每一栏都要有名称"),
        ({"title": "送达回证"}, "“送达回证”已是送达回证的标题"),
        ({"number": "本环检告"}, "编号里要有 {no}"),
        ({"title": " "}, "写明文书的标题"),
        (
            {"fields": [["facility", "被检查单位"]]},
            "不能没有：检查时间、检查结果、事实和理由、处理意见、改正要求和期限",
        ),
        ({"document": " "}, "依据文件"),
        ({"valid_from": date(2026, 7, 5)}, "最早是今天"),
    ],
)
def test_a_layout_that_says_less_than_the_law_asks_for_is_not_kept(at, changes, sentence):
    at("2026-07-06 10:00")
    with pytest.raises(Refused, match=re.escape(sentence)):
        keep(make_lead_office(), **changes)
    assert not PaperLayout.objects.exists()


@pytest.mark.clause("五-2a")
def test_the_papers_carry_the_name_that_the_notice_carries(at):
    at("2026-07-06 10:00")
    inspection = make_finished(problem="吨桶未贴标签")
    body = issuer_of(inspection).body
    report, told = (papers.paper_of(inspection, kind) for kind in (PaperKind.REPORT, PaperKind.RESULT))
    assert {report.issuer, report.signed, told.unit} == {body} and body in told.right


def test_only_the_lead_office_changes_layouts(at):
    at("2026-07-06 10:00")
    with pytest.raises(Refused, match="由牵头部门登记"):
        keep(make_planner(make_unit()))


@needs_pango
def test_papers_are_for_the_circle_and_only_once_the_check_is_handed_in(client, at):
    at("2026-07-06 10:00")
    inspection = make_finished(problem="吨桶未贴标签")
    address = f"/desk/tasks/{inspection.no}/papers/record.pdf"
    planner = make_planner(inspection.unit)
    client.force_login(planner)
    assert client.get(address)["Content-Type"] == "application/pdf"
    page = client.get(f"/desk/tasks/{inspection.no}/").content.decode()
    assert address in page and address.replace("pdf", "docx") in page
    client.force_login(make_observer())
    assert client.get(address).status_code in (403, 404)

    client.force_login(planner)
    running = make_started(inspection.unit)
    answer = client.get(f"/desk/tasks/{running.no}/papers/record.pdf", follow=True)
    assert "检查提交以后生成" in answer.content.decode()


def test_the_lead_office_changes_a_layout_on_the_page(client, at):
    at("2026-07-06 10:00")
    client.force_login(make_lead_office())
    page = client.get("/desk/papers/layout/result/").content.decode()
    assert "检查结果告知书" in page
    typed = dict(re.findall(r'name="([a-z_A-Z]+)" value="([^"]*)"', page))
    typed |= {"title": "反馈单", "document": "本环发〔2026〕9 号", "opening": "", "closing": "", "place_uscc": ""}
    shown = typed | {"document": "", "preview": "1"}
    refusal = post(client, "/desk/papers/layout/result/", **{**shown, "name_items": "检查结果"})
    assert refusal.status_code == 409 and "两栏的名称都是“检查结果”" in refusal.content.decode()
    answer = post(client, "/desk/papers/layout/result/", **shown)
    words = reading.text_of(answer.content)
    assert "反馈单" in words and "样张单位" in words and "统一社会信用代码" not in words
    assert words.count("样张") > 20 and faults(answer.content) == []
    assert marks.read(scans.codes_in(answer.content)[0]) is None and not PaperLayout.objects.exists()

    del typed["preview"]
    answer = post(client, "/desk/papers/layout/result/", **typed)
    assert answer.status_code == 302, re.findall("errsum.*?</div>", answer.content.decode(), re.S)
    kept = PaperLayout.objects.get()
    assert kept.layout["title"] == "反馈单" and "uscc" not in dict(kept.layout["fields"])


@pytest.mark.clause("六(二)-f")
def test_what_the_registry_learns_after_the_check_changes_no_paper_of_it(at):
    """Name, address, legal person and code as they were on the day of the check, also against a change dated back."""
    at("2026-07-06 10:00")
    inspection = make_finished(problem="吨桶未贴标签")
    facility = inspection.facility
    was = facility.name

    def said():
        fresh = Inspection.objects.get(pk=inspection.pk)
        made = [filled.as_html(papers.paper_of(fresh, kind)) for kind in OF_A_CHECK if kind != PaperKind.REPORT]
        report = papers.paper_of(fresh, PaperKind.REPORT)
        return [*made, report]

    before = said()
    at("2026-07-08 09:00")
    facilities_actions.change_facility(
        facility=facility,
        values={
            "name": "丙改名厂",
            "uscc": credit_code(),
            "address": "搬去的地方",
            "legal_person": "后来的人",
            "former_names": [was],
        },
        version=facility.version,
        reason="企业变更登记",
        by=make_registrar(facility.unit),
    )
    assert Inspection.objects.get(pk=inspection.pk).facility.name == "丙改名厂"
    assert said() == before and was in before[0]
