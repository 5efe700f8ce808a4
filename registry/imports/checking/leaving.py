"""Lists hold those who leave beside those who stand on them: 移出单位, 已注销, 是否纳入 否. None of them is ever taken as listed.

The words are looked for in the name of a sheet, in titles, in sections, and in columns that are no field; never in names.
"""

import re
from collections.abc import Mapping

from benxi_shuangsuiji import clock
from registry.codes import plain
from registry.inspectors import leavers, person_names
from registry.models import BatchKind, Employment

_GOING = (
    "移出|移除|调出|剔除|剔出|退出|撤出|除名|清退|取消|删除|撤销|注销|吊销|核减|"
    "不再(列入|纳入|保留|作为|属于)|(不|未|不予|暂不|未予)(列入|纳入)|不予保留"
)
# Of a firm that has gone a rating stays what it was, and a past check whatever becomes of anybody.
_RATED = "移出|剔除|退出|取消|撤销|不再(列入|纳入)"
_WORDS = {
    BatchKind.KEY_LIST: _GOING,
    BatchKind.POSITIVE: _GOING,
    BatchKind.PERMIT: f"{_GOING}|作废|失效|废止",
    BatchKind.FACILITY: f"{_GOING}|关停|关闭|倒闭|破产|拆除|灭失",
    BatchKind.CREDIT: _RATED,
    BatchKind.RISK: _RATED,
}
# In a title 取消 and 删除 may speak of anything.
_LOOSE = re.compile(r"取消\||删除\|")
# Where a clerk writes what becomes of somebody; a boiler that was taken down is nobody.
_TELLS = re.compile(
    "备注|附注|说明|情况|状态|变动|变化|变更|调整|标[记注识]|业务|操作|处理|意见|动态|进出|增减|名录|名单|清单|批次|是否|移出|类别|类型"
)
_THINGS = re.compile("设施|设备|锅炉|炉窑|监控|监测|在线|联网|工程|项目|危废|危险废物|处罚|车辆|行业|经营范围")
_WHEN = r"((19|20)\d\d年?([-./]?\d{1,2}([-./月]\d{0,2}日?)?)?(度|底|初|起)?)?"
_FIRST = (
    r"(拟|已|已经|现|均|全部|建议|申请|予以|应|需|将|被|本次|本年|本年度|今年|本批|新|企业|单位|公司|该企业|该单位|"
    r"(长期|永久)?(停产|停业|搬迁|关停|关闭|破产|拆除|淘汰|倒闭)|因[^,;。]{1,16}?|由于[^,;。]{1,16}?)"
)
_LAST = (
    r"(的|了|出|本|年度|重点|排污|环境|监管|监督|执法|正面|名录库|名录|名单|清单|范围|企业|单位|人员|登记|手续|营业执照|"
    r"排污许可证?|许可证|登记表|处理|状态|情况|名录外|家|户)*"
)
_NUMBER = r"([(（]?[一二三四五六七八九十]{1,3}[)）、,.．]{1,2}|[(（]?\d{1,2}[)）、.．]{1,2}|第[一二三四五六七八九十]{1,3}(部分|类|章|批)[、:]?)"
_COUNTED = r"(\([^()]*\))?[:,、]?(共?计?\d{1,5}(家|户|个|人|名)?)?(\([^()]*\))?[:。]?"
_STAY = re.compile(
    "新增|增补|新列入|新纳入|调入|转入|继续|保留|在册|有效|在产|在岗|(?<!不再)(?<!不予)(?<![不未])(拟?列入|拟?纳入)"
)
_NOTE = re.compile("^(备?注|附注|.{0,4}说明)|[。;].")
_AGAIN = re.compile("重新|恢复|再次|后又|复产")
_LISTED = re.compile(r"是否(仍|继续|拟|应|予以)?(列入|纳入|保留|入选)[^\W\d]{0,12}")
_NO = {"否", "不", "×", "X", "N", "NO", "0", "FALSE"}
_NOTHING = re.compile(r"[-—–/\\.·*]*|无|没有|暂无|不涉及|否|NA|N/A")
_WHY = re.compile(rf"(拟|已)?({_GOING})(名录|名单|清单|企业|单位)?(的)?(原因|理由|时间|日期|年度|年份|依据|文号|说明)")
# A column about another list says nothing of this one.
_ABOUT = {BatchKind.KEY_LIST: "正面|信用|许可", BatchKind.POSITIVE: "重点|排污|信用|许可"}
# A column that says of what time a row is; 列入年度 says since when.
_PERIOD = re.compile("(环境|企业|环保|信用|风险|评价|评定|分类|名录|数据|所属)*(年度|年份|年月|月份|月度|期间)")
_YEAR_AND_MONTH = re.compile(r"(?:(20\d\d)(?:年度?)?)?[-./]?(?:(?<!\d)0?(1[0-2]|[1-9])月?(?:份|[-./]\d\d.*)?)?(?<=.)")
_REMEDIES = {
    BatchKind.FACILITY: "还在名录里的，在“生产状态”一列写明；不列入名录的，删去这一行",
    BatchKind.PERMIT: "删去这一行；许可证注销的，在对象页面改",
    BatchKind.KEY_LIST: "删去这一行；不再列入的，导入时按“不再列入”提出",
}
_LISTS = {BatchKind.KEY_LIST: "名录", BatchKind.POSITIVE: "正面清单"}


