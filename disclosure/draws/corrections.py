"""What was put right in a draw, as everybody may read it (SSJ1 9.1, 14.4): at once the values, with the names who came and went."""

from itertools import pairwise
from textwrap import wrap

from django.utils.timezone import localtime

from benxi_shuangsuiji.workdays.days import full_date
from plans.draw import ssj1

from . import amendments
from .documents import PublicCorrection, PublicDraw


def shown(found: PublicDraw) -> list[dict]:
    """One entry for each corrected value, in the order of the corrections."""
    sources = found.manifest.sources
    return [
        {
            "label": sources[row.position - 1].label,
            "was": parts_of(sources[row.position - 1].kind, row.was),
            "value": parts_of(sources[row.position - 1].kind, row.value),
            "reason": row.reason,
            "evidence": row.evidence,
            "person": row.person,
            "document": row.document,
            "when": when(row.at),
            "run": row.run,
        }
        for row in PublicCorrection.objects.filter(draw_id=found.draw_id)
    ]


def lists(found: PublicDraw) -> list[dict]:
    """Of a released draw: who was drawn before a correction and is no more, and who is drawn since."""
    runs = [found.run_texts(run) for run in found.runs]
    names = {row.id: row.name for frame in found.frames for row in frame.rows} if len(runs) > 1 else {}
    found_lists = []
    for number, (earlier, later) in enumerate(pairwise(runs), 2):
        before, after = _drawn(earlier), {pick.id for pick in ssj1.parse_result(later.result).picks}
        found_lists.append(
            {
                "run": number,
                "gone": sorted(names[code] for code in before - after),
                "came": sorted(names[code] for code in after - before),
                "both": len(before & after),
            }
        )
    return found_lists


def _drawn(run: ssj1.Run) -> set[str]:
    """Who stood at the end of a run, its replacements included."""
    amends = [ssj1.parse_amend(text) for text in run.amends]
    return {pick.id for pick, _, gone in amendments.standing(ssj1.parse_result(run.result), amends) if not gone}


def parts_of(kind: str, value: str) -> list[str]:
    """A public value as it was announced: number by number, throw by throw, a beacon in fours."""
    if kind == "BEACON":
        return wrap(value, 4)
    return list(value) if kind in ("DICE", "DIGITS") else value.replace("+", ",").split(",")


def when(at) -> str:
    at = localtime(at)
    return f"{full_date(at.date())} {at:%H:%M}"
