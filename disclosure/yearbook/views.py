"""年度卷 of the chosen unit: bind it, see how far it is, take the volume and the package (七(七)-h)."""

from functools import partial

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import FIRST_YEAR

from . import actions, rules
from .models import YearVolume


class ShelfForm(forms.Form):
    box = fields.text("盒号", max_length=40)
    shelf = fields.text("架位", max_length=60)


@requires(P.SEE_ARCHIVE)
def yearbook(request):
    """Of the chosen unit and year; the form is the place where the paper lies."""
    unit, year, user = shell.unit_or_404(request, P.SEE_ARCHIVE), _year(request), request.user
    found = YearVolume.objects.visible_to(user).filter(unit=unit)
    volume = found.filter(year=year).select_related("unit", "job", "file", "package", "asked_by").first()
    form = None
    if not rules.why_not_shelve(volume, user):
        form = ShelfForm(request.POST or None, initial={"box": volume.box, "shelf": volume.shelf})
    return act_page(
        request,
        "disclosure/yearbook/yearbook.html",
        form,
        partial(actions.shelve, volume=volume, by=user),
        url_of(unit, year),
        "盒号和架位已登记。",
        late="成册以后登记盒号和架位。",
        facts=lambda: {"papers": list(volume.papers.select_related("file")) if volume else []},
        unit=unit,
        year=year,
        years=_years(year),
        volume=volume,
        obstacle=rules.why_not_bind(unit, year, volume, user),
        keeps=user.may(P.KEEP_ARCHIVE, unit),
        closed=rules.closing_of(year),
    )


@requires(P.KEEP_ARCHIVE)
@require_POST
def yearbook_bind(request, unit, year):
    found = _unit(request, unit)
    act = partial(actions.bind, unit=found, year=year, site=f"{request.scheme}://{request.get_host()}", by=request.user)
    back = url_of(found, year)
    return press(request, act, back, lambda made: f"正在成册，档号 {made.no}。可以离开这一页。")


@requires(P.SEE_ARCHIVE)
@require_GET
def yearbook_file(request, unit, year, way):
    """合订本 or 电子档案包. Each copy is written down."""
    found = YearVolume.objects.visible_to(request.user).filter(unit__code=unit, year=year, file__isnull=False)
    volume = get_object_or_404(found.select_related("file", "package", "unit"))
    trail.record("disclosure.year_volume.taken", by=request.user, about=volume, form=way)
    return files.download(volume.file if way == "pdf" else volume.package)


def url_of(unit, year: int) -> str:
    return f"{reverse('disclosure:yearbook')}?unit={unit.code}&year={year}"


def _unit(request, code: str):
    """One that this archivist reads."""
    unit = next((u for u in shell.my_units(request.user) if u.code == code), None)
    if unit is None or not request.user.may(P.SEE_ARCHIVE, unit):
        raise Http404
    return unit


def _years(year: int) -> list[int]:
    last = clock.today().year
    return sorted({year, last, last - 1})


def _year(request) -> int:
    """The year in the address, else the one before this: it is bound when it is over."""
    asked, last = request.GET.get("year", ""), clock.today().year
    if asked.isascii() and asked.isdecimal() and FIRST_YEAR <= int(asked) <= last:
        return int(asked)
    return last - 1
