from django.urls import path, register_converter

from inspections.campaigns import views as campaigns_views
from inspections.checks import views as checks_views
from inspections.checks import visit_code_views
from inspections.coordination import views as coordination_views
from inspections.corrections import views as correction_views
from inspections.coverage import views as gap_views
from inspections.desk import views as desk_views
from inspections.dispatch import views as dispatch_views
from inspections.frequency import views as frequency_views
from inspections.onsite import views as onsite_views
from inspections.oversight import analysis_views
from inspections.oversight import views as oversight_views
from inspections.replacements import views as replacement_views
from inspections.reports import provincial_views
from inspections.reports import views as report_views
from inspections.review import views as review_views
from inspections.targeted import views as targeted_views
from inspections.visits import views as field_views


class ReportNo:
    """210504-2026Q1 of a quarter, 210504-2026 of a year; nothing else is a report."""

    regex = r"[0-9A-Za-z]{1,16}-20[0-9]{2}(?:[Qq][1-4])?"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


register_converter(ReportNo, "report_no")

app_name = "inspections"
urlpatterns = [
    path("desk/", desk_views.desk_home, name="desk-home"),
    path("field/", field_views.field_tasks, name="field-tasks"),
    path("field/<slug:no>/", field_views.field_task, name="field-task"),
    path("field/<slug:no>/accept/", field_views.field_accept, name="field-accept"),
    path("field/<slug:no>/check/<int:n>/", field_views.field_check, name="field-check"),
    path("field/<slug:no>/replace/", replacement_views.field_replace, name="field-replace"),
    path("field/<slug:no>/onsite/", onsite_views.field_onsite, name="field-onsite"),
    path("field/<slug:no>/finish/", field_views.field_finish, name="field-finish"),
    path("desk/tasks/", checks_views.task_list, name="task-list"),
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
    path("desk/frequency/", frequency_views.frequency_list, name="frequency-list"),
    path("desk/frequency/export.xlsx", frequency_views.frequency_export, name="frequency-export"),
    path("desk/frequency/caps/<int:pk>/decide/", frequency_views.cap_decide, name="frequency-cap"),
    path("desk/objects/<str:code>/frequency/", frequency_views.facility_frequency, name="facility-frequency"),
    path("desk/tasks/<slug:no>/", checks_views.task_detail, name="task-detail"),
    path("desk/tasks/<slug:no>/onsite/", onsite_views.task_onsite, name="task-onsite"),
    path("desk/tasks/<slug:no>/review/", review_views.task_review, name="task-review"),
    path("desk/tasks/<slug:no>/file/", checks_views.outcome_file, name="outcome-file"),
    path("desk/tasks/<slug:no>/check-form.pdf", checks_views.check_form, name="check-form"),
    path("desk/tasks/<slug:no>/notice.pdf", checks_views.visit_notice, name="visit-notice"),
    path("v/<str:code>/", visit_code_views.visit_check, name="visit-check"),
    path("desk/draws/<slug:draw_id>/dispatch/", dispatch_views.draw_dispatch, name="draw-dispatch"),
    path("desk/draws/<slug:draw_id>/correct/", correction_views.draw_correct, name="draw-correct"),
    path("desk/draws/<slug:draw_id>/correct/<int:pk>/scan/", correction_views.correction_scan, name="correction-scan"),
    path("desk/draws/<slug:draw_id>/amend/", replacement_views.replacement_list, name="replacements"),
    path("desk/draws/<slug:draw_id>/amend/<int:pk>/", replacement_views.replacement_detail, name="replacement"),
    path("desk/draws/<slug:draw_id>/amend/<int:pk>/file/", replacement_views.replacement_file, name="replacement-file"),
    path(
        "desk/draws/<slug:draw_id>/amend/<int:pk>/form.pdf", replacement_views.replacement_form, name="replacement-form"
    ),
    path("desk/analysis/", analysis_views.analysis, name="analysis"),
    path("desk/analysis/export.xlsx", analysis_views.analysis_export, name="analysis-export"),
    path("desk/coordination/", coordination_views.coordination_list, name="coordination-list"),
    path("desk/coordination/new/", coordination_views.coordination_new, name="coordination-new"),
    path("desk/coordination/export.xlsx", coordination_views.coordination_export, name="coordination-export"),
    path(
        "desk/coordination/<slug:instruction_no>/", coordination_views.coordination_detail, name="coordination-detail"
    ),
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
    path("desk/city/provincial/", provincial_views.rollup_provincial, name="rollup-provincial"),
    path("desk/city/provincial/columns/<slug:sheet>/", provincial_views.provincial_columns, name="provincial-columns"),
    path("desk/city/provincial/export.xlsx", provincial_views.provincial_export, name="provincial-export"),
    path("desk/city/provincial/<int:pk>/data.xlsx", provincial_views.provincial_file, name="provincial-file"),
    path("desk/city/", oversight_views.city_progress, name="city-progress"),
]
