"""A report as an official document, from its figures and its text (七(六)-b, 八(一)-c)."""

from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.official import Heading, Official, Para, Table
from benxi_shuangsuiji.shares import percent
from benxi_shuangsuiji.workdays.days import full_date
from registry import questions

from .figures import average_workdays
from .periods import Period

NUMERALS = "一二三四五六七八九十"
COUNTS = (
    ("drawn", "抽取"),
    ("finished", "查完"),
    ("not_possible", "未能检查"),
    ("replaced", "更换"),
    ("unfinished", "没有查完"),
    ("public", "公开结果"),
)


def of_report(unit, period: Period, *, figures: dict, text: dict, report, today: date) -> Official:
    """The document of a sent `report`; without one a draft, which has no day and says so."""
    at = localtime(report.asked_at) if report else None
    names = unit.on(at.date() if at else today)
    number = f"报告编号 {unit.code}-{period}"
    if report is None:
        number += f"（草稿，{full_date(today)}的数字）"
    elif report.receipt_no:
        number += f"　回执 {report.receipt_no}"
    blocks = _quarter(figures, text, period) if period.number else _year(figures, text, period)
    if figures.get("responsible"):  # a report sent earlier has none
        rows = tuple(map(tuple, figures["responsible"]))
        blocks.append(Table("各环节责任人", ("环节", "工作", "角色", "责任人和任命文件"), rows, (16, 24, 15, 45)))
    return Official(
        issuer=names.signed,
        number=number,
        title=f"{names.short_name} {period.name}",
        blocks=tuple(blocks),
        signed=names.signed,
        dated=full_date(at.date()) if at else "（草稿）",
        made_at=at.isoformat(timespec="seconds") if at else f"{today}T00:00:00+08:00",
        note="数字由系统按已公开的检查结果和已公开的名单统计，报送时固定。针对性检查单列，不计入随机抽查。"
        + (questions.ask.register_head(at) if at else ""),
    )


def counted(figures: dict) -> str:
    """The quarter or the year in one paragraph; what is carried out of a sealed list is not known (decisions.md 3)."""
    if figures.get("sealed"):
        return (
            f"随机抽取检查对象 {figures['drawn']} 家，已公开检查结果 {figures['public']} 家，"
            f"其余 {_not_public(figures)} 家还没有公开结果。"
        )
    due = figures["drawn"] - figures["replaced"]
    return (
        f"随机抽取检查对象 {figures['drawn']} 家，更换 {figures['replaced']} 家，应查 {due} 家，"
        f"查完 {figures['finished']} 家（{percent(figures['finished'], due)}），"
        f"未能检查 {figures['not_possible']} 家，没有查完 {figures['unfinished']} 家。"
        f"{_ended(figures)}已公开检查结果 {figures['public']} 家，其中按时公开 {figures['in_time']} 家，"
        f"自检查结束至公开平均 {average_workdays(figures)} 个工作日。"
    )


def _ended(figures: dict) -> str:
    """What the public results are counted from: more than was finished, where one was found shut and then replaced."""
    return f"检查结束 {figures['ended']} 家（含未能检查、到场以后更换的），" if "ended" in figures else ""


def _owed(figures: dict) -> int:
    return figures.get("ended", figures["finished"] + figures["not_possible"])  # a report sent earlier has no `ended`


def _not_public(counts: dict) -> int:
    """Of a sealed list; who was replaced is not waited for."""
    return max(counts["drawn"] - counts["replaced"] - counts["public"], 0)


def handled(figures: dict) -> str:
    return (
        f"发现问题 {figures['problems']} 家。责令限期改正 {figures['rectify']} 家，立案查处 {figures['case']} 家，"
        f"移送其他部门或者公安机关 {figures['transferred']} 家，待后续处理 {figures['pending']} 家。"
    )


def modes(figures: dict) -> str:
    return f"现场检查 {figures['onsite']} 家，非现场检查 {figures['offsite']} 家，书面检查 {figures['document']} 家。"


