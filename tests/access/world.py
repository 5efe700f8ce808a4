"""A small world with one thing of each kind in one unit, and the values that lead to each in an address."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import GrantRequest, KnownDevice, UnitChange
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.models import Job
from benxi_shuangsuiji.notices.models import Message, PolicyChange
from benxi_shuangsuiji.workdays.days import Quarter
from benxi_shuangsuiji.workdays.models import CalendarException
from disclosure.models import Act, ObjectionFile, YearVolume
from disclosure.revisions.models import Revision
from disclosure.statements.actions import submit
from inspections.codes.actions import report_impostor
from inspections.coordination import actions as coordination_actions
from inspections.frequency import actions as cap_actions
from inspections.indicators import counts
from inspections.indicators.facts import Scope
from inspections.models import (
    Bulletin,
    Case,
    CaseAct,
    Evidence,
    ExchangePackage,
    ExchangeRecord,
    Inspection,
    PackageRefusal,
    PlatformCode,
    PlatformDifference,
    PlatformTask,
    ProvincialReport,
    Receipt,
    Recorder,
    Referral,
    ReportFile,
    Sample,
    Signature,
    Statement,
    StatementFile,
    Swap,
    Volume,
    WorkReport,
)
from inspections.reports import figures as report_figures
from plans.amendments import actions as amend_actions
from plans.bases import actions as bases_actions
from plans.corrections import actions as correct_actions
from plans.filings import actions as filing_actions
from plans.lists import basis_changes
from plans.local import actions as local_actions
from plans.lottery import actions as lottery_actions
from plans.models import ItemList
from registry.imports import actions as imports_actions
from registry.inspectors import certificate_actions
from registry.interests import actions as interests_actions
from registry.models import (
    AbsenceKind,
    BatchKind,
    CategoryGround,
    ConflictKind,
    ConflictOfInterest,
    Ground,
    ImportBatch,
    InspectorAbsence,
    PastChecks,
    ProposalBatch,
)
from registry.proposals import actions as proposals_actions
from registry.staff_checks import actions as staff_checks_actions
from registry.tags import actions as tags_actions
from tests.disclosure.factories import make_published_result, make_revision, make_step
from tests.disclosure.objections.factories import decide, make_objection, propose
from tests.factories import (
    make_approver,
    make_city_team,
    make_lead_office,
    make_planner,
    make_registrar,
    make_unit,
    make_user,
)
from tests.inspections.evidence.pictures import PDF
from tests.inspections.evidence.pictures import photo as picture
from tests.inspections.exchange.factories import task_there
from tests.inspections.factories import link_of, make_dispatched
from tests.inspections.rectification.factories import decided, make_rectification
from tests.inspections.rectification.factories import report as report_mending
from tests.inspections.targeted.factories import make_approved, make_campaign
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import VALUES
from tests.registry.workbooks import facility_row, inspector_row, workbook

OWN, OTHER = "210504", "210503"
OF_THE_CITY = {
    Role.SUPERVISOR,
    Role.LEAD_OFFICE,
    Role.BUREAU_READER,
    Role.OBSERVER,
    Role.ADMIN_SYSTEM,
    Role.ADMIN_GRANTS,
    Role.ADMIN_AUDIT,
}


@dataclass
class World:
    """`values` maps the name of an address's argument, or "url name:argument", to a value that exists in the own unit."""

    unit: object
    other: object
    values: dict
    owner: object  # whom the personal rows (message, job) belong to


def owner_of(inspection):
    return inspection.members.first().inspector.user or make_planner(inspection.unit)


