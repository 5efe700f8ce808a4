from django.urls import path, register_converter

from inspections.acceptance import views as acceptance_views
from inspections.approvals import views as approval_views
from inspections.archive import views as archive_views
from inspections.bulletins import views as bulletin_views
from inspections.campaigns import views as campaigns_views
from inspections.cases import views as case_views
from inspections.checks import views as checks_views
from inspections.closing import views as closing_views
from inspections.codes import feedback_views
from inspections.codes import views as code_views
from inspections.coordination import views as coordination_views
from inspections.corrections import views as correction_views
from inspections.coverage import views as gap_views
from inspections.credit import views as credit_views
from inspections.desk import views as desk_views
from inspections.dispatch import views as dispatch_views
from inspections.enterprise import statement_views
from inspections.enterprise import views as enterprise_views
from inspections.evidence import views as evidence_views
from inspections.exchange import views as exchange_views
from inspections.fairness import views as fairness_views
from inspections.frequency import views as frequency_views
from inspections.indicators import views as indicator_views
from inspections.offsite import views as offsite_views
from inspections.onsite import views as onsite_views
from inspections.outbox import views as outbox_views
from inspections.oversight import analysis_views
from inspections.oversight import views as oversight_views
from inspections.paperwork import views as paper_views
from inspections.privacy import views as privacy_views
from inspections.rectification import report_views as rectification_report_views
from inspections.rectification import views as rectification_views
from inspections.referrals import views as referral_views
from inspections.replacements import views as replacement_views
from inspections.reports import provincial_views
from inspections.reports import views as report_views
from inspections.review import views as review_views
from inspections.selfcheck import views as selfcheck_views
from inspections.service import views as service_views
from inspections.signatures import views as signature_views
from inspections.swaps import views as swap_views
from inspections.targeted import views as targeted_views
from inspections.trace import views as trace_views
from inspections.visits import adopt_views, arrival_views, end_views, sheet_views
from inspections.visits import views as field_views
from inspections.withholding import views as withholding_views


class PaperWay:
    """A paper as PDF or as Word."""

    regex = "pdf|docx"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


class ReportNo:
    """210504-2026Q1 of a quarter, 210504-2026 of a year; nothing else is a report."""

    regex = r"[0-9A-Za-z]{1,16}-20[0-9]{2}(?:[Qq][1-4])?"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


register_converter(ReportNo, "report_no")
register_converter(PaperWay, "paper_way")

