"""Signatures below the record of a visit: given, refused, on paper, missing, overtaken (N-10; domain.md 3)."""

import base64
import json
import re
from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.demo.hand import hand
from benxi_shuangsuiji.documents import files, filled, pdf
from inspections.models import Answer, Inspection, InspectionStatus, Mode, Outcome, PaperKind, Signature
from inspections.paperwork import papers
from inspections.review import actions as review_actions
from inspections.signatures import actions, covered, marks, pages
from inspections.visits import actions as visits_actions
from tests.browsing import enter, html_of, post, refused
from tests.documents import reading
from tests.documents.reading import text_of
from tests.factories import make_approver, make_inspector
from tests.inspections.factories import (
    answer_all,
    finish,
    make_finished,
    make_inspection,
    make_started,
    sign_all,
    team_of,
)
from tests.plans.amendments.factories import PHOTO

pytestmark = pytest.mark.django_db
HAND = hand("齐某")


def concluded(**fields):
    inspection = answer_all(make_started(**fields))
    visits_actions.conclude(
        inspection=inspection,
        by=team_of(inspection)[0].user,
        outcome=Outcome.NO_ISSUE,
        finding="",
        measures="",
        rectify_by=None,
    )
    return inspection


def sign(inspection, inspector=None, **changes):
    given = {"mark": HAND, "name": "齐某", "position": "厂长", "by": team_of(inspection)[0].user, **changes}
    return actions.sign(inspection=inspection, inspector=inspector, **given)


def hand_in(inspection):
    return visits_actions.finish_visit(inspection=inspection, by=team_of(inspection)[0].user, at=clock.now())


# What is missing


def test_a_check_is_handed_in_when_everybody_has_signed():
    inspection = concluded()
    leader, member = team_of(inspection)
    with refused(f"还差现场负责人、{leader.name}、{member.name}的签名"):
        hand_in(inspection)
    sign(inspection)
    sign(inspection, leader)
    with refused(f"^还差{member.name}的签名。签在框里的，按框下面的“签好了”才算。$"):
        hand_in(inspection)
    sign(inspection, member, by=member.user)
    assert hand_in(inspection).status == InspectionStatus.FINISHED


@pytest.mark.parametrize("outcome", [Outcome.NOT_OPERATING, Outcome.REFUSED])
def test_a_visit_in_vain_has_nobody_to_sign(outcome):
    measures = "已立案" if outcome == Outcome.REFUSED else ""
    finished = finish(make_started(), signed=False, outcome=outcome, finding="厂门上锁", measures=measures)
    assert not finished.signatures.exists()


def test_an_offsite_check_is_not_signed():
    inspection = answer_all(make_started(mode=Mode.OFFSITE))
    with refused("非现场检查不用现场签名"):
        sign(inspection)
    assert finish(inspection, signed=False).status == InspectionStatus.FINISHED


# Who signs, and when


def test_nobody_signs_before_there_is_something_to_read():
    with refused("还没有开始"):
        sign(make_inspection())
    inspection = answer_all(make_started())
    with refused("先写结果"):
        sign(inspection)
    finished = make_finished()
    with refused("已经提交"):
        sign(finished)


def test_only_those_who_came_sign_and_only_the_team_holds_out_its_phone():
    inspection = concluded()
    stranger = make_inspector(inspection.unit, with_user=True)
    with refused("没有到场"):
        sign(inspection, stranger)
    with refused("检查小组成员"):
        sign(inspection, by=stranger.user)
    with refused("写明谁在签"):
        sign(inspection, name=" ")


def test_a_signature_is_neither_in_the_future_nor_before_the_arrival():
    inspection = concluded()
    with refused("晚于现在"):
        sign(inspection, at=clock.now() + timedelta(minutes=1))
    with refused("早于到场"):
        sign(inspection, at=inspection.started_at - timedelta(minutes=1))


def test_a_signature_keeps_path_picture_and_who_it_is():
    inspection = concluded()
    made = sign(inspection)
    inspection.refresh_from_db()
    assert (made.name, made.position, inspection.contact_person) == ("齐某", "厂长", "齐某")
    assert (made.path, files.read(made.drawing)) == (HAND.path, HAND.content)
    assert not any("齐某" in str(e.details) for e in AuditEntry.objects.filter(verb="inspections.signed"))


def test_signing_again_takes_the_place_of_the_first_which_is_kept():
    inspection = concluded()
    first, second = sign(inspection), sign(inspection, name="谈某")
    first.refresh_from_db()
    assert first.replaced_at == clock.now() and second.replaced_at is None
    assert Signature.objects.filter(inspection=inspection).count() == 2


# What is signed


def test_a_record_changed_after_it_was_signed_is_read_and_signed_again():
    inspection = concluded()
    sign_all(inspection)
    point = inspection.answers.first()
    visits_actions.answer_point(
        inspection=inspection, pk=point.pk, answer=Answer.NOT_APPLICABLE, by=team_of(inspection)[0].user
    )
    with refused("签名以后改过记录"):
        hand_in(inspection)
    sign_all(inspection)
    assert hand_in(inspection).status == InspectionStatus.FINISHED