def make_exchanged(inspection, by, facility) -> dict:
    """A package to the platform with a record, one from it with a task and a difference, and a code of both sides."""
    unit, now = inspection.unit, clock.now()
    ours = ExchangePackage.objects.create(
        number=f"BXS-{unit.code}-000001",
        sender="BXS",
        unit=unit,
        digest="0" * 64,
        size=1,
        records=1,
        state="EXPORTED",
        by=by,
        at=now,
    )
    theirs = ExchangePackage.objects.create(
        number=f"MEP-{unit.code}-000001",
        sender="MEP",
        unit=unit,
        digest="0" * 64,
        size=1,
        records=1,
        state="TAKEN",
        by=by,
        at=now,
    )
    record = ExchangeRecord.objects.create(
        package=ours,
        unit=unit,
        inspection=inspection,
        kind="tasks",
        key=inspection.no,
        version=1,
        digest="0" * 64,
        state="EXPORTED",
    )
    task = PlatformTask.objects.create(
        number="PT-0815",
        unit=unit,
        facility=facility,
        content=task_there(unit, facility),
        package=theirs,
        state="WAITING",
        came_at=now,
    )
    difference = PlatformDifference.objects.create(
        unit=unit, inspection=inspection, package=theirs, kind="tasks", field="检查方式", ours="现场", theirs="非现场"
    )
    refusal = PackageRefusal.objects.create(
        unit=unit, number=f"MEP-{unit.code}-000009", digest="0" * 64, reason_code="ORDER", reason="早到", by=by, at=now
    )
    code = PlatformCode.objects.create(kind="UNIT", ours=unit.code, theirs="DW-1", entered_by=by, entered_at=now)
    return {
        "package_no": ours.number,
        "platform_no": task.number,
        "inspections:exchange-record:pk": record.pk,
        "inspections:platform-difference:pk": difference.pk,
        "inspections:exchange-code-end:pk": code.pk,
        "inspections:exchange-refusal-drop:pk": refusal.pk,
    }