app_name = "inspections"
urlpatterns = [
    path("desk/", desk_views.desk_home, name="desk-home"),
    path("desk/urge/", desk_views.urge, name="desk-urge"),
    path("field/", field_views.field_tasks, name="field-tasks"),
    path("field/worker.js", outbox_views.worker, name="field-worker"),
    path("field/outbox/", outbox_views.outbox, name="field-outbox"),
    path("field/outbox/state/", outbox_views.outbox_state, name="field-outbox-state"),
    path("field/outbox/drop/", outbox_views.drop, name="field-outbox-drop"),
    path("field/conflicts/", outbox_views.conflicts, name="field-conflicts"),
    path("field/sign-out/", outbox_views.sign_out, name="field-sign-out"),
    path("field/signed-out/", outbox_views.signed_out, name="field-signed-out"),
    path("field/unkept/", outbox_views.unkept, name="field-unkept"),
    path("field/<slug:no>/arrive/", arrival_views.field_arrive, name="field-arrive"),
    path("field/<slug:no>/check/", sheet_views.field_checklist, name="field-checklist"),
    path("field/<slug:no>/check/<int:n>/", sheet_views.field_check, name="field-check"),
    path("field/<slug:no>/", acceptance_views.field_task, name="field-task"),
    path("field/<slug:no>/accept/", acceptance_views.field_accept, name="field-accept"),
    path("field/<slug:no>/dossier/", acceptance_views.field_dossier, name="field-dossier"),
    path("field/<slug:no>/dossier/read/", acceptance_views.field_dossier_read, name="field-dossier-read"),
    path("field/<slug:no>/dossier/safety/", acceptance_views.field_safety, name="field-safety"),
    path("field/<slug:no>/approval/", approval_views.field_approval, name="field-approval"),
    path("field/<slug:no>/day/", approval_views.field_day, name="field-day"),
    path("field/<slug:no>/code/", service_views.field_code, name="field-code"),
    path("field/<slug:no>/replace/", replacement_views.field_replace, name="field-replace"),
    path("field/<slug:no>/onsite/", onsite_views.field_onsite, name="field-onsite"),
    path("field/<slug:no>/looks/", offsite_views.field_looks, name="field-looks"),
    path("field/<slug:no>/evidence/", evidence_views.field_evidence, name="field-evidence"),
    path("field/<slug:no>/recorder/", evidence_views.field_recorder, name="field-recorder"),
    path("field/<slug:no>/recorder/stop/", evidence_views.field_recorder_stop, name="field-recorder-stop"),
    path("field/<slug:no>/recorder/run/", evidence_views.field_recorder_run, name="field-recorder-run"),
    path("field/<slug:no>/recorder/gap/", evidence_views.field_recorder_gap, name="field-recorder-gap"),
    path("field/<slug:no>/samples/", evidence_views.field_samples, name="field-samples"),
    path("field/<slug:no>/evidence/<int:pk>/strike/", evidence_views.field_strike, name="field-strike"),
    path("field/<slug:no>/samples/<int:pk>/strike/", evidence_views.field_strike_sample, name="field-strike-sample"),
    path("field/<slug:no>/finish/", end_views.field_finish, name="field-finish"),
    path("field/<slug:no>/read/", end_views.field_read, name="field-read"),
    path("field/<slug:no>/sign/", signature_views.field_sign, name="field-sign"),
    path("field/<slug:no>/sign/<int:inspector>/", signature_views.field_sign_inspector, name="field-sign-inspector"),
    path("field/<slug:no>/refuse/", signature_views.field_refuse, name="field-refuse"),
    path("field/<slug:no>/paper/", signature_views.field_paper, name="field-paper"),
    path("field/<slug:no>/platform/", adopt_views.field_adopt, name="field-adopt"),
    path("field/<slug:no>/submit/", end_views.field_submit, name="field-submit"),
    path("field/<slug:no>/note/", end_views.field_note, name="field-note"),
    path("desk/tasks/", checks_views.task_list, name="task-list"),
    path("desk/tasks/urge/", acceptance_views.task_urge, name="task-urge"),
    path("desk/tasks/forms/", checks_views.forms_pack, name="forms-pack"),
    path("desk/tasks/unfinished/", gap_views.unfinished, name="unfinished"),
    path("desk/tasks/unfinished/export.xlsx", gap_views.unfinished_export, name="unfinished-export"),
    path("desk/tasks/coverage/", gap_views.coverage, name="coverage"),
    path("desk/tasks/coverage/export.xlsx", gap_views.coverage_export, name="coverage-export"),
    path("desk/tasks/targeted/", targeted_views.targeted_list, name="targeted-list"),
    path("desk/tasks/targeted/new/", targeted_views.targeted_new, name="targeted-new"),
    path("desk/tasks/targeted/export.xlsx", targeted_views.targeted_export, name="targeted-export"),
    path("desk/tasks/targeted/kinds/", targeted_views.targeted_kinds, name="targeted-kinds"),
    path("desk/tasks/targeted/<slug:check_no>/", targeted_views.targeted_detail, name="targeted-detail"),
    path("desk/tasks/targeted/<slug:check_no>/join/", targeted_views.targeted_join, name="targeted-join"),
    path("desk/tasks/<slug:no>/join/", targeted_views.task_join, name="task-join"),
    path("desk/tasks/campaigns/", campaigns_views.targeted_campaigns, name="targeted-campaigns"),
    path("desk/tasks/campaigns/<int:pk>/decide/", campaigns_views.campaign_decide, name="campaign-decide"),
    path("desk/cases/", case_views.case_list, name="case-list"),
    path("desk/cases/new/", case_views.case_new, name="case-new"),
    path("desk/cases/<slug:case_no>/", case_views.case, name="case"),
    path("desk/cases/<slug:case_no>/filing.pdf", case_views.case_filing, name="case-filing"),
    path("desk/cases/<slug:case_no>/acts/<int:pk>/file/", case_views.case_act_file, name="case-act-file"),
    path("desk/referrals/", referral_views.referral_list, name="referral-list"),
    path("desk/referrals/new/", referral_views.referral_new, name="referral-new"),
    path("desk/referrals/<slug:referral_no>/", referral_views.referral, name="referral"),
    path(
        "desk/referrals/<slug:referral_no>/letter.<paper_way:way>",
        referral_views.referral_letter,
        name="referral-letter",
    ),
    path("desk/exchange/", exchange_views.exchange, name="exchange"),
    path("desk/exchange/make/", exchange_views.exchange_make, name="exchange-make"),
    path("desk/exchange/sheet.xlsx", exchange_views.exchange_sheet, name="exchange-sheet"),
    path("desk/exchange/import/", exchange_views.exchange_import, name="exchange-import"),
    path("desk/exchange/packages/<slug:package_no>/", exchange_views.exchange_package, name="exchange-package"),
    path("desk/exchange/packages/<slug:package_no>/again/", exchange_views.exchange_again, name="exchange-again"),
    path("desk/exchange/packages/<slug:package_no>/answer/", exchange_views.exchange_answer, name="exchange-answer"),
    path("desk/exchange/refusals/<int:pk>/drop/", exchange_views.exchange_refusal_drop, name="exchange-refusal-drop"),
    path("desk/exchange/records/<int:pk>/", exchange_views.exchange_record, name="exchange-record"),
    path("desk/exchange/tasks/<str:platform_no>/", exchange_views.platform_task, name="platform-task"),
    path(
        "desk/exchange/tasks/<str:platform_no>/decline/",
        exchange_views.platform_task_decline,
        name="platform-task-decline",
    ),
    path("desk/exchange/differences/<int:pk>/", exchange_views.platform_difference, name="platform-difference"),
    path("desk/exchange/settings/", exchange_views.exchange_settings, name="exchange-settings"),
    path("desk/exchange/codes/", exchange_views.exchange_codes, name="exchange-codes"),
    path("desk/exchange/codes/<int:pk>/end/", exchange_views.exchange_code_end, name="exchange-code-end"),
    path("desk/credit/", credit_views.credit, name="credit"),
    path("desk/credit/export.xlsx", credit_views.credit_export, {"format": "XLSX"}, name="credit-xlsx"),
    path("desk/credit/export.json", credit_views.credit_export, {"format": "JSON"}, name="credit-json"),
    path("desk/frequency/", frequency_views.frequency_list, name="frequency-list"),
    path("desk/frequency/export.xlsx", frequency_views.frequency_export, name="frequency-export"),
    path("desk/frequency/caps/<int:pk>/decide/", frequency_views.cap_decide, name="frequency-cap"),
    path("desk/objects/<str:code>/frequency/", frequency_views.facility_frequency, name="facility-frequency"),
    path("desk/approvals/", approval_views.approval_list, name="approval-list"),
    path("desk/approvals/late/", approval_views.approval_late, name="approval-late"),
    path("desk/approvals/chains/", approval_views.approval_chains, name="approval-chains"),
    path("desk/tasks/<slug:no>/", checks_views.task_detail, name="task-detail"),
    path("desk/tasks/<slug:no>/looks.pdf", offsite_views.looks_paper, name="looks-paper"),
    path("desk/tasks/<slug:no>/trace/", trace_views.task_trace, name="task-trace"),
    path("desk/tasks/<slug:no>/trace.pdf", trace_views.task_trace_paper, name="task-trace-paper"),
    path("desk/tasks/<slug:no>/approval/", approval_views.task_approval, name="task-approval"),
    path("desk/tasks/<slug:no>/onsite/", onsite_views.task_onsite, name="task-onsite"),
    path("desk/tasks/<slug:no>/swaps/", swap_views.swaps, name="task-swaps"),
    path("desk/tasks/<slug:no>/withholding/", withholding_views.withholding, name="withholding"),
    path("desk/tasks/<slug:no>/withholding/lift/", withholding_views.withholding_lift, name="withholding-lift"),
    path("desk/tasks/<slug:no>/swaps/<int:pk>.<paper_way:way>", swap_views.swap_form, name="task-swap-form"),
    path("desk/papers/", paper_views.paper_layouts, name="paper-layouts"),
    path("desk/papers/layout/<slug:kind>/", paper_views.paper_layout, name="paper-layout"),
    path("desk/papers/words/", service_views.number_words, name="number-words"),
    path("desk/papers/scans/", paper_views.scan_heap, name="scan-heap"),
    path("desk/tasks/<slug:no>/papers/scan/", paper_views.paper_scan, name="paper-scan"),
    path("desk/tasks/<slug:no>/papers/<slug:kind>.<paper_way:way>", paper_views.paper, name="paper"),
    path("desk/tasks/<slug:no>/names/", privacy_views.names_keep, name="names-keep"),
    path("desk/tasks/<slug:no>/review/", review_views.task_review, name="task-review"),
    path("desk/tasks/<slug:no>/evidence/<int:pk>/", evidence_views.evidence_file, name="evidence-file"),
    path("desk/tasks/<slug:no>/evidence/<int:pk>/small.jpg", evidence_views.evidence_small, name="evidence-small"),
    path("desk/tasks/<slug:no>/evidence/<int:pk>/video", evidence_views.evidence_video, name="evidence-video"),
    path("desk/recorders/", evidence_views.recorder_list, name="recorder-list"),
    path("desk/recorders/new/", evidence_views.recorder_new, name="recorder-new"),
    path("desk/recorders/<int:pk>/", evidence_views.recorder_edit, name="recorder-edit"),
    path("desk/tasks/<slug:no>/aside/<uuid:receipt>/", outbox_views.aside_file, name="aside-file"),
    path("desk/tasks/<slug:no>/file/", checks_views.outcome_file, name="outcome-file"),
    path("desk/tasks/<slug:no>/signatures/<int:pk>/", signature_views.signature_file, name="signature-file"),
    path("desk/tasks/<slug:no>/served/", service_views.result_served, name="result-served"),
    path("desk/tasks/<slug:no>/link/", feedback_views.link_renew, name="link-renew"),
    path("desk/papers/body/", service_views.paper_body, name="paper-body"),
    path("desk/feedback/", feedback_views.feedback, name="feedback"),
    path("desk/feedback/<int:pk>/", feedback_views.impostor_report, name="impostor-report"),
    path("desk/feedback/phones/<str:unit>/", feedback_views.unit_phone, name="unit-phone"),
    path("v/", code_views.code_entry, name="code-entry"),
    path("v/report/", code_views.impostor_new, name="impostor-new"),
    path("v/<str:code>/", code_views.visit_check, name="visit-check"),
    path("v/<str:code>/report/", code_views.visit_report, name="visit-report"),
    path("v/<str:code>/rate/", code_views.visit_rate, name="visit-rate"),
    path("e/<str:token>/", enterprise_views.enterprise, name="enterprise"),
    path("e/<str:token>/papers/<slug:kind>.pdf", enterprise_views.enterprise_paper, name="enterprise-paper"),
    path("e/<str:token>/rectify/", rectification_report_views.enterprise_rectify, name="enterprise-rectify"),
    path(
        "e/<str:token>/rectify/<int:pk>/", rectification_report_views.enterprise_rectified, name="enterprise-rectified"
    ),
    path("e/<str:token>/rectify/order.pdf", rectification_report_views.enterprise_order, name="enterprise-order"),
    path("e/<str:token>/statement/", enterprise_views.enterprise_state, name="enterprise-state"),
    path("e/<str:token>/statement/<int:pk>/", enterprise_views.enterprise_receipt, name="enterprise-receipt"),
    path("desk/tasks/<slug:no>/statements/<int:pk>/", statement_views.statement, name="statement"),
    path(
        "desk/tasks/<slug:no>/statements/<int:pk>/files/<int:n>/", statement_views.statement_file, name="statement-file"
    ),
    path("desk/followups/", rectification_views.rectifications, name="rectifications"),
    path("desk/followups/<slug:no>/", rectification_views.rectification, name="rectification"),
    path("desk/followups/<slug:no>/again/", rectification_views.rectification_again, name="rectification-again"),
    path("desk/followups/<slug:no>/order.pdf", rectification_views.rectification_order, name="rectification-order"),
    path("desk/followups/<slug:no>/files/<int:pk>/", rectification_views.rectification_file, name="rectification-file"),
    path(
        "desk/followups/<slug:no>/files/<int:pk>/small.jpg",
        rectification_views.rectification_file,
        {"small": True},
        name="rectification-small",
    ),
    path(
        "desk/followups/<slug:no>/acts/<int:pk>/file/",
        rectification_views.rectification_act_file,
        name="rectification-act-file",
    ),
    path(
        "desk/followups/<slug:no>/acts/<int:pk>.pdf",
        rectification_views.rectification_paper,
        name="rectification-paper",
    ),
    path("desk/draws/<slug:draw_id>/dispatch/", dispatch_views.draw_dispatch, name="draw-dispatch"),
    path("desk/draws/<slug:draw_id>/correct/", correction_views.draw_correct, name="draw-correct"),
    path("desk/draws/<slug:draw_id>/correct/<int:pk>/scan/", correction_views.correction_scan, name="correction-scan"),
    path("desk/draws/<slug:draw_id>/amend/", replacement_views.replacement_list, name="draw-replacements"),
    path("desk/draws/<slug:draw_id>/amend/<int:pk>/", replacement_views.replacement_detail, name="draw-replacement"),
    path(
        "desk/draws/<slug:draw_id>/amend/<int:pk>/file/",
        replacement_views.replacement_file,
        name="draw-replacement-file",
    ),
    path(
        "desk/draws/<slug:draw_id>/amend/<int:pk>/form.<paper_way:way>",
        replacement_views.replacement_form,
        name="draw-replacement-form",
    ),
    path("desk/analysis/", analysis_views.analysis, name="analysis"),
    path("desk/analysis/export.xlsx", analysis_views.analysis_export, name="analysis-export"),
    path("desk/coordination/", coordination_views.coordination_list, name="coordination-list"),
    path("desk/coordination/new/", coordination_views.coordination_new, name="coordination-new"),
    path("desk/coordination/export.xlsx", coordination_views.coordination_export, name="coordination-export"),
    path(
        "desk/coordination/<slug:instruction_no>/", coordination_views.coordination_detail, name="coordination-detail"
    ),
    path("desk/bulletins/", bulletin_views.bulletin_list, name="bulletin-list"),
    path("desk/bulletins/make/", bulletin_views.bulletin_make, name="bulletin-make"),
    path("desk/bulletins/<int:pk>/", bulletin_views.bulletin_detail, name="bulletin-detail"),
    path("desk/bulletins/<int:pk>/<paper_way:way>/", bulletin_views.bulletin_paper, name="bulletin-paper"),
    path("desk/statistics/", bulletin_views.statistics_page, name="statistics"),
    path("desk/statistics/export.xlsx", bulletin_views.statistics_export, name="statistics-export"),
    path("desk/trend/", bulletin_views.trend, name="trend"),
    path("desk/fairness/", fairness_views.fairness, name="fairness"),
    path("desk/fairness/export.xlsx", fairness_views.fairness_export, name="fairness-export"),
    path("desk/indicators/", indicator_views.indicator_list, name="indicator-list"),
    path("desk/indicators/k<int:k>/", indicator_views.indicator_rows, name="indicator-rows"),
    path("desk/indicators/trend/", indicator_views.indicator_trend, name="indicator-trend"),
    path("desk/archive/", archive_views.archive_list, name="archive-list"),
    path("desk/archive/bind/", archive_views.archive_bind_ready, name="archive-bind-ready"),
    path("desk/archive/shelves/", archive_views.archive_shelves, name="shelf-list"),
    path("desk/archive/transfer.pdf", archive_views.archive_transfer, {"way": "pdf"}, name="archive-transfer-pdf"),
    path("desk/archive/transfer.xlsx", archive_views.archive_transfer, {"way": "xlsx"}, name="archive-transfer-xlsx"),
    path("desk/archive/<slug:no>/", archive_views.archive_file, name="archive-file"),
    path("desk/archive/<slug:no>/bind/", archive_views.archive_bind, name="archive-bind"),
    path("desk/archive/<slug:no>/urge/", archive_views.archive_urge, name="archive-urge"),
    path("desk/archive/<slug:no>/add/", archive_views.archive_add, name="archive-add"),
    path("desk/archive/<slug:no>/supplement/", archive_views.archive_supplement, name="archive-supplement"),
    path("desk/archive/<slug:no>/requests/", archive_views.archive_requests, name="archive-requests"),
    path("desk/archive/<slug:no>/cover.pdf", archive_views.archive_front, {"sheet": "cover"}, name="archive-cover"),
    path(
        "desk/archive/<slug:no>/catalogue.pdf",
        archive_views.archive_front,
        {"sheet": "catalogue"},
        name="archive-catalogue",
    ),
    path("desk/archive/<slug:no>/volume-<int:part>.pdf", archive_views.archive_volume, name="archive-volume"),
    path("desk/archive/<slug:no>/paper-<int:n>.pdf", archive_views.archive_paper, name="archive-paper"),
    path("desk/reports/", report_views.report_list, name="report-list"),
    path("desk/reports/<int:pk>/receive/", report_views.report_receive, name="report-receive"),
    path("desk/reports/<int:pk>/return/", report_views.report_return, name="report-return"),
    path("desk/reports/<report_no:report_no>/", report_views.report_detail, name="report-detail"),
    path(
        "desk/reports/<report_no:report_no>/report.pdf", report_views.report_paper, {"form": "pdf"}, name="report-pdf"
    ),
    path(
        "desk/reports/<report_no:report_no>/report.docx",
        report_views.report_paper,
        {"form": "docx"},
        name="report-docx",
    ),
    path("desk/city/years/", report_views.rollup_years, name="rollup-years"),
    path("desk/city/years/<int:year>/closing/", closing_views.year_closing, name="year-closing"),
    path("desk/city/provincial/", provincial_views.rollup_provincial, name="rollup-provincial"),
    path("desk/city/provincial/columns/<slug:sheet>/", provincial_views.provincial_columns, name="provincial-columns"),
    path("desk/city/provincial/export.xlsx", provincial_views.provincial_export, name="provincial-export"),
    path("desk/city/provincial/<int:pk>/data.xlsx", provincial_views.provincial_file, name="provincial-file"),
    path("desk/city/self-check/", selfcheck_views.selfcheck, name="selfcheck"),
    path("desk/city/self-check/export.xlsx", selfcheck_views.selfcheck_export, name="selfcheck-export"),
    path("desk/city/self-check/paper.pdf", selfcheck_views.selfcheck_paper, name="selfcheck-paper"),
    path("desk/city/self-check/others/", selfcheck_views.selfcheck_others, name="selfcheck-others"),
    path("desk/city/", oversight_views.city_progress, name="city-progress"),
    path("desk/city/export.xlsx", oversight_views.city_export, name="city-export"),
    path("desk/city/units/<str:unit>/", oversight_views.city_unit, name="city-unit"),
]
