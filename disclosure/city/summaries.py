"""全市汇总: what the units have made public of one quarter, put together, and what has changed since (七(六), D-3b).

From publications alone, so that the public page reads it too (decisions.md 2); `standing` knows what is still missing.
"""

from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Publication


def title_of(quarter: Quarter) -> str:
    return f"全市 {quarter.label}抽查工作计划汇总"


def line_of(plan: Publication) -> dict:
    """One unit's line."""
    shown = plan.snapshot
    return {
        "code": plan.unit_code,
        "name": plan.unit_name,
        "plan": plan.no,
        "version": plan.version,
        "digest": plan.digest,
        "strata": [{n: s[n] for n in ("category", "name", "on_books", "planned")} for s in shown["strata"]],
        "total": shown["total"],
        "window_text": shown["window_text"],
        "draw_text": shown["draw_text"],
        "late_reason": plan.late_reason,
    }


def changes_between(old: list[dict], new: list[dict]) -> list[dict]:
    """Unit by unit what a later summary says otherwise than an earlier one: {code, name, words}."""
    before, after = {u["code"]: u for u in old}, {u["code"]: u for u in new}
    found = []
    for code, unit in after.items():
        if code not in before:
            found.append({"code": code, "name": unit["name"], "words": [f"加入，抽查 {unit['total']} 家"]})
        elif unit["digest"] != before[code]["digest"]:
            found.append({"code": code, "name": unit["name"], "words": _differences(before[code], unit)})
    found += [{"code": c, "name": u["name"], "words": ["不再列入"]} for c, u in before.items() if c not in after]
    return found


def _differences(old: dict, new: dict) -> list[str]:
    """Old → new, for everything that the summary shows; a change of something else is named as such."""
    planned = {s["category"]: s["planned"] for s in old["strata"]}
    found = [
        f"{s['name']} {planned.get(s['category'], 0)} 家 → {s['planned']} 家"
        for s in new["strata"]
        if s["planned"] != planned.get(s["category"], 0)
    ]
    for name, label in (("draw_text", "抽取时间"), ("window_text", "检查时段")):
        if old[name] != new[name]:
            found.append(f"{label} {old[name]} → {new[name]}")
    return found or ["家数和时间没有变，其他内容见计划"]