def make_world() -> World:
    """Everything of the own unit up to a dispatched draw. Moves the clock."""
    unit, other = make_unit(OWN), make_unit(OTHER)
    make_city_team()
    inspections: list[Inspection] = make_dispatched(unit)
    inspection = inspections[0]
    draw = inspection.draw
    registrar = make_registrar(unit)
    facility = inspection.facility
    inspector = inspection.members.first().inspector
    leader = make_approver(unit)
    proposal = proposals_actions.propose_ground(facility=facility, kind="KF11", evidence="e", by=registrar)
    ground = CategoryGround.objects.create(
        facility=facility,
        kind=Ground.KF7,
        evidence="e",
        valid_from=date(2026, 1, 1),
        entered_by=registrar,
        approved_by=leader,
    )
    absence = InspectorAbsence.objects.create(
        inspector=inspector, kind=AbsenceKind.LEAVE, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 5)
    )
    card = certificate_actions.enter_certificate(
        inspector=inspector,
        number=inspector.certificate_no,
        kind="NATIONAL",
        valid_from=inspector.certificate_from,
        valid_to=inspector.certificate_to,
        reason="补充扫描件",
        by=registrar,
        scan=("证件.pdf", b"%PDF-1.7 scan"),
    )
    conflict = ConflictOfInterest.objects.create(
        inspector=inspector,
        facility=facility,
        kind=ConflictKind.OTHER,
        reason="r",
        valid_from=date(2027, 1, 1),
        asked_by=registrar,
        asked_at=clock.now(),
    )
    declaration = interests_actions.declare_year(inspector=inspector, none=True, by=registrar)
    staff_check = staff_checks_actions.check_staff(
        unit=unit, file_name="人事名单.xlsx", content=workbook([{"姓名": "示例甲"}]), by=registrar
    )
    batches = {
        kind: imports_actions.check_workbook(
            file_name="名录.xlsx", content=workbook([row()]), kind=kind, unit=unit, by=registrar
        )
        for kind, row in ((BatchKind.FACILITY, facility_row), (BatchKind.INSPECTOR, inspector_row))
    }
    city_list = imports_actions.check_workbook(
        file_name="全市名录.xlsx",
        content=workbook([facility_row()]),
        kind=BatchKind.KEY_LIST,
        unit=make_city_team(),
        by=make_lead_office(),
        asked={"year": 2026, "document": "d", "whole": True},
    )
    proposal_batch = ProposalBatch.objects.create(
        unit=unit,
        imported=batches[BatchKind.FACILITY],
        by_lead_office=False,
        title="导入名录",
        asked_by=registrar,
        asked_at=clock.now(),
    )
    asked = amend_actions.ask_for_amendment(
        draw=draw,
        reason="O_HALT",
        evidence="停产通知",
        by=make_planner(unit),
        picks=[inspection.pick],
        **grounds("O_HALT", inspection.pick),
    )
    planner = make_planner(unit)
    correction = correct_actions.ask_to_correct(
        draw=draw,
        values={1: VALUES["LOTTERY"].replace("80", "79")},
        reason="看成了上一期",
        evidence="开奖公告",
        scan=("公告.pdf", b"%PDF-1.7 notice"),
        by=planner,
    )
    local_actions.ask_for_ratio(
        unit=unit,
        year=2026,
        valid_from=clock.today(),
        basis_points=900,
        air_quality="优良天数比例 88%",
        pollution_sources=20,
        inspectors=4,
        area_km2=400,
        coverage_target="2027 年底查完一遍",
        by=planner,
    )
    scheme = local_actions.ask_for_scheme(
        unit=unit,
        title="随机抽查方案",
        document_no="本环分〔2026〕1号",
        issued_on=date(2026, 1, 5),
        valid_from=date(2026, 1, 5),
        file=("方案.pdf", b"%PDF-1.7 scheme"),
        by=planner,
    )
    lottery_break = lottery_actions.add_break(
        game="",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 4),
        source_document="休市公告",
        by=make_lead_office(),
    )
    filing = filing_actions.file_draw(draw=draw, record=("记录.pdf", b"%PDF-1.7 record"), by=planner)
    photo = Evidence.objects.create(
        inspection=inspection,
        kind="PHOTO",
        file=files.store(
            name="池.jpg", content=b"\xff\xd8\xff photo", content_type="image/jpeg", by=owner_of(inspection)
        ),
        small=files.store(name="小图.jpg", content=b"\xff\xd8\xff small", content_type="image/jpeg"),
        taken_at=clock.now(),
        by=owner_of(inspection),
        kept_at=clock.now(),
    )
    video = Evidence.objects.create(
        inspection=inspection,
        kind="VIDEO",
        file=photo.file,
        taken_at=clock.now(),
        by=owner_of(inspection),
        kept_at=clock.now(),
    )
    sample = Sample.objects.create(
        inspection=inspection, no="S-01", taken_at=clock.now(), by=owner_of(inspection), recorded_at=clock.now()
    )
    swap = Swap.objects.create(
        inspection=inspection,
        reason="I_LEAVE",
        evidence="假条 1 份",
        leaving=inspection.members.first().inspector,
        asked_by=owner_of(inspection),
        asked_at=clock.now(),
    )
    said = Statement.objects.create(
        inspection=inspection,
        words="台账在场",
        by_name="齐某",
        at=clock.now(),
        answer_by=date(2026, 7, 20),
    )
    StatementFile.objects.create(statement=said, file=photo.file)
    signature = Signature.objects.create(
        inspection=inspection,
        signer="RESPONSIBLE",
        name="齐某",
        drawing=photo.small,
        covers="0" * 64,
        at=clock.now(),
        by=owner_of(inspection),
        recorded_at=clock.now(),
    )
    recorder = Recorder.objects.create(unit=unit, no="BX-MS-07")
    audit = unit.registry_audits.first()
    exchanged = make_exchanged(inspection, owner_of(inspection), facility)
    owner = make_planner(unit)
    tag = tags_actions.make_tag(unit=unit, name="秋冬攻坚", by=registrar)
    run = tags_actions.put_tag(tag=tag, facilities=unit.facilities.filter(pk=facility.pk), by=registrar)
    view = tags_actions.save_view(unit=unit, query="view=key", name="重点", shared=False, by=registrar)
    targeted, campaign = make_approved(unit), make_campaign(unit, approved=False)
    cap = cap_actions.propose_cap(
        unit=unit, year=2026, category="key", max_visits=9, document="本环发〔2026〕3号", by=make_planner(unit)
    )
    account = make_user((Role.ARCHIVIST, unit), unit=unit)
    item_list = ItemList.objects.get(unit__code="210500", year=2026, version=1)
    item = item_list.items.first()
    lead = make_lead_office()
    basis = bases_actions.enter_basis(by=lead, data={"title": "示例条例", "kind": "REGULATION"}, articles=["第一条"])
    change = basis_changes.record_change(
        basis=basis, by=lead, kind="MADE", effective_on=date(2026, 8, 1), document="令", summary="施行", categories=[1]
    )
    bank = bases_actions.save_bank_point(
        by=lead, data={"category": 1, "text": "要点", "standard": "标准", "method": "", "applies_to": ""}
    )
    (instruction,) = coordination_actions.send_instructions(
        units=[unit],
        quarter=Quarter(2026, 3),
        kind="REMIND",
        to_role=Role.PLANNER,
        title="备案",
        text="报市执法队备案。",
        due=clock.today(),
        by=lead,
    )
    report = WorkReport.objects.create(
        unit=unit,
        year=2026,
        number=2,
        text={"problems": "无"},
        figures=report_figures.of_quarter(unit, Quarter(2026, 2), workdays.calendar()),
        state="ASKED",
        written_by=planner,
        written_at=clock.now(),
        asked_by=planner,
        asked_at=clock.now(),
    )
    provincial = ProvincialReport.objects.create(
        year=2026,
        number=2,
        document_no="本环报〔2026〕1号",
        sent_on=date(2026, 7, 8),
        file=filing.record,
        marked_by=lead,
        marked_at=clock.now(),
    )
    aside = Receipt.objects.create(
        id=uuid.uuid4(),
        user=owner,
        inspection=inspection,
        path=inspection.field_url,
        tapped_at=clock.now(),
        sent_at=clock.now(),
        received_at=clock.now(),
        skew=timedelta(),
        state="ASIDE",
        why="任务已换人",
        content={"fields": []},
        file=filing.record,
    )
    mending = make_rectification(unit)
    report_mending(mending, files={1: [("加药.jpg", picture())]})
    mending_file = ReportFile.objects.get()
    act = decided(mending, "EXTEND", file=("合同.pdf", PDF))
    proof = ("笔录.pdf", b"%PDF-1.7 proof")
    sealed = make_revision(
        make_published_result(unit),
        Act.REISSUE,
        ground="REVOKED",
        document_no="本环复〔2026〕3号",
        known_on=clock.today(),
        words={"finding": "设施运行正常"},
        file=proof,
    )
    verdict = make_case(sealed, planner, leader, filing.record)
    bound = Volume.objects.create(
        inspection=Inspection.objects.get(no=sealed.no),
        no="2026-明执-001",
        asked_by=owner,
        asked_at=clock.now(),
        file=filing.record,
        bound_at=clock.now(),
    )
    objected = make_objection(make_published_result(unit), files=[SimpleUploadedFile("台账.pdf", PDF)])
    statement = submit(inspection=Inspection.objects.get(no=make_published_result(unit).no), words="设备已在当天修好")
    answered = make_objection(make_published_result(unit))
    decide(propose(answered))
    YearVolume.objects.create(
        unit=unit,
        year=2026,
        no="2026-明年",
        asked_by=owner,
        asked_at=clock.now(),
        file=filing.record,
        package=filing.record,
        manifest="0" * 64,
        bound_at=clock.now(),
    )
    return World(
        unit,
        other,
        {
            "code": facility.code,
            "inspections:aside-file:receipt": aside.pk,
            "registry:inspector-*:code": inspector.code,
            "registry:absence-*:code": inspector.code,
            "registry:conflict-*:code": inspector.code,
            "registry:declaration-*:code": inspector.code,
            "registry:declaration-*:pk": declaration.pk,
            "registry:staff-check:pk": staff_check.pk,
            "registry:audit-detail:pk": audit.pk,
            "registry:absence-cancel:pk": absence.pk,
            "registry:certificate-*:code": inspector.code,
            "registry:certificate-*:pk": card.pk,
            "registry:ground-*:pk": ground.pk,
            "registry:proposal-*:pk": proposal.pk,
            "registry:proposal-batch:pk": proposal_batch.pk,
            "registry:absence-end:pk": absence.pk,
            "registry:facility-tag-change:pk": tag.pk,
            "registry:facility-tag-undo:pk": run.pk,
            "registry:facility-view-delete:pk": view.pk,
            "registry:conflict-*:pk": conflict.pk,
            "registry:facility-import-*:pk": batches[BatchKind.FACILITY].pk,
            "registry:inspector-import-*:pk": batches[BatchKind.INSPECTOR].pk,
            "registry:facility-city-import-*:pk": city_list.pk,
            "plans:itemlist-import-*:pk": ImportBatch.objects.create(
                kind=BatchKind.ITEM,
                unit=item_list.unit,
                file=batches[BatchKind.FACILITY].file,
                asked={"list": item_list.pk},
                counts=batches[BatchKind.FACILITY].counts,
                uploaded_by=lead,
                uploaded_at=clock.now(),
            ).pk,
            **exchanged,
            "notices:message-open:pk": Message.objects.create(user=owner, title="t", created_at=clock.now()).pk,
            "documents:*:pk": Job.objects.create(
                kind="check_forms", title="t", requested_by=owner, requested_at=clock.now()
            ).pk,
            "unit": unit.code,
            "plans:item*:unit": "210500",
            "accounts:account-*:pk": account.pk,
            "accounts:device-end:pk": KnownDevice.objects.create(
                user=owner,
                digest="0" * 64,
                label="安卓手机",
                first_at=clock.now(),
                seen_at=clock.now(),
                signed_in_at=clock.now(),
            ).pk,
            "accounts:account-grant-end:grant": account.grants.get().pk,
            "accounts:grant-request:pk": GrantRequest.objects.create(
                permissions=Permission.SEE_LOG,
                reason="复核记录",
                asked_by=owner,
                asked_at=clock.now(),
                state="RETURNED",  # one that waits is raced (`failing.of_accounts`)
                decided_by=lead,
                decided_at=clock.now(),
                opinion="由监督员复核",
            ).pk,
            "year": 2026,
            "workdays:workday-restore:pk": CalendarException.objects.create(
                day=date(2027, 3, 3),
                is_workday=False,
                name="n",
                source_document="d",
                entered_at=clock.now(),
            ).pk,
            "registry:past-detail:pk": make_past_checks(unit, registrar).pk,
            "notices:policy-decide:pk": PolicyChange.objects.create(
                parameter="publish_within_workdays",
                value=15,
                effective_from=date(2027, 1, 1),
                source_document="d",
                proposed_by=owner,
                proposed_at=clock.now(),
            ).pk,
            "version": 1,
            "plans:item-*:code": item.code,
            "inspections:correction-*:pk": correction.pk,
            "plans:basis-*:pk": basis.pk,
            "plans:basis-change-detail:pk": change.pk,
            "plans:bank-*:pk": bank.pk,
            "quarter": "2026q3",
            "help:chapter:chapter": "词语",
            "draw_id": draw.draw_id,
            "no": inspection.no,
            "inspections:archive-*:no": bound.inspection.no,
            "part": bound.part,
            "inspections:evidence-*:pk": photo.pk,
            "inspections:evidence-video:pk": video.pk,
            "inspections:field-strike:pk": photo.pk,
            "inspections:field-strike-sample:pk": sample.pk,
            "inspections:signature-file:pk": signature.pk,
            "inspections:field-sign-inspector:inspector": inspector.pk,
            "inspections:recorder-edit:pk": recorder.pk,
            "inspections:visit-*:code": inspection.visit_code,
            "inspections:impostor-report:pk": report_impostor(unit=unit, inspection=inspection, words="证号对不上").pk,
            "inspections:unit-phone:unit": unit.code,
            "inspections:statement*:pk": said.pk,
            "inspections:enterprise-receipt:pk": said.pk,
            "inspections:enterprise-paper:kind": "record",
            "token": link_of(inspection).token,
            "inspections:draw-replacement*:pk": asked.pk,
            "inspections:frequency-cap:pk": cap.pk,
            "inspections:bulletin-*:pk": make_bulletin(unit, lead).pk,
            "inspections:bulletin-paper:way": "pdf",
            "inspections:campaign-decide:pk": campaign.pk,
            "check_no": targeted.no,
            "case_no": verdict.case.no,
            "inspections:case-act-file:pk": verdict.pk,
            "referral_no": make_referral(sealed, planner, leader).no,
            "inspections:referral-letter:way": "pdf",
            "disclosure:yearbook-file:way": "pdf",
            "disclosure:yearbook-file:part": 0,
            "instruction_no": instruction.no,
            "report_no": report.no,
            "inspections:report-*:pk": report.pk,
            "inspections:provincial-file:pk": provincial.pk,
            "inspections:provincial-columns:sheet": "units",
            "n": 1,
            "k": 17,
            "plans:local-*:kind": "ratio",
            "plans:local-file:version": scheme.version,
            "plans:lottery-*:pk": lottery_break.pk,
            "plans:filing-*:pk": filing.pk,
            "disclosure:filing-*:pk": filing.pk,
            "inspections:paper-layout:kind": "record",
            "inspections:paper:kind": "record",
            "inspections:paper:way": "pdf",
            "inspections:task-swap-form:way": "pdf",
            "inspections:task-swap-form:pk": swap.pk,
            "inspections:draw-replacement-form:way": "pdf",
            "disclosure:portal-package:kind": "plan",
            "disclosure:portal-package:no": f"{unit.code}-2026Q3",
            "inspections:rectification*:no": mending.inspection.no,
            "inspections:rectification-file:pk": mending_file.pk,
            "inspections:rectification-small:pk": mending_file.pk,
            "inspections:rectification-act-file:pk": act.pk,
            "inspections:rectification-paper:pk": act.pk,
            "inspections:enterprise-rectified:token": link_of(mending.inspection).token,
            "inspections:enterprise-rectified:pk": mending_file.line.report_id,
            "inspections:enterprise-rectify:token": link_of(mending.inspection).token,
            "inspections:enterprise-order:token": link_of(mending.inspection).token,
            "disclosure:statement-*:no": statement.no,
            "accounts:contact-edit:unit": unit.code,
            "accounts:unit-rename:unit": unit.code,
            "accounts:unit-close:unit": unit.code,
            "accounts:unit-*:pk": make_unit_change(unit).pk,
            "disclosure:objection-*:receipt": objected.receipt,
            "disclosure:objection-paper:receipt": answered.receipt,
            "disclosure:objection-file:pk": ObjectionFile.objects.get().pk,
            "disclosure:followup:no": make_step(sealed).no,
            "disclosure:publish-confirm:no": sealed.no,
            "disclosure:*-REGISTER:no": f"{unit.code}-2026Q3",
            "disclosure:roster:no": f"{unit.code}-2026Q3",
            "disclosure:publish-detail:kind": "plan",
            "disclosure:publish-detail:no": f"{unit.code}-2026Q3",
            "disclosure:revision:kind": "result",
            "disclosure:revision:no": sealed.no,
            "disclosure:revision-file:kind": "result",
            "disclosure:revision-file:no": sealed.no,
            "disclosure:revision-file:pk": Revision.objects.get(publication__no=sealed.no).pk,
            "disclosure:revision-paper:kind": "result",
            "disclosure:revision-paper:no": sealed.no,
            "disclosure:revision-paper:pk": Revision.objects.get(publication__no=sealed.no).pk,
            "disclosure:withdrawn-text:kind": "result",
            "disclosure:withdrawn-text:no": sealed.no,
        },
        owner,
    )


