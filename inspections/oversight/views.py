"""The pages of 全市进度: all units, one unit, the workbook (五-1a, 五-2b)."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.web import frame as shell
from inspections.bulletins import content
from inspections.bulletins import rules as bulletin_rules
from inspections.models import Bulletin, BulletinKind, BulletinState

from . import pages, progress, sheets


def _asked(request, only: str = "") -> pages.City:
    city = pages.City(request.user, shell.current_quarter(request), clock.now(), workdays.calendar(), only)
    if any(row.inside for row in city.rows):  # by counts only, so that the trail names nobody (decisions.md 3)
        unit = city.units[0] if only else None
        trail.record("inspections.sealed.viewed", by=request.user, unit=unit, page="city-progress")
    return city


def _context(city: pages.City) -> dict:
    return {
        "city": city,
        "quarter": city.quarter,
        "now": city.now,
        "rows": city.rows,
        "steps": progress.STEPS,
        "most": pages.MOST_ALERTS,
        "may_city": bool(city.user.units_with(P.SEE_CITY)),
        "may_instruct": bool(city.user.units_with(P.INSTRUCT)),
        "audit_day": policy.on(city.today).recommended.registry_audit_day,
        "close": city.close,
        "least": policy.on(city.quarter.first_day).key_basis_points // 100,
        "tick": f"{policy.on(city.quarter.first_day).key_basis_points / pages.SCALE:.1f}",
    }


@requires(P.SEE_CITY)
@require_safe
def city_progress(request):
    """全市进度 (PNG 06): every unit's nine steps; outside the circle from what is public alone (decisions.md 3)."""
    shell.show_whole_city(request)
    city = _asked(request)
    return TemplateResponse(
        request, "inspections/oversight/city_progress.html", {**_context(city), "bulletin": _bulletin(city)}
    )


@requires(P.SEE_PROGRESS)
@require_safe
def city_unit(request, unit):
    """One unit: its nine steps with what stands behind each, its alerts, and what the city has told it."""
    if not Unit.objects.visible_to(request.user, P.SEE_PROGRESS).filter(code=unit).exists():
        raise Http404
    city = _asked(request, unit)
    if not city.rows:
        raise Http404
    (line,) = city.lines
    return TemplateResponse(
        request,
        "inspections/oversight/city_unit.html",
        {**_context(city), "line": line, "cells": list(zip(progress.STEPS, line.row.cells, strict=True))},
    )


@requires(P.SEE_CITY)
@require_safe
def city_export(request):
    """The same figures as a workbook."""
    city = _asked(request)
    trail.record("inspections.city.exported", by=request.user, quarter=str(city.quarter))
    name = f"{this_city().label}_全市进度_{city.quarter}_{city.today:%Y%m%d}.xlsx"
    return files.attachment(sheets.workbook(city), name=name, content_type=files.XLSX)


def _bulletin(city: pages.City) -> dict | None:
    """生成通报: the paper of the quarter where there is one, else the button for whoever writes it (五-2c)."""
    if not city.user.units_with(P.RECEIVE_REPORTS):
        return None
    quarter = city.quarter
    found = Bulletin.objects.visible_to(city.user).filter(
        kind=BulletinKind.QUARTER, year=quarter.year, number=quarter.number
    )
    standing = found.exclude(state=BulletinState.RETURNED).order_by("-pk").first()
    if standing:
        return {"url": standing.get_absolute_url()}
    team = next((unit for unit in city.units if unit.kind == UnitKind.CITY_TEAM), None) or Unit.objects.city_team()
    subject = content.Subject(BulletinKind.QUARTER, team, quarter.year, quarter.number)
    return {
        "of": team.code,
        "kind": BulletinKind.QUARTER,
        "obstacle": bulletin_rules.why_not_make(subject, None, city.user, city.today, city.calendar),
    }
