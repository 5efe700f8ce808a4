"""A published 合规体检摘要 in words and tables, from its snapshot alone (四(3)-f, 八(一)-b; ui-2.md 23)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from benxi_shuangsuiji.documents.official import Heading, Para, Table
from benxi_shuangsuiji.workdays.days import Quarter, full_moment
from disclosure.models import Publication, PublicationKind

COUNTS = {"kept": "守住", "broken": "没守住", "open": "还没到期"}
# In which order rules are read: what is broken first, then what can still go wrong.
GROUPS = (("broken", "有没守住的"), ("open", "还没到期的"), ("kept", "都守住的"))
NOTE = (
    "一条规则一个单位算一处。检查、录像、文书只算结果已公开的；没有这样的事，算守住。和办事时拦下不合规做法的是同一套规则。"
    "不写是哪个单位、哪家企业、哪个人：一个单位一季只有几家，写了就看得出是谁。"
)


@dataclass(frozen=True)
class Group:
    title: str
    rules: list[dict[str, Any]]


def found(*, newest_first: bool = True) -> list[Publication]:
    """The newest version of each quarter that is public."""
    order = ("-year", "-number") if newest_first else ("year", "number")
    return list(Publication.objects.current().filter(kind=PublicationKind.SELF_CHECK).order_by(*order))


def place(clause: str) -> str:
    """七（二） of 七(二)-a, as the plan numbers it."""
    return clause.partition("-")[0].replace("(", "（").replace(")", "）")


def sums(snapshot: dict[str, Any]) -> dict[str, int]:
    return {name: sum(rule[name] for rule in snapshot["rules"]) for name in COUNTS}


def groups(snapshot: dict[str, Any]) -> list[Group]:
    """Each rule once, in the order of the plan within its group."""
    left, made = list(snapshot["rules"]), []
    for name, title in GROUPS:
        these = [rule for rule in left if rule[name]]
        left = [rule for rule in left if not rule[name]]
        if these:
            made.append(Group(title, [rule | {"place": place(rule["clause"])} for rule in these]))
    return made


def as_of(snapshot: dict[str, Any]) -> str:
    return full_moment(datetime.fromisoformat(snapshot["as_of"]))


def lead_words(snapshot: dict[str, Any]) -> str:
    """520 处里守住 515 处，没守住 5 处."""
    counted = sums(snapshot)
    words = f"{sum(counted.values())} 处里守住 {counted['kept']} 处，没守住 {counted['broken']} 处"
    return words + (f"，还没到期 {counted['open']} 处" if counted["open"] else "")


def stats_of(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    """The tiles."""
    counted = sums(snapshot)
    broken = sum(bool(rule["broken"]) for rule in snapshot["rules"])
    return [
        {
            "label": "没守住",
            "figure": counted["broken"],
            "unit": "处",
            "note": f"在 {broken} 条规则里" if broken else "",
            "bad": bool(broken),
        },
        {"label": "还没到期", "figure": counted["open"], "unit": "处", "note": "期限在季度以后的"},
        {"label": "守住", "figure": counted["kept"], "unit": "处", "note": "没有这样的事也算守住"},
        {
            "label": "看数据的规则",
            "figure": len(snapshot["rules"]),
            "unit": "条",
            "note": f"{snapshot['units']} 个单位",
        },
    ]


# --- as files ---------------------------------------------------------------------------------------------------------

HEADS = (
    "季度",
    "版次",
    "规则",
    "条款",
    "种类",
    "《实施方案》原文",
    "看什么",
    "守住（处）",
    "没守住（处）",
    "还没到期（处）",
    "截至",
)


def lines(publications: list[Publication]) -> list[list[Any]]:
    """One line a rule and quarter."""
    return [
        [
            p.no,
            p.version,
            *(rule[name] for name in ("id", "clause", "kind", "quote", "looks", *COUNTS)),
            p.snapshot["as_of"],
        ]
        for p in publications
        for rule in p.snapshot["rules"]
    ]


def as_json(publications: list[Publication]) -> list[dict[str, Any]]:
    return [
        {"quarter": p.no, "version": p.version, "as_of": p.snapshot["as_of"], "units": p.snapshot["units"]}
        | {"totals": sums(p.snapshot), "rules": p.snapshot["rules"]}
        for p in publications
    ]


def blocks_of(publication: Publication) -> list[Heading | Para | Table]:
    """The summary as an official document."""
    snapshot, quarter = publication.snapshot, Quarter(publication.year, publication.number)
    blocks: list[Heading | Para | Table] = [
        Para(
            f"现将全市 {quarter.label}《实施方案》执行情况的合规体检摘要公开。看数据的规则 {len(snapshot['rules'])} 条，"
            f"{snapshot['units']} 个单位，截至 {as_of(snapshot)}：{lead_words(snapshot)}。"
        ),
        Para(NOTE),
    ]
    for number, group in zip("一二三", groups(snapshot), strict=False):
        rows = tuple(
            (rule["place"], f"{rule['quote']}（{rule['looks']}）", *(str(rule[name]) for name in COUNTS))
            for rule in group.rules
        )
        title = f"{group.title} {len(rows)} 条"
        head = ("条款", "《实施方案》原文和看什么", *(f"{label}（处）" for label in COUNTS.values()))
        blocks += [Heading(f"{number}、{title}"), Table(title, head, rows, (14, 50, 11, 12, 13))]
    return blocks
