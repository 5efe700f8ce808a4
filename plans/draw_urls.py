"""Addresses of the draw; included by plans/urls.py."""

from django.urls import path

from . import abort_views, filing_views, proof_views, stage_views
from . import draw_views as views

urlpatterns = [
    path("desk/draws/", views.draw_list, name="draw-list"),
    path("desk/draws/proofs/", proof_views.proofs, name="proofs"),
    path("desk/draws/<slug:draw_id>/", views.draw_detail, name="draw-detail"),
    path("desk/draws/<slug:draw_id>/prepare/", views.draw_prepare, name="draw-prepare"),
    path("desk/draws/<slug:draw_id>/ledger/", views.draw_ledger, name="draw-ledger"),
    path("desk/draws/<slug:draw_id>/seal/", views.draw_seal, name="draw-seal"),
    path("desk/draws/<slug:draw_id>/file/", filing_views.draw_file, name="draw-file"),
    path("desk/draws/<slug:draw_id>/entry/", views.draw_entry, name="draw-entry"),
    path("desk/draws/<slug:draw_id>/hold/", views.draw_hold, name="draw-hold"),
    path("desk/draws/<slug:draw_id>/abort/", abort_views.draw_abort, name="draw-abort"),
    path("desk/draws/<slug:draw_id>/stage/", stage_views.draw_stage, name="draw-stage"),
    path("desk/draws/<slug:draw_id>/record.pdf", stage_views.draw_record_pdf, name="draw-record"),
    path("desk/plans/<slug:unit>/<slug:quarter>/draw/", views.draw_create, name="draw-create"),
]