def targeted(figures: dict) -> str:
    if not figures["targeted"]:
        return "没有已公开结果的针对性检查。"
    kinds = "，".join(f"{label} {n} 次" for _, label, n in figures["targeted_sources"])
    return (
        f"针对性检查已公开结果 {figures['targeted']} 次（{kinds}），发现问题 {figures['targeted_problems']} 次。"
        "不计入随机抽查。"
    )


def strata_table(figures: dict) -> Table:
    if figures.get("sealed"):
        parts = (*figures["strata"], {**figures, "name": "合计"})
        return Table(
            "各类检查对象（家）",
            ("类别", "抽取", "公开结果", "还没有公开结果"),
            tuple((s["name"], str(s["drawn"]), str(s["public"]), str(_not_public(s))) for s in parts),
            (25, 25, 25, 25),
        )
    rows = [
        (part["name"], *(str(part[name]) for name, _ in COUNTS))
        for part in (*figures["strata"], {**figures, "name": "合计"})
    ]
    return Table(
        "各类检查对象（家）",
        ("类别", *(title for _, title in COUNTS)),
        tuple(rows),
        (16, 13, 13, 14, 13, 16, 15),
    )


def outcomes_table(figures: dict) -> Table:
    rows = tuple((label, str(n), percent(n, figures["public"])) for _, label, n in figures["outcomes"])
    return Table(
        "检查结果（家）", ("检查结果", "家数", "占比"), rows or (("没有已公开的结果", "0", "—"),), (50, 25, 25)
    )


def indicators_table(figures: dict) -> list[Table]:
    """K1 to K23 as they were locked; a report from before they were counted has none."""
    head = ("指标", "数字", "分子", "分母", "目标")
    rows = tuple(
        (f"{f['no']} {f['name']}", f["shown"], str(f["counted"]), str(f["n"]), f["goal"] or "—")
        for f in figures.get("indicators", ())
    )
    return [Table("工作指标", head, rows, (36, 16, 14, 14, 20))] if rows else []


def _quarter(figures: dict, text: dict, period: Period) -> list:
    draws = "、".join(figures["draws"])
    blocks = [
        Para("市执法队牵头部门："),
        Para(f"根据《实施方案》七(六)，将 {period.label}随机抽查的检查结果报告如下。"),
        Heading("一、检查完成情况"),
        Para((f"抽取编号 {draws}。" if draws else "本季度没有抽取。") + counted(figures) + modes(figures)),
        strata_table(figures),
        *indicators_table(figures),
        *(Para(f"{words}。") for words in figures.get("late", ())),  # 六(一)2-b; a report sent earlier has no such line
    ]
    if figures["reasons"]:
        blocks.append(
            Table(
                "没有查完和未能检查的检查对象",
                ("名录编号", "检查对象", "情况", "原因", "批准"),
                tuple(
                    (
                        r["code"],
                        r["name"],
                        r["standing"],
                        r["words"] or "没有写原因",
                        "已批准" if r["approved"] else "没有批准",
                    )
                    for r in figures["reasons"]
                ),
                (24, 24, 12, 28, 12),
            )
        )
    blocks += [
        Heading("二、检查结果和处理"),
        Para(handled(figures)),
        outcomes_table(figures),
        Heading("三、针对性检查"),
        Para(targeted(figures)),
        Heading("四、存在的问题"),
        *_written(text, "problems"),
    ]
    if text.get("practice"):
        blocks += [Heading("五、经验做法"), *_written(text, "practice")]
    return blocks


def _year(figures: dict, text: dict, period: Period) -> list:
    blocks = [
        Para("市生态环境局："),
        Para(f"根据《实施方案》八(一)，将 {period.year} 年“双随机、一公开”监管工作情况报告如下。"),
    ]
    counted_blocks = year_blocks(figures)
    for n, chapter in enumerate(period.chapters):
        blocks += [
            Heading(f"{NUMERALS[n]}、{chapter.title}"),
            *counted_blocks.get(chapter.key, []),
            *_written(text, chapter.key),
        ]
    if figures["units"]:
        columns = (*(name for name, _ in COUNTS), "problems", "rectify", "case", "transferred", "targeted")
        rows = tuple((u["name"], *(str(u[c]) for c in columns)) for u in figures["units"])
        totals = ("合计", *(str(sum(u[c] for u in figures["units"])) for c in columns))
        titles = (title for _, title in COUNTS)
        head = ("单位", *titles, "发现问题", "责令改正", "立案", "移送", "针对性检查")
        blocks += [
            Heading("附表"),
            Table("全市各单位（家；针对性检查为次）", head, (*rows, totals), (12, *[8] * 11)),
        ]
    return blocks