def make_unit_change(unit) -> UnitChange:
    """A new name of the unit that waits for the grants administrator."""
    return UnitChange.objects.create(
        kind="RENAME",
        unit=unit,
        values={"name": "改了名的分局", "short_name": "改名分局", "seal_name": "", "division_code": unit.division_code},
        effective_from=clock.today() + timedelta(days=200),
        document="关于机构名称的通知",
        asked_by=make_user((Role.ADMIN_SYSTEM, make_city_team())),
        asked_at=clock.now(),
    )


def make_bulletin(unit, by) -> Bulletin:
    """An evaluation of the unit that waits for its words."""
    return Bulletin.objects.create(
        kind="YEAR",
        office=unit,
        unit=unit,
        year=2026,
        figures={"figures": [], "counts": counts.of_unit(Scope.of([unit], 2026), unit.pk)},
        made_by=by,
        made_at=clock.now(),
    )


def make_case(result, by, leader, file) -> CaseAct:
    """A signed decision in the case of the check whose result this is."""
    check, asked = Inspection.objects.get(no=result.no), {"asked_by": by, "asked_at": clock.now()}
    said = {"origin": "RESULT", "matter": "m", "basis": "b", **asked}
    case = Case.objects.create(no=f"{check.unit.code}-2026-L001", inspection=check, **said)
    case.decide("APPROVED", by=leader, at=clock.now(), document_no="某立〔2026〕1号", filed_on=clock.today())
    act = CaseAct.objects.create(case=case, kind="VERDICT", verdict="MINOR", reason="r", **asked)
    said = {"document_no": "某罚〔2026〕1号", "effective_on": clock.today(), "file": file}
    act.decide("APPROVED", by=leader, at=clock.now(), **said)
    return act


