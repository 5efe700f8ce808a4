"""A published 检查结果汇总 in words and tables, from its snapshot alone (七(六)-b)."""

from benxi_shuangsuiji.documents.official import Heading, Para, Table
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Publication, PublicationKind

# What of a report the public reads: (name, heading), in this order.
COLUMNS = (
    ("drawn", "抽取"),
    ("finished", "查完"),
    ("not_possible", "未能检查"),
    ("replaced", "更换"),
    ("unfinished", "没有查完"),
    ("public", "公开结果"),
    ("onsite", "现场"),
    ("offsite", "非现场"),
    ("problems", "发现问题"),
    ("rectify", "责令改正"),
    ("case", "立案"),
    ("transferred", "移送"),
    ("targeted", "针对性检查"),
)
WIDTHS = (14, 6, 6, 7, 6, 7, 7, 6, 7, 7, 7, 6, 6, 8)  # of the paper's table, with the unit's column


def quarters() -> list[Quarter]:
    """Those of which a summary is public, the newest first."""
    found = Publication.objects.current().filter(kind=PublicationKind.RESULT_SUM)
    return [Quarter(year, number) for year, number in found.order_by("-year", "-number").values_list("year", "number")]


def totals_of(snapshot: dict) -> dict[str, int]:
    return {name: sum(unit[name] for unit in snapshot["units"]) for name, _ in COLUMNS}


def outcomes_of(snapshot: dict) -> list[tuple[str, str, int]]:
    """(code, label, n) of the whole city, in the order of the first unit that names them."""
    found: dict[str, list] = {}
    for unit in snapshot["units"]:
        for code, label, n in unit["outcomes"]:
            found.setdefault(code, [label, 0])[1] += n
    return [(code, label, n) for code, (label, n) in sorted(found.items(), key=lambda item: -item[1][1])]


def not_drawn(snapshot: dict) -> list[str]:
    """Who has reported that it held no draw."""
    return [unit["name"] for unit in snapshot["units"] if not unit["draws"]]


def lead_words(snapshot: dict) -> str:
    """The sums in a sentence: of the units that drew, and who did not."""
    totals, without = totals_of(snapshot), not_drawn(snapshot)
    words = (
        f"{len(snapshot['units']) - len(without)} 个单位随机抽取 {totals['drawn']} 家，查完 {totals['finished']} 家，"
        f"未能检查 {totals['not_possible']} 家，更换 {totals['replaced']} 家，没有查完 {totals['unfinished']} 家；"
        f"公开检查结果 {totals['public']} 家，发现问题 {totals['problems']} 家。"
    )
    return f"{words}{'、'.join(without)}没有抽取。" if without else words


def blocks_of(publication: Publication) -> list:
    """The summary as an official document."""
    snapshot, quarter = publication.snapshot, Quarter(publication.year, publication.number)
    totals, units = totals_of(snapshot), snapshot["units"]
    rows = [
        (unit["name"] + ("" if unit["draws"] else "（没有抽取）"), *(str(unit[name]) for name, _ in COLUMNS))
        for unit in units
    ]
    blocks = [
        Para(f"现将全市 {quarter.label}随机抽查的检查结果汇总公开。{lead_words(snapshot)}"),
        Para("各家的检查结果由检查单位逐家公开。针对性检查单列，不计入随机抽查。"),
        Table(
            "各单位的检查结果（家；针对性检查为次）",
            ("单位", *(title for _, title in COLUMNS)),
            (*rows, ("合计", *(str(totals[name]) for name, _ in COLUMNS))),
            WIDTHS,
        ),
        Table(
            "检查结果（家）",
            ("检查结果", "家数"),
            tuple((label, str(n)) for _, label, n in outcomes_of(snapshot)) or (("没有已公开的结果", "0"),),
            (60, 40),
        ),
    ]
    if snapshot["missing"]:
        blocks += [Heading("没有报送的单位"), Para(f"{'、'.join(snapshot['missing'])}。")]
    if snapshot["added"]:
        blocks += [Heading("与上一版的变化"), Para(f"补报：{'、'.join(snapshot['added'])}。")]
    return blocks
