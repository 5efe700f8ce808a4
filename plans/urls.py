from django.urls import path

from . import bank_views, basis_views, draw_urls, editor_views, item_views, revision_views, views

app_name = "plans"
LIST = "desk/items/<slug:unit>/<int:year>/<int:version>/"
PLAN = "desk/plans/<slug:unit>/<slug:quarter>/"
urlpatterns = [
    path("desk/items/", item_views.itemlist_list, name="itemlist-list"),
    path("desk/items/new/", item_views.itemlist_new, name="itemlist-new"),
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
    path(LIST + "import/", item_views.itemlist_import, name="itemlist-import"),
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
]
urlpatterns += draw_urls.urlpatterns
