"""Who objects is sealed, forgotten when his time is over, and bound in no volume (domain.md 7.8; decision 0053)."""

import pytest
from cryptography.exceptions import InvalidTag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from benxi_shuangsuiji import sealing
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import OutgoingMail
from disclosure.models import Applicant, ApplicantKey, Objection
from disclosure.objections.forgetting import forget_due, months
from disclosure.objections.models import FORGOTTEN, subject_of
from inspections.archive import actions as archive
from inspections.archive import standing
from inspections.models import Inspection
from tests.browsing import refused, signed_in, text_of
from tests.conftest import _working
from tests.disclosure.factories import make_published_result, make_published_step
from tests.inspections.archive.test_archive import SITE, archivist
from tests.inspections.evidence.pictures import PDF

from .factories import SAID, decide, make_objection, officer_of, propose, send

pytestmark = pytest.mark.django_db
WHO = {"name": "齐修远", "phone": "024-40000009", "email": "qi@example.cn"}


def every_row() -> str:
    """What lies in the tables that hold who asked, as whoever copies the database reads it."""
    tables = ("disclosure_applicant", "disclosure_applicantkey", "notices_outgoingmail", "audit_auditentry")
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            found.append(cursor.fetchone()[0] or "")
    return " ".join(found)


@pytest.mark.clause("四(3)-f")
def test_who_asks_is_sealed_and_forgotten_twelve_months_after_the_answer(at):
    at("2026-07-06 10:00")
    client = Client()
    own = send(make_published_result(), client, **WHO)["Location"]
    objection, waiting = Objection.objects.get(), make_objection(make_published_result(), **WHO)
    assert not any(word in every_row().replace("qi@example.cn", "") for word in WHO.values())
    assert "办结满 12 个月删除" in text_of(client.get(own)) and months() == 12
    at("2026-07-08 10:00")
    decide(propose(objection))
    officer = signed_in(officer_of(objection))
    desk = f"/desk/corrections/{objection.receipt}/"
    assert all(word in text_of(officer.get(desk)) for word in WHO.values())

    at("2027-07-08 23:00")
    with pytest.raises(DatabaseError), transaction.atomic():
        ApplicantKey.objects.all().delete()  # the web destroys none
    with pytest.raises(DatabaseError, match="办结满 12 个月以后才删除"), transaction.atomic(), _working():
        ApplicantKey.objects.get(applicant__objection=waiting).delete()
    with _working():
        assert forget_due() == 0
    at("2027-07-09 10:00")
    with _working():
        assert (forget_due(), forget_due()) == (1, 0)

    assert AuditEntry.objects.filter(verb="disclosure.objection.forgotten").count() == 1
    who = Applicant.objects.get(objection=objection)
    assert (who.name, who.phone, who.email, who.is_forgotten) == (FORGOTTEN, "", "", True)
    assert Applicant.objects.get(objection=waiting).name == WHO["name"]  # of what is open nobody is forgotten
    assert not any(word in every_row() for word in WHO.values())
    assert set(OutgoingMail.objects.values_list("to", "body")) == {("", "")}
    page = text_of(officer.get(desk))
    assert FORGOTTEN in page and SAID in page and not any(word in page for word in WHO.values())
    assert officer.get(f"{desk}answer.pdf").status_code == 200
    assert "姓名、电话、邮箱已按期删除" in text_of(client.get(own))


def test_a_key_opens_its_own_row_alone_and_is_wrapped_anew_when_the_data_key_turns(settings):
    objection = make_objection(make_published_result(), **WHO)
    row, subject = Applicant.objects.get(), subject_of(objection)
    key = bytes(ApplicantKey.objects.get().key)
    assert WHO["phone"] in sealing.unseal(row.sealed, key, subject)
    with pytest.raises(InvalidTag):
        sealing.unseal(row.sealed, key, "objection:YY2026-0002")
    with pytest.raises(InvalidTag):
        sealing.unseal(row.sealed, sealing.new_key(subject), subject)
    new = "bmV3IGtleSBuZXcga2V5IG5ldyBrZXkgbmV3IGtleSE="
    old, settings.DATA_KEY = settings.DATA_KEY, new
    again = sealing.relocked(key, subject, sealing.SMALL_KEYS, old=old)
    with pytest.raises(InvalidTag):
        sealing.unseal(row.sealed, key, subject)
    assert WHO["phone"] in sealing.unseal(row.sealed, again, subject)  # what is sealed was not touched
    with pytest.raises(DatabaseError), transaction.atomic():
        ApplicantKey.objects.update(key=again)  # by the owner alone


@pytest.mark.clause("四(3)-f", "七(七)-o")
def test_an_objection_is_filed_with_the_check_that_it_concerns_without_who_asked(papers_as_text):
    result = make_published_result()
    check = Inspection.objects.select_related("unit", "facility", "draw").get(no=result.no)
    objection = make_objection(result, **WHO, files=[SimpleUploadedFile("台账.pdf", PDF)])
    of_step = make_objection(make_published_step(result), **WHO)
    assert "申诉 YY2026-0001、申诉 YY2026-0002 在办" in standing.file_of(check).holds
    with refused("在办"):
        archive.bind(check=check, site=SITE, by=archivist(check.unit))
    ruling = propose(objection, reason="核对检查笔录，记录与现场一致", document_no="本环溪更〔2026〕2号")
    decide(ruling)
    decide(propose(of_step))
    ruling.refresh_from_db()

    (line,) = [line for line in standing.file_of(check).lines if line.filed.name == "更正与申诉办理单"]
    assert [leaf.number() for leaf in line.leaves] == [objection.receipt, of_step.receipt]
    assert not standing.file_of(check).holds
    (content,) = line.leaves[0].content(SITE)
    paper = content.decode()
    digest = objection.papers.get().files.get().file.sha256
    asked = ["其他单位或个人", "申诉", "发现的问题", "申请原文 1 份，材料 1 份", digest]
    decided = ["核对检查笔录，记录与现场一致", ruling.asked_by.full_name, ruling.decided_by.full_name, "第 0 个工作日"]
    assert [words for words in (*asked, *decided) if words not in paper] == []
    assert [word for word in (*WHO.values(), SAID) if word in paper] == []
