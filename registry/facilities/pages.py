"""What the pages of facilities have in common."""

from django.http import QueryDict
from django.shortcuts import get_object_or_404

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from registry import sheets
from registry.models import Facility

from . import selection

FORM_PAGE = "registry/facilities/facility_form.html"  # one short form about one facility


def facility_or_404(request, code):
    return get_object_or_404(Facility.objects.visible_to(request.user).select_related("unit"), code=code)


def found_by_code(user, code: str) -> Facility:
    """The facility whose code somebody typed, copied from its page."""
    facility = Facility.objects.visible_to(user).filter(code=code.strip()).first()
    if facility is None:
        raise Refused("名录里没有这个编号。从检查对象的详情页面抄编号。")
    return facility


def selection_of(request, data=None):
    """What an address asks for, with what its filters offer."""
    data = request.GET if data is None else data
    unit = shell.current_unit(request)
    today = clock.today()
    # A search from the top bar names no unit: it looks through every unit in sight.
    if data.get("q", "").strip() and "unit" not in data and len(shell.my_units(request.user)) > 1:
        unit = None
    offered = selection.offer(unit, today)

    def select(query: QueryDict):
        return selection.select(query, user=request.user, unit=unit, offered=offered, year=today.year)

    found = select(data)
    if data is request.GET:
        for name in found.unread:
            chips.unread(request, name)
    return found, select, today


def workbook_of(request, unit, rows):
    """The rows as a workbook; who took it, how many rows and whether with personal data is noted."""
    rows = rows.prefetch_related("grounds", "positive_entries")
    personal = unit is not None and request.user.may(P.EDIT_FACILITIES, unit)
    today = clock.today()
    content = sheets.facility_export(rows, unit=unit, day=today, with_personal_data=personal)
    trail.record("registry.facilities.exported", by=request.user, unit=unit, rows=len(rows), personal=personal)
    name = f"{this_city().label}_检查对象_{unit.short_name if unit else '查询'}_{today:%Y%m%d}.xlsx"
    return files.attachment(content, name=name, content_type=files.XLSX)