class Leaving:
    """How one kind of workbook calls those who leave. `here`: the row just read is one of them."""

    also_in = {"list_kinds": "类别"}  # columns that are read and may say so, with their heads

    def __init__(self, kind: str, asked: Mapping | None = None):
        self.kind, self.here, self.asked = kind, False, asked or {}
        self.sheets: list[str] = []  # those left out, because all in them leave
        words = _WORDS.get(kind, "(?!)")
        said = rf"({_LOOSE.sub('', words)})"
        self._any = re.compile(words)
        self._cell = re.compile(
            rf"([^,;。]{{0,12}}[,;、])?{_WHEN}{_FIRST}*{_WHEN}({words})(、?({words}))*{_LAST}{_WHEN}(\(.*\))?([,;:。].*)?"
        )
        self._title = re.compile(
            rf"{said}[^,。;]{{0,16}}?(名单|名录|清单|企业|单位|人员|明细|台账|汇总|情况|一览|表|家)"
        )
        self._section = re.compile(
            rf"{_NUMBER}?{_WHEN}{_FIRST}*{said}(、?{said})*{_LAST}{_WHEN}(表|汇总表|明细|台账|情况)?{_COUNTED}"
        )

    def remedy(self, text: str) -> str:
        if _YEAR_AND_MONTH.fullmatch(plain(text)):
            return "年度和月份与上传时填的不同：删去这一行；填错了的，改好再上传"
        return _REMEDIES.get(self.kind, "删去这一行；移出的，在对象页面办理")

    def remedy_of_all(self) -> str:
        if self.kind == BatchKind.KEY_LIST:
            return "导入列入的名单，名单里没有的按“不再列入”提出。"
        return "" if self.kind == BatchKind.FACILITY else "离开的不用表格导入，逐个在页面上办理。"

    def title(self, text: str) -> bool:
        """Whether a title above the heads says so: 移出企业名单, but not 列入和移出名单."""
        text = plain(text)
        if len(text) > 50 or _NOTE.search(text) or not self._title.search(text):
            return False
        return not _STAY.search(self._any.sub("", text))

    def ends(self, title: str) -> bool:
        """Whether a title, whatever it is about, ends the section of those who leave."""
        return len(title) < 30 and bool(_STAY.search(title))

    def stays(self, text: str, values: Mapping) -> bool:
        """Whether what a remark says is said in a column of its own."""
        return self.kind == BatchKind.FACILITY and bool(values.get("status"))

    def section(self, text: str) -> bool:
        """Whether a section, or the name of a sheet, says that all in it leave."""
        return len(text) < 40 and bool(self._section.fullmatch(plain(text)))

    def column(self, head: str) -> bool:
        """Whether a column that is no field may say so at all."""
        head, about = plain(head), _ABOUT.get(self.kind)
        if self.asked.get("year") and _PERIOD.fullmatch(head):
            return True
        if self.kind not in _WORDS or (about and re.search(about, head)) or _THINGS.search(head):
            return False
        return not head or bool(_TELLS.search(head) or _WHY.fullmatch(head))

    def cell(self, head: str, text: str) -> str:
        """What a cell of such a column says of who leaves, as the row is told it; "" for anything else."""
        text, head = plain(text), plain(head)
        if not text or len(text) > 60:
            return ""
        if self.asked.get("year") and _PERIOD.fullmatch(head):
            return _told(head, text) if self._is_another_time(text) else ""
        if _WHY.fullmatch(head) and self.kind != BatchKind.FACILITY and not _NOTHING.fullmatch(text.upper()):
            return f"填了“{head}”"
        no = _LISTED.fullmatch(head) and self.kind in _LISTS and text.upper() in _NO
        return _told(head, text) if no or (self._cell.fullmatch(text) and not _AGAIN.search(text)) else ""

    def _is_another_time(self, text: str) -> bool:
        """Whether a row is of another year, or month, than the list was said to be."""
        found = _YEAR_AND_MONTH.fullmatch(text)
        said = zip(("year", "month"), found.groups(), strict=True) if found else ()
        return any(number and self.asked.get(name) not in (None, int(number)) for name, number in said)