def test_an_opinion_written_after_the_signature_is_signed_too():
    inspection = concluded()
    sign_all(inspection)
    visits_actions.note_opinion(inspection=inspection, by=team_of(inspection)[0].user, words="不同意")
    with refused("签名以后改过记录"):
        hand_in(inspection)


def test_a_returned_record_is_mended_without_calling_everybody_back():
    inspection = make_finished()
    review_actions.return_result(inspection=inspection, by=make_approver(inspection.unit), opinion="写明数量")
    by = team_of(inspection)[0].user
    mended = visits_actions.resubmit(
        inspection=inspection,
        by=by,
        outcome=Outcome.NO_ISSUE,
        finding="台账完整。",
        measures="",
        rectify_by=None,
        enterprise_opinion="",
    )
    assert mended.status == InspectionStatus.FINISHED


# On paper


def papers_of(inspection) -> dict[str, str]:
    """What a reader copies out of the three papers that are signed."""
    fresh = Inspection.objects.get(pk=inspection.pk)
    signed = (PaperKind.RECORD, PaperKind.CHECKLIST, PaperKind.FORM)
    return {kind: text_of(papers.made(fresh, kind, "pdf")[0]) for kind in signed}


@pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango")
@pytest.mark.clause("七(四)-5")
def test_a_signature_below_a_mended_record_says_so_on_each_paper_until_it_is_given_again(client, at):
    at("2026-07-06 10:00")
    inspection = concluded()
    leader, member = team_of(inspection)
    for inspector in (None, leader, member):
        sign(inspection, inspector)
    hand_in(inspection)
    review_actions.return_result(inspection=inspection, by=make_approver(inspection.unit), opinion="写明数量")
    at("2026-07-08 09:00")
    mended = {"outcome": Outcome.NO_ISSUE, "finding": "台账 3 本，完整。", "measures": "", "rectify_by": None}
    visits_actions.resubmit(inspection=inspection, by=leader.user, enterprise_opinion="", **mended)
    remark = "签名以后记录有改动（7月8日），没有重新签名"
    for name, words in papers_of(inspection).items():
        assert words.count(remark) == 3 and "2026年7月6日" in words, name

    submitted = f"{inspection.field_url}submit/"
    page = html_of(enter(client, leader.user).get(submitted))
    drawn = {"path": json.dumps(HAND.path), "picture": data_url(HAND.content)}
    for who, way, said in (
        ("齐某", "sign/", {"who": "somebody", "name": "齐某", "position": "厂长"}),
        (leader.name, f"sign/{leader.pk}/", {}),
        (member.name, f"sign/{member.pk}/", {}),
    ):
        assert f"{who}重新签名" in page
        assert post(client, f"{inspection.field_url}{way}", **drawn, **said).status_code == 302
    assert "重新签名" not in html_of(client.get(submitted))
    for name, words in papers_of(inspection).items():
        assert "记录有改动" not in words and words.count("2026年7月8日") >= 3, name
    with refused("签名不能再改"):
        sign(inspection)


def test_a_signature_stands_under_the_basis_of_a_problem_as_well():
    inspection = concluded()
    before = covered.digest_of(inspection)
    inspection.answers.filter(pk=inspection.answers.first().pk).update(answer="FOUND", words="少一块标志。")
    words = covered.digest_of(inspection)
    inspection.answers.filter(pk=inspection.answers.first().pk).update(found_under="《排污许可管理条例》第十七条")
    assert len({before, words, covered.digest_of(inspection)}) == 3


def test_the_check_form_shows_the_signatures_that_were_drawn_and_leaves_room_for_one_that_is_to_come():
    inspection = concluded()
    for inspector in (None, *team_of(inspection)):
        sign(inspection, inspector)
    paper = papers.paper_of(hand_in(inspection), PaperKind.FORM)
    form = filled.as_html(paper)
    assert form.count("的签名</title>") == form.count('fill="none" stroke="#000"') == 3
    assert "齐某　2026 年" in form
    written = reading.words_in_docx(filled.as_docx(paper))
    assert written.count("手写签名见PDF") == 3 and "齐某2026年" in written
    unsigned = finish(make_started(), signed=False, outcome=Outcome.NOT_OPERATING, finding="厂门上锁")
    paper = papers.paper_of(unsigned, PaperKind.FORM)
    assert "的签名</title>" not in filled.as_html(paper)
    assert "手写签名" not in reading.words_in_docx(filled.as_docx(paper))


# Refused


def refuse(inspection, **changes):
    given = {"because": "UNWILLING", "by": team_of(inspection)[0].user, **changes}
    return actions.refuse_to_sign(inspection=inspection, **given)


