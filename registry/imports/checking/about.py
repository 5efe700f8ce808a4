"""Whether a list is that of the year, and of the kind, that was said when it was uploaded: what its titles say of themselves."""

import re
from collections.abc import Mapping, Sequence

from benxi_shuangsuiji.refusal import Refused
from registry.codes import plain
from registry.imports.checking.notes import Notes
from registry.imports.checking.tables import Table, titles_of
from registry.models import BatchKind

_WORDS = {
    BatchKind.KEY_LIST: re.compile("重点排污|环境监管重点|重点监管单位|重点单位"),
    BatchKind.POSITIVE: re.compile("正面清单"),
    BatchKind.CREDIT: re.compile("环境信用|环保信用|信用评价"),
    BatchKind.RISK: re.compile("信用风险"),
    BatchKind.MONITORING: re.compile("(在线|自动)监[控测]|超标|超限"),
}
# What other tables of an office call themselves: none of them is a list that gives or takes a category.
_OTHERS = {
    BatchKind.FACILITY: re.compile("检查对象名录|检查对象库|名录库|污染源名录|一单两库"),
    BatchKind.INSPECTOR: re.compile("(检查|执法)人员(名录|名册|名单|库)"),
    BatchKind.HISTORY: re.compile("双随机|(检查|抽查)(情况|结果|台账|统计)"),
    BatchKind.PERMIT: re.compile("排污许可证?(信息|清单|名单|台账|发放|核发)"),
}
# The year of the list, not the day of its printing, the number of a document or the year of a regulation.
_NUMBER_OF_DOCUMENT = re.compile(r"[(\[〔][12]\d{3}[)\]〕]\d*号?")
_DAY = re.compile(r"20\d\d[-./年]\d{1,2}([-./月](\d{1,2}日?)?)?(?!\d)|20\d\d(0[1-9]|1[0-2])\d\d")
_YEAR = re.compile(
    r"(?<!\d)(20\d\d)(?=年(?!修订|版|施行|印发)|度|[-—–~、和至及]{1,2}(20)?\d\d)|(?<=[-—–~、和至及])(20\d\d)(?=年|度)"
)
_ANY_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_LIST = re.compile(r"20\d\d年?度?[^\d。;]{0,30}(名录|名单|清单|结果|公示|等级|分类|通报|公告|一览表|汇总表)")


def of_the_year(tables: Sequence[Table], kind: str, asked: Mapping) -> tuple[list[Table], list[str]]:
    """Of sheets for several years those of the year asked for, and the names of the others; refuses the list of another year."""
    year = asked.get("year")
    if kind not in _WORDS or not year:
        return list(tables), []
    # A rating of one year is sometimes called by the next, in which it is made known.
    right = {year} if kind in (BatchKind.KEY_LIST, BatchKind.MONITORING) else {year, year + 1}
    others = [t.sheet.name for t in tables if (years := _years_of(t)) and not years & right]
    if len(others) < len(tables):
        return [t for t in tables if t.sheet.name not in others], others
    _refuse_another_year(tables[0], year, right)
    return list(tables), []


def _refuse_another_year(table: Table, year: int, right: set[int]) -> None:
    for title in titles_of(table):
        found = years_in(title)
        if found and _LIST.search(plain(title)) and not found & right:
            raise Refused(
                f"标题写的是“{title.strip()[:40]}”，上传时填的是 {year} 年。拿错了文件的，换一份；年度填错的，改好再上传；"
                "标题没有改过来的，改掉标题里的年份。"
            )


def refuse_another_kind(tables: Sequence[Table], kind: str, names: Sequence[str]) -> None:
    """A title that names another kind of list, and nowhere this one."""
    titles = [title for t in tables for title in titles_of(t)]
    if other := _another_kind(titles, kind, [*titles, *names]):
        title, meant = other
        raise Refused(
            f"标题写的是“{title.strip()[:40]}”，这里导入的是{BatchKind(kind).label}。"
            f"拿错了文件的，换一份，或者到“{meant.label}”导入；没有拿错的，改好标题，重新上传。"
        )


def notes_of(tables: Sequence[Table], kind: str, asked: Mapping, file_name: str, notes: Notes) -> None:
    """What the names of sheets and file say otherwise than the upload: a look at it is worth while."""
    names = [*(t.sheet.name for t in tables), file_name]
    titles = [title for t in tables for title in titles_of(t)]
    if other := _another_kind(names, kind, [*titles, *names]):
        text = f"像是{other[1].label}，这里按{BatchKind(kind).label}核对"
        notes.first(0, "", other[0], text, "拿错了文件的，放弃这一批，换一份")
    if kind not in _WORDS:
        return
    said = " ".join(str(asked.get(name, "")) for name in ("year", "batch", "document"))
    wanted = set(map(int, _ANY_YEAR.findall(said)))
    for text, found in [*((t, years_in(t)) for t in titles), *((n, years_in_name(n)) for n in names)]:
        if wanted and found and not wanted & found:
            years = "、".join(map(str, sorted(found)))
            told = f"写的是 {years} 年，上传时填的是 {'、'.join(map(str, sorted(wanted)))} 年"
            notes.first(0, "", text.strip()[:60], told, "核对年度和文件；不对的，放弃这一批，重新上传")
            return


def _another_kind(texts: Sequence[str], kind: str, where: Sequence[str]) -> tuple[str, BatchKind] | None:
    if kind not in _WORDS or any(_WORDS[kind].search(plain(text)) for text in where):
        return None
    return next(
        ((text, other) for text in texts for other, words in (_WORDS | _OTHERS).items() if words.search(plain(text))),
        None,
    )


def _years_of(table: Table) -> set[int]:
    """The years that the titles above a table name; without one, that of the sheet's name."""
    return {year for title in titles_of(table) for year in years_in(title)} or years_in_name(table.sheet.name)


def years_in(title: str) -> set[int]:
    text = _NUMBER_OF_DOCUMENT.sub("", plain(title))
    text = _DAY.sub("", text)
    return {int(year) for found in _YEAR.findall(text) for year in found if len(year) == 4}


def years_in_name(name: str) -> set[int]:
    """In the name of a sheet or a file a year stands alone: 名录2025.xlsx."""
    text = _DAY.sub("", _NUMBER_OF_DOCUMENT.sub("", plain(name)))
    return set(map(int, _ANY_YEAR.findall(text)))
