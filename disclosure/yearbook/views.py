"""年度卷 of the chosen unit: bind it, see how far it is, take the volume and the package (七(七)-h)."""

from datetime import date
from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import FIRST_YEAR
from inspections.archive.forms import ShelfForm, SupplementForm

from . import actions, rules
from .models import YearVolume


@requires(P.SEE_ARCHIVE)
def yearbook(request):
    """Of the chosen unit and year; the form is the place where the paper lies."""
    unit, year, user = shell.unit_or_404(request, P.SEE_ARCHIVE), _year(request), request.user
    volumes = actions.volumes_of(unit, year)
    volume = next(iter(volumes), None)
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
        facts=lambda: {"papers": volume.papers.all() if volume else []},
        unit=unit,
        year=year,
        years=sorted({year, clock.today().year, _last_year()}),
        volume=volume,
        supplements=volumes[1:],
        obstacle=rules.why_not_bind(unit, year, volume, user),
        keeps=user.may(P.KEEP_ARCHIVE, unit),
        closed=rules.closing_of(year),
    )


@requires(P.KEEP_ARCHIVE)
@require_POST
def yearbook_bind(request, unit, year):
    found = _unit(request, unit)
    act = partial(actions.bind, unit=found, year=year, site=_site(request), by=request.user)
    return press(request, act, url_of(found, year), _started)


@requires(P.KEEP_ARCHIVE)
def yearbook_supplement(request, unit, year):
    """补充卷: for what came, or changed, after the year was bound."""
    found, by = _unit(request, unit), request.user
    volumes = actions.volumes_of(found, year)
    leaves = actions.later(volumes, by)
    obstacle = rules.why_not_supplement(volumes, found, leaves, None, by)
    return act_page(
        request,
        "inspections/archive/archive_form.html",
        None if obstacle else SupplementForm(request.POST or None),
        partial(actions.supplement, unit=found, year=year, site=_site(request), by=by),
        url_of(found, year),
        _started,
        late=obstacle,
        obstacle=obstacle,
        title="做补充卷",
        button="做补充卷",
        about=f"{found.short_name} {year} 年度卷",
        back=url_of(found, year),
        leaves=leaves,
    )


def _started(volume: YearVolume) -> str:
    return f"正在成册，档号 {volume.no}。可以离开这一页。"


def _site(request) -> str:
    return f"{request.scheme}://{request.get_host()}"


@requires(P.SEE_ARCHIVE)
@require_safe
def yearbook_file(request, unit, year, part, way):
    """合订本 or 电子档案包. Each copy is written down."""
    found = YearVolume.objects.visible_to(request.user).bound().filter(unit__code=unit, year=year, part=part)
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


def _year(request) -> int:
    """The year in the address, else the one before this: it is bound when it is over, if the system was in use."""
    years = {str(year) for year in range(FIRST_YEAR, clock.today().year + 1)}
    return int(chips.asked(request, "year", years, str(_last_year())))


def _last_year() -> int:
    this = clock.today().year
    return this - 1 if first_use.counts(date(this - 1, 12, 31)) else this
