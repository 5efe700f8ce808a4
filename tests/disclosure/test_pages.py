"""Smoke."""

import pytest
from django.test import Client
from tests.disclosure.factories import *
from tests.plans.draw_factories import make_held_draw, make_sealed_draw
from tests.factories import *

PAGES = [
    "/",
    "/items/",
    "/plans/",
    "/draws/",
    "/results/",
    "/enterprises/",
    "/verify/",
    "/verify/ssj1.py",
    "/verify/chain/",
    "/data/",
    "/data/fields/",
    "/notices/",
    "/accessibility/",
    "/contact/",
    "/results/export.csv",
    "/results/export.xlsx",
]


@pytest.mark.parametrize("path", PAGES)
def test_empty(db, path):
    r = Client().get(path)
    assert r.status_code == 200, r
    assert "Set-Cookie" not in r.headers and not r.cookies


def test_full(at):
    at("2026-07-06 10:00")
    p = make_published_result(problem="标签缺项")
    l = make_published_list()
    pl = make_published_plan()
    d2 = make_sealed_draw(make_unit("210505"))
    d = make_held_draw(make_unit("210503"), released=True)
    c = Client()
    for path in PAGES + [
        "/items/2026/",
        "/plans/2026q3/",
        "/plans/2026q3/210504/",
        f"/draws/{d.draw_id}/",
        f"/draws/{d2.draw_id}/",
        f"/draws/{d.draw_id}/frames/",
        f"/draws/{d.draw_id}/frames/key/",
        f"/draws/{d.draw_id}/frames/key.txt",
        f"/draws/{d.draw_id}/manifest.txt",
        f"/draws/{d.draw_id}/seed.txt",
        f"/draws/{d.draw_id}/bundle.json",
        f"/draws/{d2.draw_id}/bundle.json",
        f"/results/{p.no}/",
        f"/results/{p.no}/snapshot.json",
        f"/enterprises/{p.facility_code}/",
        "/verify/chain/1.txt",
        f"/items/{l.no}/snapshot.json",
        f"/plans/{pl.no}/snapshot.json",
    ]:
        r = c.get(path)
        assert r.status_code == 200, (path, r)
    o = make_disclosure_officer(make_unit())
    from tests.inspections.factories import make_reviewed

    i = make_reviewed()
    c.force_login(o)
    for path in ["/desk/publish/", f"/desk/publish/result/{i.no}/"]:
        r = c.get(path)
        assert r.status_code == 200, (path, r)