def make_referral(result, by, leader) -> Referral:
    """Approved, so that there is a letter."""
    check = Inspection.objects.get(no=result.no)
    said = {
        "kind": "DEPARTMENT",
        "body": "某局",
        "matter": "m",
        "basis": "b",
        "enclosed": "e",
        "found_on": clock.today(),
    }
    no = f"{check.unit.code}-2026-Y001"
    referral = Referral.objects.create(no=no, inspection=check, **said, asked_by=by, asked_at=clock.now())
    referral.decide("APPROVED", by=leader, at=clock.now(), document_no="某移〔2026〕1号")
    return referral


def make_past_checks(unit, by) -> PastChecks:
    """A workbook of checks from before first use, which waits for its approval."""
    batch = ImportBatch.objects.create(
        kind=BatchKind.HISTORY,
        unit=unit,
        file=files.store(content=b"PK", name="历史检查.xlsx", content_type=files.XLSX, by=by),
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    return PastChecks.objects.create(batch=batch, unit=unit, asked_by=by, asked_at=clock.now())


def cast(world: World) -> dict[str, object]:
    """One account per role in the own unit, and the same in the other; city roles at the city team."""
    team = make_city_team()
    people = {}
    for role in Role:
        if role in OF_THE_CITY:
            people[f"city {role}"] = make_user((role, team))
        else:
            people[f"own {role}"] = make_user((role, world.unit))
            people[f"other {role}"] = make_user((role, world.other))
    return people
