"""A registry too large to be written while somebody waits: the worker makes the workbook (ui.md 7.2)."""

from django.db import transaction
from django.http import QueryDict
from django.utils.http import urlencode

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, jobs
from benxi_shuangsuiji.documents.models import Job, StoredFile
from registry import sheets

from . import selection as facility_list

# The filters that a job may remember; words typed into the search box may be somebody's name and stay out of it.
_FILTERS = ("industry", "permit", "tag", "status", "district", "view", "sort")
_AT_A_TIME = 1_000


def ask(*, query: QueryDict, unit: Unit | None, by) -> Job:
    """Leave the export of a filtered list to the worker."""
    kept = urlencode([(n, query[n]) for n in _FILTERS if query.get(n)])
    title = f"导出检查对象　{unit.short_name if unit else '各单位'}"
    return jobs.ask_for(
        kind="registry_export", title=title, params={"query": kept, "unit": unit.pk if unit else None}, by=by
    )


def make(job: Job, progress) -> StoredFile:
    """Write the workbook as the person who asked may read it at this moment."""
    user, today = job.requested_by, clock.today()
    unit = Unit.objects.get(pk=job.params["unit"]) if job.params["unit"] else None
    selection = facility_list.select(
        QueryDict(job.params["query"]),
        user=user,
        unit=unit,
        offered=facility_list.offer(unit, today),
        year=today.year,
    )
    rows = selection.rows.select_related("unit").prefetch_related("grounds", "positive_entries").order_by("code")
    total = selection.rows.order_by().count()
    personal = unit is not None and user.may(P.EDIT_FACILITIES, unit)

    def told():
        for done, facility in enumerate(rows.iterator(chunk_size=_AT_A_TIME), start=1):
            yield facility
            if done % _AT_A_TIME == 0 or done == total:
                progress(done, total)

    content = sheets.facility_export(told(), unit=unit, day=today, with_personal_data=personal, long=True)
    name = f"{this_city().label}_检查对象_{unit.short_name if unit else '各单位'}_{today:%Y%m%d}.xlsx"
    with transaction.atomic():
        trail.record("registry.facilities.exported", by=user, unit=unit, rows=total, personal=personal)
        return jobs.keep_result(job, name=name, content=content, content_type=files.XLSX)
