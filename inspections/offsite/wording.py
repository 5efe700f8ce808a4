"""How looks read on pages and papers, and in the two columns that a check keeps of them."""

from datetime import date

from inspections.models import Inspection, OffsiteLook

MOST = 300  # of Inspection.offsite_evidence; the looks themselves say the rest


def period_words(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} 至 {last.isoformat()}"


def also_words(numbers: list[int]) -> str:
    """That a file stands under other looks too, so that nobody counts it as something else that was seen."""
    return f"同一份材料也附在第 {'、'.join(map(str, numbers))} 次查看" if numbers else ""


def look_words(look: OffsiteLook) -> str:
    return f"{look.source}，{period_words(look.period_from, look.period_to)}"


def summary(inspection: Inspection) -> tuple[str, str]:
    """(method, what was looked at) of a check: the first look's method, and every look in a line."""
    first, *others = inspection.looks.standing()
    lines = [look_words(first), *(f"{look.get_method_display()}：{look_words(look)}" for look in others)]
    said = "；".join(lines)
    return first.method, said if len(said) <= MOST else f"{said[: MOST - 1]}…"
