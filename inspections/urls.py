from django.urls import path

from . import (
    analysis_views,
    desk_views,
    field_views,
    frequency_views,
    onsite_views,
    replacement_views,
    targeted_views,
    views,
    visit_code_views,
)

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
    path("desk/tasks/", views.task_list, name="task-list"),
    path("desk/tasks/forms/", views.forms_pack, name="forms-pack"),
    path("desk/tasks/targeted/", targeted_views.targeted_list, name="targeted-list"),
    path("desk/tasks/targeted/new/", targeted_views.targeted_new, name="targeted-new"),
    path("desk/tasks/targeted/export.xlsx", targeted_views.targeted_export, name="targeted-export"),
    path("desk/tasks/targeted/kinds/", targeted_views.targeted_kinds, name="targeted-kinds"),
    path("desk/tasks/targeted/<slug:check_no>/", targeted_views.targeted_detail, name="targeted-detail"),
    path("desk/tasks/targeted/<slug:check_no>/join/", targeted_views.targeted_join, name="targeted-join"),
    path("desk/tasks/campaigns/", targeted_views.targeted_campaigns, name="targeted-campaigns"),
    path("desk/frequency/", frequency_views.frequency_list, name="frequency-list"),
    path("desk/frequency/export.xlsx", frequency_views.frequency_export, name="frequency-export"),
    path("desk/frequency/caps/<int:pk>/approve/", frequency_views.cap_approve, name="frequency-cap"),
    path("desk/objects/<str:code>/frequency/", frequency_views.facility_frequency, name="facility-frequency"),
    path("desk/tasks/<slug:no>/", views.task_detail, name="task-detail"),
    path("desk/tasks/<slug:no>/onsite/", onsite_views.task_onsite, name="task-onsite"),
    path("desk/tasks/<slug:no>/review/", views.task_review, name="task-review"),
    path("desk/tasks/<slug:no>/check-form.pdf", views.check_form, name="check-form"),
    path("desk/tasks/<slug:no>/notice.pdf", views.visit_notice, name="visit-notice"),
    path("v/<str:code>/", visit_code_views.visit_check, name="visit-check"),
    path("desk/draws/<slug:draw_id>/dispatch/", views.draw_dispatch, name="draw-dispatch"),
    path("desk/draws/<slug:draw_id>/amend/", replacement_views.replacement_list, name="replacements"),
    path("desk/draws/<slug:draw_id>/amend/<int:pk>/", replacement_views.replacement_detail, name="replacement"),
    path(
        "desk/draws/<slug:draw_id>/amend/<int:pk>/form.pdf", replacement_views.replacement_form, name="replacement-form"
    ),
    path("desk/analysis/", analysis_views.analysis, name="analysis"),
    path("desk/analysis/export.xlsx", analysis_views.analysis_export, name="analysis-export"),
    path("desk/city/", views.city_progress, name="city-progress"),
]