def year_blocks(figures: dict) -> dict[str, list]:
    """What the system has counted for each chapter; page and paper show the same."""
    books, coverage, frequency, positive = (figures[n] for n in ("books", "coverage", "frequency", "positive"))
    objects = "，".join(f"{label} {n} 家" for _, label, n in books["objects"])
    first, last = coverage["cycle"]
    return {
        "basis": [
            Para(
                (
                    f"随机抽查事项清单第 {books['list_version']} 版，事项 {books['items']} 项。"
                    if books["list_version"]
                    else "没有随机抽查事项清单。"
                )
                + f"检查对象名录 {books['objects_total']} 家：{objects}。"
                f"检查人员 {books['inspectors']} 人，其中执法证有效 {books['certified']} 人。"
            )
        ],
        "draws": [quarters_table(figures), *_unplanned(figures)],
        "checks": [
            Para(counted(figures) + modes(figures) + _begun_late(figures)),
            Para(
                f"现场检查登记执法记录仪 {figures['recorded']} 家，占 {percent(figures['recorded'], figures['onsite'])}。"
            ),
            strata_table(figures),
            *indicators_table(figures),
        ],
        "results": [
            Para(
                f"{_ended(figures)}公开 {figures['public']} 家，"
                f"公开率 {percent(figures['public'], _owed(figures))}；"
                f"按时公开率 {percent(figures['in_time'], figures['public'])}，平均 {average_workdays(figures)} 个工作日。"
            ),
            outcomes_table(figures),
        ],
        "handling": [Para(handled(figures)), Para(targeted(figures))],
        "use": [
            Para(f"本年纳入正面清单 {positive['entered']} 家，移出 {positive['left']} 家，现有 {positive['now']} 家。")
        ],
        "coverage": [
            Para(
                f"重点监管对象 {coverage['key']} 家，本年查到 {coverage['key_reached']} 家，"
                f"覆盖 {percent(coverage['key_reached'], coverage['key'])}。"
                f"一般监管对象 {coverage['general']} 家，{first} 年以来查到 {coverage['general_reached']} 家，"
                f"覆盖 {percent(coverage['general_reached'], coverage['general'])}；{first} 至 {last} 年应当全部查到。"
            )
        ],
        "frequency": [
            Para(
                f"同一对象本年最多抽中 {frequency['most']} 次，超过 {frequency['cap']} 次的 {frequency['over']} 家"
                "（特殊监管对象不受此限制）。"
            )
        ],
    }


def quarters_table(figures: dict) -> Table:
    return Table(
        "四个季度的计划和抽取",
        ("季度", "计划公开", "计划", *(title for _, title in COUNTS), "公开随机数", "备案回执"),
        tuple(
            (
                q["label"],
                q["published"] or "—",
                str(q["planned"]),
                *(str(q[name]) for name, _ in COUNTS),
                q["sources"] or "—",
                q["receipt"] or "—",
            )
            for q in figures["quarters"]
        ),
        (11, 11, 6, 6, 6, 7, 6, 7, 8, 14, 18),
    )


def _begun_late(figures: dict) -> str:
    n = figures.get("begun_late", 0)
    return f"其中 {n} 家过了抽取的季度才开始检查。" if n else ""


def _unplanned(figures: dict) -> list[Para]:
    """What the year's list holds and nobody planned (六(一)2-c); a report from before this was counted says nothing."""
    if "unplanned" not in figures:
        return []
    items = "、".join(f"{code} {name}" for code, name in figures["unplanned"])
    return [Para(f"本年没有安排的事项：{items}。" if items else "清单里的事项本年都有安排。")]


def _written(text: dict, key: str) -> list[Para]:
    return [Para(line.strip()) for line in text.get(key, "").splitlines() if line.strip()]