class LeavingPeople(Leaving):
    """`inspectors.leavers` has the words. Any column may say it, that of the position too."""

    also_in = {"position": "职务", "post": "部门岗位"}

    def section(self, text: str) -> bool:
        return leavers.is_list_of_leavers(text)

    title = section

    def column(self, head: str) -> bool:
        return True

    def cell(self, head: str, text: str) -> str:
        gone = leavers.said_gone(text, clock.today()) or leavers.said_of_card(text)
        return _told(plain(head), " ".join(text.split())) if gone else ""

    def ends(self, title: str) -> bool:
        return person_names.heads_a_part(title)

    def stays(self, text: str, values: Mapping) -> bool:
        """Who is said to be off his post is entered as such; without a card none can be gone."""
        if leavers.said_gone(text, clock.today()):
            return values.get("employment") == Employment.OFF_POST
        return not values.get("certificate_no")

    def remedy(self, text: str) -> str:
        return leavers.CARD if leavers.said_of_card(text) else leavers.GONE


def leaving_of(kind: str, asked: Mapping) -> Leaving:
    return (LeavingPeople if kind == BatchKind.INSPECTOR else Leaving)(kind, asked)


class Sections:
    """Which section of a sheet one stands in: of those who leave, until another of the same order begins."""

    def __init__(self, leaving: Leaving):
        self._leaving, self.open, self._order = leaving, "", 0

    def begins(self, text: str) -> None:
        """A row that is no data was passed over."""
        if _NOTE.search(plain(text)):
            return
        if self._leaving.section(text) or self._leaving.title(text):
            self.open, self._order = text, order_of(text)
        elif self.open and (self._leaving.ends(plain(text)) or 0 < order_of(text) <= self._order):
            self.open = ""


def order_of(text: str) -> int:
    """一、 is above （一）, which is above 1.; 0 for a section without number."""
    forms = ("[一二三四五六七八九十]|第", r"\([一二三四五六七八九十]", r"\d{1,2}[.、]", r"\(\d")
    text = plain(text)
    if not re.match(_NUMBER, text):
        return 0
    return next((order for order, form in enumerate(forms, start=1) if re.match(form, text)), 0)


def _told(head: str, text: str) -> str:
    return f"“{head}”写的是“{text[:20]}”" if head else f"写的是“{text[:20]}”"
