from django.urls import path

from registry.audits import views as audit_views
from registry.complaints import views as complaints_views
from registry.facilities import list_views, tables_views, views
from registry.imports import views as import_views
from registry.inspectors import absence_views, account_views, certificate_views
from registry.inspectors import views as inspectors_views
from registry.interests import views as recusal_views
from registry.past_checks import views as past_views
from registry.permit_conditions import views as condition_views
from registry.positive_list import views as compliance_views
from registry.proposals import views as proposal_views
from registry.ratings import views as rating_views
from registry.safety import views as safety_views
from registry.staff_checks import views as staff_check_views
from registry.tags import views as tag_views

from .models import Book

app_name = "registry"


urlpatterns = [
    path("desk/objects/", list_views.facility_list, name="facility-list"),
    path("desk/objects/export.xlsx", list_views.facility_export, name="facility-export"),
    path("desk/objects/chosen/", tag_views.facility_chosen, name="facility-chosen"),
    path("desk/objects/chosen/<int:pk>/undo/", tag_views.tag_undo, name="facility-tag-undo"),
    path("desk/objects/views/", list_views.saved_view_new, name="facility-view-new"),
    path("desk/objects/views/<int:pk>/delete/", list_views.saved_view_delete, name="facility-view-delete"),
    path("desk/objects/coverage/", rating_views.coverage, name="facility-coverage"),
    path("desk/objects/levels/", rating_views.term_list, name="facility-levels"),
    path("desk/objects/levels/change/", rating_views.term_change, name="facility-level-change"),
    path("desk/objects/tags/", tag_views.tag_list, name="facility-tags"),
    path("desk/objects/tags/<int:pk>/", tag_views.tag_change, name="facility-tag-change"),
    path("desk/objects/new/", views.facility_new, name="facility-new"),
    path("desk/objects/audit/", audit_views.audit, {"book": Book.FACILITY}, name="facility-audit"),
    path("desk/inspectors/audit/", audit_views.audit, {"book": Book.INSPECTOR}, name="inspector-audit"),
    path("desk/objects/positive/", compliance_views.positive_list, name="facility-positive"),
    path("desk/objects/positive/events/", compliance_views.event_new, name="facility-event-new"),
    path("desk/objects/treatment/", tables_views.treatment_table, name="facility-treatment"),
    path("desk/objects/complaints/", complaints_views.complaint_list, name="facility-complaints"),
    path("desk/objects/complaints/new/", complaints_views.complaint_new, name="facility-complaint-new"),
    path("desk/objects/complaints/rule/", complaints_views.complaint_rule, name="facility-complaint-rule"),
    path("desk/responsibility/", tables_views.responsibility_table, name="responsibility"),
    path("desk/responsibility/export.xlsx", tables_views.responsibility_export, name="responsibility-export"),
    path("desk/audits/<int:pk>/", audit_views.audit_detail, name="audit-detail"),
    path("desk/keepers/", audit_views.keepers, name="audit-keepers"),
    *import_views.addresses("desk/objects/city/", "facility-city", import_views.VIEWS["facility-city"]),
    *import_views.addresses("desk/objects/", "facility", import_views.VIEWS["facility"]),
    path("desk/objects/<str:code>/", views.facility_detail, name="facility-detail"),
    path("desk/objects/<str:code>/history.xlsx", views.facility_history, name="facility-history"),
    path("desk/objects/<str:code>/personal/", views.facility_personal, name="facility-personal"),
    path("desk/objects/<str:code>/change/", views.facility_change, name="facility-change"),
    path("desk/objects/<str:code>/ratings/", rating_views.rating_new, name="facility-rating-new"),
    path("desk/objects/<str:code>/conditions/", condition_views.facility_conditions, name="facility-conditions"),
    path("desk/objects/<str:code>/safety/", safety_views.facility_safety, name="facility-safety"),
    path("desk/objects/<str:code>/status/", proposal_views.facility_status, name="facility-status"),
    path("desk/objects/<str:code>/transfer/", proposal_views.facility_transfer, name="facility-transfer"),
    path("desk/objects/<str:code>/grounds/new/", proposal_views.ground_add, name="ground-add"),
    path("desk/objects/<str:code>/grounds/<int:pk>/end/", proposal_views.ground_end, name="ground-end"),
    path("desk/objects/<str:code>/positive/enter/", views.positive_enter, name="positive-enter"),
    path("desk/objects/<str:code>/positive/leave/", views.positive_leave, name="positive-leave"),
    path("desk/past-checks/", past_views.past_list, name="past-list"),
    path("desk/past-checks/<int:pk>/", past_views.past_detail, name="past-detail"),
    path("desk/past-checks/<slug:unit>/none/", past_views.past_none, name="past-none"),
    path("desk/changes/", proposal_views.proposal_list, name="proposal-list"),
    path("desk/changes/batches/<int:pk>/", proposal_views.proposal_batch, name="proposal-batch"),
    path("desk/changes/<int:pk>/return/", proposal_views.proposal_return, name="proposal-return"),
    path("desk/changes/<int:pk>/withdraw/", proposal_views.proposal_withdraw, name="proposal-withdraw"),
    path("desk/categories/", proposal_views.category_runs, name="category-runs"),
    path("desk/inspectors/", inspectors_views.inspector_list, name="inspector-list"),
    path("desk/inspectors/export.xlsx", inspectors_views.inspector_export, name="inspector-export"),
    path("desk/inspectors/new/", inspectors_views.inspector_new, name="inspector-new"),
    path("desk/inspectors/staff/", staff_check_views.staff_check_list, name="staff-check-list"),
    path("desk/inspectors/staff/<int:pk>/", staff_check_views.staff_check, name="staff-check"),
    path("desk/inspectors/take-over/", inspectors_views.inspector_take_over, name="inspector-take-over"),
    *import_views.addresses("desk/inspectors/", "inspector", import_views.VIEWS["inspector"]),
    path("desk/inspectors/<str:code>/", inspectors_views.inspector_detail, name="inspector-detail"),
    path("desk/inspectors/<str:code>/change/", inspectors_views.inspector_change, name="inspector-change"),
    path("desk/inspectors/<str:code>/account/", account_views.inspector_account, name="inspector-account"),
    path("desk/inspectors/<str:code>/leave/", inspectors_views.inspector_leave, name="inspector-leave"),
    path("desk/inspectors/<str:code>/certificates/new/", certificate_views.certificate_new, name="certificate-new"),
    path(
        "desk/inspectors/<str:code>/certificates/<int:pk>/status/",
        certificate_views.certificate_status,
        name="certificate-status",
    ),
    path(
        "desk/inspectors/<str:code>/certificates/<int:pk>/scan/",
        certificate_views.certificate_scan,
        name="certificate-scan",
    ),
    path("desk/inspectors/<str:code>/absences/new/", absence_views.absence_new, name="absence-new"),
    path("desk/inspectors/<str:code>/absences/<int:pk>/end/", absence_views.absence_end, name="absence-end"),
    path("desk/inspectors/<str:code>/absences/<int:pk>/cancel/", absence_views.absence_cancel, name="absence-cancel"),
    path("desk/recusals/", recusal_views.recusal_list, name="recusal-list"),
    path("desk/recusals/approve/", recusal_views.declarations_approve, name="declarations-approve"),
    path("desk/inspectors/<str:code>/conflicts/new/", recusal_views.conflict_new, name="conflict-new"),
    path("desk/inspectors/<str:code>/conflicts/<int:pk>/end/", recusal_views.conflict_end, name="conflict-end"),
    path(
        "desk/inspectors/<str:code>/conflicts/<int:pk>/approve/",
        recusal_views.conflict_approve,
        name="conflict-approve",
    ),
    path(
        "desk/inspectors/<str:code>/conflicts/<int:pk>/return/", recusal_views.conflict_return, name="conflict-return"
    ),
    path("desk/inspectors/<str:code>/declarations/new/", recusal_views.declaration_new, name="declaration-new"),
    path(
        "desk/inspectors/<str:code>/declarations/<int:pk>/approve/",
        recusal_views.declaration_approve,
        name="declaration-approve",
    ),
    path(
        "desk/inspectors/<str:code>/declarations/<int:pk>/return/",
        recusal_views.declaration_return,
        name="declaration-return",
    ),
]
