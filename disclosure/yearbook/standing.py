"""How far the year's volume of a unit has come, part by part, before it is bound (七(七)-a…-h, PNG 25)."""

from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import short_date
from disclosure.models import FOLLOWUPS, PublicationKind
from inspections.closing import duties as closing
from plans.models import HELD, Draw, DrawStatus

from . import rules
from .actions import volumes_of
from .part_papers import published_of

QUARTERS = 4
Part = tuple[str, str, str]  # what, tone of components/status.html, words


def progress(unit: Unit, year: int) -> list[Part]:
    """From what is public alone, so that whoever reads the archive may read it (decisions.md 3)."""

    def n(*kinds: str) -> int:
        return published_of(unit, year, *kinds).current().count()

    lists = published_of(unit, year, PublicationKind.ITEM_LIST).current().order_by("-issued_at").first()
    drawn = Draw.objects.filter(unit=unit, year=year, status__in=HELD).exclude(status=DrawStatus.DRAWN)
    over = clock.today() > date(year, 12, 31)
    found = [
        ("事项清单", "ok", f"{short_date(localtime(lists.issued_at).date())}公布")
        if lists
        else ("事项清单", "wait", "还没有公布"),
        _of_four("季度计划", n(PublicationKind.PLAN), "份"),
        _of_four("抽查情况", drawn.values("number").distinct().count(), "个季度"),
        ("两个名录库", "ok" if over else "wait", "12 月 31 日的已定稿" if over else "12 月 31 日定稿"),
        ("检查结果", "run", f"已公开 {n(PublicationKind.RESULT)} 项，随公开收入"),
        ("违法处理", "run", f"已公开 {n(*FOLLOWUPS)} 步，随公开收入"),
    ]
    return [*found, ("成册", *_binding(unit, year))]


def _of_four(label: str, n: int, measure: str) -> Part:
    return label, "ok" if n >= QUARTERS else "run" if n else "wait", f"已公开 {n} {measure}，共 {QUARTERS} {measure}"


def _binding(unit: Unit, year: int) -> tuple[str, str]:
    volume = next(iter(volumes_of(unit, year)), None)
    if volume and volume.file_id:
        return "ok", f"{short_date(localtime(volume.bound_at).date())}成册，{volume.pages} 页"
    if volume and volume.why_running:
        return "run", "正在成册"
    if rules.why_not_ready(year):
        return "wait", "全年办结以后成册"
    due = closing.BINDING.duties.filter(unit=unit, period=str(year)).first()
    return "warn", f"{short_date(due.due)}前成册" if due else "可以成册"
