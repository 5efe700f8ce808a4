from django.urls import path

from . import draw_urls, editor_views, item_views, revision_views, views

app_name = "plans"
LIST = "desk/items/<slug:unit>/<int:year>/<int:version>/"
PLAN = "desk/plans/<slug:unit>/<slug:quarter>/"
urlpatterns = [
    path("desk/items/", item_views.itemlist_list, name="itemlist-list"),
    path("desk/items/new/", item_views.itemlist_new, name="itemlist-new"),
    path(LIST, item_views.itemlist_detail, name="itemlist-detail"),
    path(LIST + "submit/", item_views.itemlist_submit, name="itemlist-submit"),
    path(LIST + "decide/", item_views.itemlist_decide, name="itemlist-decide"),
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
