from django.urls import path

from plans.aborts import views as abort_views
from plans.bases import bank_views
from plans.bases import views as basis_views
from plans.carry import views as carry_views
from plans.draw import stage_views
from plans.draw import views as draw_views
from plans.filings import views as filing_views
from plans.lists import kind_views
from plans.lists import pages as item_pages
from plans.lists import views as item_views
from plans.local import views as local_views
from plans.lottery import views as lottery_views
from plans.proofs import views as proof_views
from plans.quarterly import editor_views, paper_views, revision_views, views
from registry.imports import views as import_views

app_name = "plans"
ITEM_IMPORTS = import_views.pages_of("itemlist", item_pages.EDITORS, item_pages.shelf_of)
LIST = "desk/items/<slug:unit>/<year:year>/<int:version>/"
PLAN = "desk/plans/<slug:unit>/<slug:quarter>/"
urlpatterns = [
    path("desk/items/", item_views.itemlist_list, name="itemlist-list"),
    path("desk/items/new/", item_views.itemlist_new, name="itemlist-new"),
    path("desk/items/kinds/", kind_views.kind_list, name="kind-list"),
    path("desk/items/bank/", bank_views.bank_list, name="bank-list"),
    path("desk/items/bank/add/", bank_views.bank_edit, name="bank-add"),
    path("desk/items/bank/<int:pk>/", bank_views.bank_edit, name="bank-edit"),
    path("desk/items/bank/<int:pk>/retire/", bank_views.bank_retire, name="bank-retire"),
    path("desk/bases/", basis_views.basis_list, name="basis-list"),
    path("desk/bases/add/", basis_views.basis_edit, name="basis-add"),
    path("desk/bases/load/", basis_views.basis_load, name="basis-load"),
    path("desk/bases/<int:pk>/", basis_views.basis_detail, name="basis-detail"),
    path("desk/bases/<int:pk>/edit/", basis_views.basis_edit, name="basis-edit"),
    path("desk/bases/<int:pk>/change/", basis_views.basis_change, name="basis-change"),
    path("desk/bases/changes/<int:pk>/", basis_views.change_detail, name="basis-change-detail"),
    path(LIST, item_views.itemlist_detail, name="itemlist-detail"),
    path(LIST + "submit/", item_views.itemlist_submit, name="itemlist-submit"),
    path(LIST + "decide/", item_views.itemlist_decide, name="itemlist-decide"),
    path(LIST + "export/", item_views.itemlist_export, name="itemlist-export"),
    *import_views.addresses(LIST, "itemlist", ITEM_IMPORTS),
    path(LIST + "add/", item_views.item_edit, name="item-add"),
    path(LIST + "<slug:code>/", item_views.item_edit, name="item-edit"),
    path(LIST + "<slug:code>/remove/", item_views.item_remove, name="item-remove"),
    path("desk/plans/", views.plan_list, name="plan-list"),
    path(PLAN, views.plan_detail, name="plan-detail"),
    path(PLAN + "new/", views.plan_new, name="plan-new"),
    path(PLAN + "edit/", editor_views.plan_edit, name="plan-edit"),
    path(PLAN + "review/", views.plan_review, name="plan-review"),
    path(PLAN + "revise/", revision_views.plan_revise, name="plan-revise"),
    path(PLAN + "preview/", views.plan_preview, name="plan-preview"),
    path(PLAN + "receive/", views.plan_receive, name="plan-receive"),
    path(PLAN + "send/", filing_views.plan_send, name="plan-send"),
    path(PLAN + "rehearse/", paper_views.plan_rehearse, name="plan-rehearse"),
    path(PLAN + "plan.pdf", paper_views.plan_paper, {"form": "pdf"}, name="plan-pdf"),
    path(PLAN + "plan.docx", paper_views.plan_paper, {"form": "docx"}, name="plan-docx"),
    path("desk/local/", local_views.local_home, name="local-home"),
    path("desk/local/<slug:unit>/", local_views.local_list, name="local-list"),
    path("desk/local/<slug:unit>/<slug:kind>/new/", local_views.local_new, name="local-new"),
    path("desk/local/<slug:unit>/<slug:kind>/<int:version>/", local_views.local_detail, name="local-detail"),
    path("desk/local/<slug:unit>/scheme/<int:version>/file/", local_views.local_file, name="local-file"),
    path("desk/lottery/", lottery_views.lottery_list, name="lottery-list"),
    path("desk/lottery/schedule/", lottery_views.lottery_schedule, name="lottery-schedule"),
    path("desk/lottery/break/", lottery_views.lottery_break, name="lottery-break"),
    path("desk/lottery/break/<int:pk>/remove/", lottery_views.lottery_break_remove, name="lottery-break-remove"),
    path("desk/justice/<slug:unit>/<year:year>/", filing_views.justice_filing, name="justice-filing"),
    path("desk/justice/<slug:unit>/<year:year>/plan.xlsx", filing_views.justice_workbook, name="justice-workbook"),
    path("desk/filings/<int:pk>/record/", filing_views.filing_record, name="filing-record"),
    path("desk/draws/", draw_views.draw_list, name="draw-list"),
    path("desk/draws/carry/", carry_views.carry, name="carry"),
    path("desk/draws/proofs/", proof_views.proofs, name="proofs"),
    path("desk/draws/<slug:draw_id>/", draw_views.draw_detail, name="draw-detail"),
    path("desk/draws/<slug:draw_id>/prepare/", draw_views.draw_prepare, name="draw-prepare"),
    path("desk/draws/<slug:draw_id>/ledger/", draw_views.draw_ledger, name="draw-ledger"),
    path("desk/draws/<slug:draw_id>/seal/", draw_views.draw_seal, name="draw-seal"),
    path("desk/draws/<slug:draw_id>/file/", filing_views.draw_file, name="draw-file"),
    path("desk/draws/<slug:draw_id>/entry/", draw_views.draw_entry, name="draw-entry"),
    path("desk/draws/<slug:draw_id>/hold/", draw_views.draw_hold, name="draw-hold"),
    path("desk/draws/<slug:draw_id>/abort/", abort_views.draw_abort, name="draw-abort"),
    path("desk/draws/<slug:draw_id>/stage/", stage_views.draw_stage, name="draw-stage"),
    path("desk/draws/<slug:draw_id>/record.pdf", stage_views.draw_record_pdf, name="draw-record"),
    path("desk/plans/<slug:unit>/<slug:quarter>/draw/", draw_views.draw_create, name="draw-create"),
]