def test_a_refusal_stands_in_the_place_of_the_signature():
    inspection = concluded()
    with refused("选择没有签名的原因"):
        refuse(inspection, because="")
    with refused("写明没有签名的原因"):
        refuse(inspection, because="OTHER")
    with refused("见证人还没有签名"):
        refuse(inspection, witness="聂某")
    with refused("填写见证人的姓名"):
        refuse(inspection, mark=HAND)
    made = refuse(inspection, witness="聂某", witness_position="社区网格员", mark=HAND)
    assert (made.refused_because, made.witness, made.path) == ("UNWILLING", "聂某", HAND.path)
    for inspector in team_of(inspection):
        sign(inspection, inspector)
    assert hand_in(inspection).status == InspectionStatus.FINISHED


def test_without_a_witness_the_two_inspectors_sign_alone_and_who_changes_his_mind_signs():
    inspection = concluded()
    made = refuse(inspection)
    assert (made.drawing, made.witness) == (None, "")
    signed = sign(inspection)
    made.refresh_from_db()
    assert made.replaced_at and signed.replaced_at is None


# On paper


def test_a_scan_stands_for_everybody_whose_signature_is_on_it():
    inspection = concluded()
    leader, member = team_of(inspection)
    by, at = leader.user, inspection.started_at
    with refused("上传签好的笔录"):
        actions.sign_on_paper(inspection=inspection, by=by, scan=None, name="齐某", inspectors=[leader], at=at)
    with refused("选择纸上有谁的签名"):
        actions.sign_on_paper(inspection=inspection, by=by, scan=PHOTO, name="", inspectors=[], at=at)
    with refused("只收 PDF、JPG 和 PNG"):
        actions.sign_on_paper(
            inspection=inspection, by=by, scan=("笔录.txt", b"text"), name="齐某", inspectors=[leader], at=at
        )
    made = actions.sign_on_paper(
        inspection=inspection, by=by, scan=PHOTO, name="齐某", inspectors=[leader, member], at=at
    )
    assert len(made) == 3 and len({s.drawing_id for s in made}) == 1
    assert hand_in(inspection).status == InspectionStatus.FINISHED


# What a pad sends


def data_url(content):
    return marks.PNG + base64.b64encode(content).decode()


def test_a_pad_sends_strokes_and_their_picture():
    found = marks.drawn(json.dumps(HAND.path), data_url(HAND.content))
    assert (found.path, found.content) == (HAND.path, HAND.content)


@pytest.mark.parametrize(
    ("path", "picture"),
    [
        ("", data_url(HAND.content)),
        ("[]", data_url(HAND.content)),
        ("[[[1, 2]]]", data_url(HAND.content)),
        ('[[["1", 2], [3, 4]]]', data_url(HAND.content)),
        ("[[[1, 2], [3, 4, 5]]]", data_url(HAND.content)),
        ("{}", data_url(HAND.content)),
        ("no json", data_url(HAND.content)),
        ("[[[1, 2], [3, 4]]]", ""),
        ("[[[1, 2], [3, 4]]]", data_url(b"no picture")),
        ("[[[1, 2], [3, 4]]]", marks.PNG + "%%"),
        ("[" * 20_000, data_url(HAND.content)),
        ("[[[1, 2], [3, 4]]]", data_url(HAND.content + b"0" * 400_000)),
    ],
)
def test_what_is_no_signature_is_none(path, picture):
    assert marks.drawn(path, picture) is None
    assert "还没有签名" in marks.why_not_mark(marks.drawn(path, picture))


def test_a_path_is_drawn_once_more_inside_its_box():
    lines, box = pages.drawing_of([[[10, 20], [30.5, 40]]])
    assert (lines, box) == ("M10 20L30.5 40", "2 12 36.5 36")
    assert pages.drawing_of(None) == ("", "")


@pytest.mark.clause("七(五)-l")
def test_who_signs_a_page_kept_without_a_network_signs_again_what_a_colleague_changed_since():
    inspection = concluded()
    leader, other = team_of(inspection)
    read = clock.now()
    point = inspection.answers.first()
    visits_actions.answer_point(inspection=inspection, pk=point.pk, answer=Answer.NOT_APPLICABLE, by=leader.user)
    point.refresh_from_db()

    def sign_as(person, since):
        return sign(inspection, person, by=person.user, read_at=since)

    before = point.answered_at - timedelta(seconds=1)
    sign(inspection, by=leader.user, read_at=before)  # his own change came before his signature
    sign_as(leader, before)
    sign_as(other, before)
    with refused(f"^{other.name}签名以后改过记录"):
        hand_in(inspection)
    sign_as(other, max(read, point.answered_at))
    assert hand_in(inspection).status == InspectionStatus.FINISHED


def test_who_signs_again_is_not_asked_his_name_and_position_a_second_time(client):
    inspection = concluded()
    inspection.facility.contact_name = "乔某"
    inspection.facility.save()
    sign(inspection, name="齐某", position="安环部部长")
    page = html_of(enter(client, team_of(inspection)[0].user).get(f"{inspection.field_url}sign/"))
    assert 'value="齐某"' in page and 'value="安环部部长"' in page
    assert re.search(r'value="somebody"[^>]*checked', page)
