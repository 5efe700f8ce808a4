"""执法证: several cards and statements, one in use; withheld, renewed, replaced (六(三)-g, -i; A-24)."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from inspections.checks import rules as inspection_rules
from plans.quotas import staff as staffing
from registry.frames import inspectors_for_roster
from registry.imports import actions as imports_actions
from registry.inspectors import actions as inspectors_actions
from registry.inspectors import certificate_actions, certificates
from registry.models import BatchKind, Inspector, InspectorCertificate, InspectorChange
from tests.factories import make_approver, make_inspector, make_planner, make_registrar, make_unit
from tests.registry.imports.test_imports import check, imported
from tests.registry.workbooks import inspector_row

pytestmark = pytest.mark.django_db
WINDOW = (date(2026, 7, 10), date(2026, 9, 25))
PDF = b"%PDF-1.7 a scan"


def enter(person, by, **facts):
    defaults = {
        "number": person.certificate_no or "21050499001",
        "kind": "NATIONAL",
        "valid_from": date(2024, 1, 1),
        "valid_to": date(2028, 12, 31),
        "reason": "对照执法证登记",
    }
    return certificate_actions.enter_certificate(inspector=person, by=by, **{**defaults, **facts})


def columns(person):
    p = Inspector.objects.get(pk=person.pk)
    return p.certificate_no, p.certificate_from, p.certificate_to, p.certificate_status


def folded(person) -> dict:
    """The columns as the history has them."""
    now = {}
    for change in InspectorChange.objects.filter(inspector=person).order_by("pk"):
        for name, (old, new) in change.values.items():
            if name in certificates.COLUMNS:
                assert now.get(name, old) == old, (name, now.get(name), old)
                now[name] = new
    return now


def bare(unit, by):
    return inspectors_actions.add_inspector(unit=unit, values={"name": "示例甲", "employment": "IN_POST"}, by=by)


@pytest.mark.clause("六(三)-g")
def test_the_columns_follow_the_statements_and_the_history_tells_every_step():
    unit = make_unit()
    by = make_registrar(unit)
    person = bare(unit, by)
    enter(person, by, number="21050400001", issuer="辽宁省人民政府", valid_to=date(2026, 12, 31))
    assert columns(person) == ("21050400001", date(2024, 1, 1), date(2026, 12, 31), "VALID")
    # A renewal of the same number without a gap prolongs the card at once.
    enter(person, by, number="21050400001", valid_from=date(2027, 1, 1), valid_to=date(2030, 12, 31))
    assert columns(person) == ("21050400001", date(2024, 1, 1), date(2030, 12, 31), "VALID")
    # A correction of the first one replaces what was said about it.
    enter(person, by, number="21050400001", valid_from=date(2024, 2, 1), valid_to=date(2026, 12, 31))
    assert columns(person) == ("21050400001", date(2024, 2, 1), date(2030, 12, 31), "VALID")
    # A card of another number that is valid today and entered later is the one in use.
    enter(person, by, number="21050400009", kind="MINISTRY", valid_to=date(2029, 5, 1))
    assert columns(person) == ("21050400009", date(2024, 1, 1), date(2029, 5, 1), "VALID")
    said = person.certificates.count()
    assert (said, len(certificates.in_force(person.certificates.all()))) == (4, 3)
    now = folded(person)
    assert (now["certificate_no"], now["certificate_from"], now["certificate_to"]) == (
        "21050400009",
        "2024-01-01",
        "2029-05-01",
    )
    kinds = set(InspectorChange.objects.filter(inspector=person).values_list("kind", flat=True))
    assert kinds == {"NEW", "CERTIFICATE"}


@pytest.mark.clause("六(三)-g", "七(五)-b")
def test_a_withheld_card_keeps_somebody_out_of_draw_count_and_visit(at):
    unit = make_unit()
    by, person = make_registrar(unit), make_inspector(unit)
    card = person.certificates.get()

    def drawn_with():
        (line,) = inspectors_for_roster(unit, None, WINDOW)
        return (
            line.out(),
            line.certified_through(WINDOW[1]),
            staffing.count(unit, draw_on=WINDOW[0], window_to=WINDOW[1]),
        )

    assert (drawn_with()[:2], drawn_with()[2].people) == (("", True), 1)
    with pytest.raises(Refused, match="不能晚于今天"):
        certificate_actions.set_certificate_status(
            certificate=card, status="SUSPENDED", on=clock.today() + timedelta(days=1), reason="考核不合格", by=by
        )
    withheld = certificate_actions.set_certificate_status(
        certificate=card, status="SUSPENDED", on=date(2026, 7, 1), reason="考核不合格", by=by
    )
    assert (drawn_with()[:2], drawn_with()[2].people) == (("NOCERT", False), 0)
    person = Inspector.objects.get(pk=person.pk)
    assert not person.certified_on(date(2026, 7, 20))
    assert "执法证已暂扣" in inspection_rules.why_not_certified([person], date(2026, 7, 20), "才能派发")
    # A correction of its dates does not give it back.
    enter(person, by, number=card.number, valid_to=date(2031, 1, 1))
    assert columns(person)[3] == "SUSPENDED"
    certificate_actions.set_certificate_status(
        certificate=withheld, status="VALID", on=date(2026, 7, 6), reason="补考合格", by=by
    )
    assert (drawn_with()[0], drawn_with()[2].people) == ("", 1)
    gone = certificate_actions.set_certificate_status(
        certificate=card, status="REVOKED", on=date(2026, 7, 6), reason="调出执法岗位", by=by
    )
    with pytest.raises(Refused, match="已注销"):
        certificate_actions.set_certificate_status(
            certificate=gone, status="VALID", on=date(2026, 7, 6), reason="恢复使用", by=by
        )
    assert drawn_with()[0] == "NOCERT"
    status = [c.values.get("certificate_status") for c in person.changes.order_by("pk")]
    assert status == [["VALID", "SUSPENDED"], None, ["SUSPENDED", "VALID"], ["VALID", "REVOKED"]]


def test_a_card_that_begins_later_takes_over_on_its_day(at):
    unit = make_unit()
    by = make_registrar(unit)
    person = bare(unit, by)
    enter(person, by, number="21050400001", valid_to=date(2026, 9, 30))
    enter(person, by, number="21050400002", valid_from=date(2026, 9, 15), valid_to=date(2030, 9, 14))
    assert columns(person)[0] == "21050400001"
    at(clock.now() + timedelta(days=71))  # 15 September
    assert certificates.turn(clock.now()) == 1
    assert columns(person) == ("21050400002", date(2026, 9, 15), date(2030, 9, 14), "VALID")
    assert certificates.turn(clock.now()) == 0
    assert folded(person)["certificate_no"] == "21050400002"


def test_a_number_belongs_to_one_person_also_after_a_new_card():
    unit = make_unit()
    by = make_registrar(unit)
    first, second = bare(unit, by), bare(unit, by)
    enter(first, by, number="21050400001")
    enter(first, by, number="21050400002")
    with pytest.raises(Refused, match="已属于另一名"):
        enter(second, by, number="21050400001")
    with pytest.raises(Refused, match="不能清空"):
        version = Inspector.objects.get(pk=first.pk).version
        inspectors_actions.change_inspector(
            inspector=first, values={"certificate_no": ""}, version=version, reason="清空证号", by=by
        )


def test_statements_are_only_added():
    said = make_inspector(make_unit()).certificates.get()
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        InspectorCertificate.objects.filter(pk=said.pk).update(number="21050499999")
    with pytest.raises(IntegrityError), transaction.atomic():
        InspectorCertificate.objects.create(
            inspector=said.inspector,
            number="21050499999",
            valid_from=date(2026, 2, 1),
            valid_to=date(2026, 1, 1),
            entered_at=clock.now(),
        )


@pytest.mark.clause("六(三)-i")
def test_an_import_states_cards_and_its_withdrawal_takes_them_back():
    unit = make_unit()
    by = make_registrar(unit)
    imported([inspector_row(name="示例甲"), {"姓名": "示例乙", "执法证号": None}], unit=unit, kind=BatchKind.INSPECTOR)
    person = Inspector.objects.get(name="示例甲")
    assert person.certificates.get().number == "21050400001"
    before = columns(person)
    certificate_actions.set_certificate_status(
        certificate=person.certificates.get(), status="SUSPENDED", on=date(2026, 7, 1), reason="年审未过", by=by
    )
    rows = [inspector_row(name="示例甲", certificate_to="2030-01-01")]
    batch = imports_actions.confirm_import(batch=check(rows, unit=unit, by=by, kind=BatchKind.INSPECTOR), by=by)
    # The workbook corrects the validity; it does not give the card back.
    assert columns(person) == ("21050400001", date(2024, 3, 1), date(2030, 1, 1), "SUSPENDED")
    imports_actions.withdraw_import(batch=batch, by=by)
    assert columns(person) == (*before[:3], "SUSPENDED")
    assert person.certificates.count() == 2
    assert folded(person)["certificate_to"] == before[2].isoformat()


def test_a_scan_is_for_the_person_the_registrar_and_the_leader(client, settings, tmp_path):
    unit = make_unit()
    person, colleague = make_inspector(unit, with_user=True), make_inspector(unit, with_user=True)
    registrar = make_registrar(unit)
    with pytest.raises(Refused, match="只收 PDF"):
        enter(person, registrar, scan=("证.pdf", b"<html>"))
    client.force_login(registrar)
    url = reverse("registry:certificate-new", args=[person.code])
    answer = client.post(
        url,
        {
            "form_key": str(uuid.uuid4()),
            "number": person.certificate_no,
            "kind": "NATIONAL",
            "valid_from": "2024-01-01",
            "valid_to": "2029-01-01",
            "reason": "补充扫描件",
            "scan": SimpleUploadedFile("证.pdf", PDF),
        },
    )
    assert answer.status_code == 302
    card = person.certificates.first()
    assert (card.scan.name, card.scan.content_type) == ("证.pdf", "application/pdf")
    url = reverse("registry:certificate-scan", args=[person.code, card.pk])
    for who, status in (
        (registrar, 200),
        (person.user, 200),
        (make_approver(unit), 200),
        (make_planner(unit), 404),
        (colleague.user, 404),
        (make_registrar(make_unit("210503")), 404),
    ):
        client.force_login(who)
        answer = client.get(url)
        assert answer.status_code == status, who
        if status == 200:
            assert answer.content == PDF and "attachment" in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(verb="registry.certificate.scan_shown").count() == 3


def test_a_change_of_dates_states_the_card_anew():
    unit = make_unit()
    by, person = make_registrar(unit), make_inspector(unit)
    inspectors_actions.change_inspector(
        inspector=person, values={"certificate_to": date(2031, 1, 1)}, version=1, reason="换发新证", by=by
    )
    assert person.certificates.first().valid_to == date(2031, 1, 1)
    assert folded(person)["certificate_to"] == "2031-01-01"
