"""What the statistics say in sentences beside their tables (四(3)-f; ui-2.md 20)."""

from datetime import date

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.workdays.days import Quarter, short_date
from disclosure.models import Publication

from .counting import Public
from .figures import Table


def city(rates: Table, today: date) -> list[dict]:
    """Five figures of the whole city, each with numerator and denominator."""
    figures, law = rates.total.figures, policy.on(today)
    mended, never = figures["mended"], figures["never"]
    left = f"，{mended.whole - mended.part} 家在办" if mended.whole > mended.part else ""
    said = [
        ("重点对象本年已抽中", figures["key"], f" 家，{law.key_coverage_years} 年查一遍"),
        ("按期公开", figures["in_time"], f" 条，期限 {law.publish_within_workdays} 个工作日"),
        ("发现问题", figures["found"], " 家实际检查的"),
        ("已改正", mended, f" 家{left}"),
        ("从未检查", never, f" 家，截至 {short_date(today)}"),
    ]
    return [{"label": label, "figure": f.value, "note": f"{f.part} / {f.whole}{words}"} for label, f, words in said]


def course(found: Table) -> str:
    """How the share of findings went from the quarter before the last to the last, where there are two."""
    names = [name for name in found.bars if found.total.figures[name].whole]
    if len(names) < 2:
        return ""
    before, last = (found.total.figures[name] for name in names)
    rose = last.part * before.whole - before.part * last.whole
    was, now = (found.columns[name][0] for name in names)
    if not rose:
        return f"全市{was}和{now}都是 {last.value}。"
    return f"全市从{was}的 {before.value} {'升' if rose > 0 else '降'}到{now}的 {last.value}。"


def caution(rates: Table) -> str:
    """How much one place more or less would change the share of a unit."""
    wholes = [row.figures["found"].whole for row in rates.rows if row.figures["found"].whole]
    if not wholes:
        return ""
    least, most = min(wholes), max(wholes)
    share = "—".join(dict.fromkeys(f"{100 / n:.0f}" for n in (most, least)))
    places = "—".join(dict.fromkeys(map(str, (least, most))))
    return f"各单位只查 {places} 家，一家的增减就有 {share} 个百分点，不宜据此排名。"


def left(never: Table) -> str:
    """How many nobody has looked at, and how many of them are to be reached within the year."""
    everyone, keys = never.total.figures["never"], never.total.figures["key"]
    if not everyone.whole:
        return ""
    of_keys = f"，其中重点 {keys.part} 家，年底以前都要查到" if keys.part else ""
    return f"名录 {everyone.whole} 家里，{everyone.part} 家没有公开过检查结果{of_keys}。"


def running(public: Public) -> dict[str, str]:
    """Why the quarter whose names are sealed does not count, and when it will; of the first quarter, when that is."""
    if not public.sealed:
        return {"first": "各单位第一次抽取的名单公开以后，从那个季度开始统计。"}
    quarters = sorted({draw.quarter for draw in public.sealed})
    opens = localtime(min(draw.release_at for draw in public.sealed))
    label = "、".join(name_of(quarter) for quarter in quarters)
    shown = Publication.objects.results().filter(
        Q(*((Q(year=q.year, number=q.number)) for q in quarters), _connector=Q.OR)
    )
    return {
        "first": f"第一次在 {short_date(opens.date())}。",
        "title": f"{label}名单公开以前不计入。",
        "text": f"{short_date(opens.date())} {opens:%H:%M} 公开名单。已经公开的 {shown.count()} 条结果可以逐条查，"
        "合计在名单公开以后再算，以免从合计数推出抽中了谁。“从未检查”只减去已经公开结果的。",
    }


def name_of(quarter: Quarter) -> str:
    """第二季度, without its year."""
    return quarter.label.partition("年")[2].strip()
