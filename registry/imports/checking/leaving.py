"""Lists hold those who leave beside those who stand on them: 移出单位, 已注销, 是否纳入 否. None of them is ever taken as listed.

The words are looked for in the name of a sheet, in titles, in sections, and in columns that are no field; never in names.
"""

import re
import unicodedata

from registry.models import BatchKind

_GOING = (
    "移出|移除|调出|剔除|剔出|退出|撤出|除名|清退|取消|删除|撤销|注销|吊销|核减|"
    "不再(列入|纳入|保留|作为|属于)|(不|未|不予|暂不|未予)(列入|纳入)|不予保留"
)
_GONE_PERMIT = "作废|失效|废止"
_GONE_FIRM = "关停|关闭|倒闭|破产|拆除|灭失"
_MORE = {BatchKind.PERMIT: _GONE_PERMIT, BatchKind.FACILITY: _GONE_FIRM}
# Of a firm that has gone, a rating stays what it was.
_RATED = "移出|剔除|退出|取消|撤销|不再(列入|纳入)"
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
_LISTS = {BatchKind.KEY_LIST: "名录", BatchKind.POSITIVE: "正面清单"}


class Leaving:
    """How one kind of workbook calls those who leave. `here`: the row just read is one of them."""

    def __init__(self, kind: str):
        self.kind, self.here = kind, False
        self.sheets: list[str] = []  # those left out, because all in them leave
        # People who leave are `inspectors.leavers`; a past check stays what it was.
        if kind in (BatchKind.INSPECTOR, BatchKind.HISTORY, BatchKind.ITEM) or kind not in BatchKind.values:
            words = ""
        elif kind in (BatchKind.CREDIT, BatchKind.RISK):
            words = _RATED
        else:
            words = "|".join(filter(None, [_GOING, _MORE.get(kind, "")]))
        self._words = words
        if words:
            firm = _LOOSE.sub("", words)
            said = rf"({firm})"
            self._cell = re.compile(
                rf"([^,;。]{{0,12}}[,;、])?{_WHEN}{_FIRST}*{_WHEN}({words})(、?({words}))*{_LAST}{_WHEN}(\(.*\))?([,;:。].*)?"
            )
            self._title = re.compile(
                rf"{said}[^,。;]{{0,16}}?(名单|名录|清单|企业|单位|人员|明细|台账|汇总|情况|一览|表|家)"
            )
            self._sheet = re.compile(
                rf"{_NUMBER}?{_WHEN}{_FIRST}*{said}(、?{said})*{_LAST}{_WHEN}(表|汇总表|明细|台账|情况)?{_COUNTED}"
            )
            self._section = re.compile(rf"{_NUMBER}?{_WHEN}{_FIRST}*{said}(、?{said})*{_LAST}{_WHEN}{_COUNTED}")
            self._any = re.compile(words)

    def remedy(self) -> str:
        if self.kind == BatchKind.FACILITY:
            return "还在名录里的，在“生产状态”一列写明；不列入名录的，删去这一行"
        if self.kind == BatchKind.PERMIT:
            return "删去这一行；许可证注销的，在对象页面改"
        if self.kind == BatchKind.KEY_LIST:
            return "删去这一行；不再列入的，导入时按“不再列入”提出"
        return "删去这一行；移出的，在对象页面办理"

    def remedy_of_all(self) -> str:
        if self.kind == BatchKind.KEY_LIST:
            return "导入列入的名单，名单里没有的按“不再列入”提出。"
        return "" if self.kind == BatchKind.FACILITY else "离开的不用表格导入，逐个在页面上办理。"

    def sheet(self, name: str) -> bool:
        """Whether the name of a sheet says that all in it leave."""
        return bool(self._words) and bool(self._sheet.fullmatch(_plain(name)))

    def title(self, text: str) -> bool:
        """Whether a title above the heads says so: 移出企业名单, but not 列入和移出名单."""
        text = _plain(text)
        if not self._words or len(text) > 50 or _NOTE.search(text) or not self._title.search(text):
            return False
        return not _STAY.search(self._any.sub("", text))

    def section(self, text: str) -> bool:
        return bool(self._words) and len(text) < 40 and bool(self._section.fullmatch(_plain(text)))

    def column(self, head: str) -> bool:
        """Whether a column that is no field may say so at all."""
        head, about = _plain(head), _ABOUT.get(self.kind)
        if not self._words or (about and re.search(about, head)) or _THINGS.search(head):
            return False
        return not head or bool(_TELLS.search(head) or _WHY.fullmatch(head))

    def cell(self, head: str, text: str) -> str:
        """What a cell of such a column says of who leaves, as the row is told it; "" for anything else."""
        plain = _plain(text)
        if not plain or len(plain) > 60:
            return ""
        head = _plain(head)
        if _LISTED.fullmatch(head) and self.kind in _LISTS and plain.upper() in _NO:
            return f"“{head}”写的是“{plain}”"
        if _WHY.fullmatch(head) and self.kind != BatchKind.FACILITY and not _NOTHING.fullmatch(plain.upper()):
            return f"填了“{head}”"
        if self._cell.fullmatch(plain) and not _AGAIN.search(plain):
            return f"“{head}”写的是“{plain[:20]}”" if head else f"写的是“{plain[:20]}”"
        return ""


class Sections:
    """Which section of a sheet one stands in: of those who leave, until another of the same order begins."""

    def __init__(self, leaving: Leaving):
        self._leaving, self.open, self._order = leaving, "", 0

    def begins(self, text: str) -> None:
        """A row that is no data was passed over."""
        plain = _plain(text)
        if _NOTE.search(plain):
            return
        if self._leaving.section(text) or self._leaving.title(text):
            self.open, self._order = text, order_of(text)
        elif self.open and ((_STAY.search(plain) and len(plain) < 30) or 0 < order_of(text) <= self._order):
            self.open = ""


def order_of(text: str) -> int:
    """一、 is above （一）, which is above 1.; 0 for a section without number."""
    text = _plain(text)
    for order, form in enumerate(
        ("[一二三四五六七八九十]|第", r"\([一二三四五六七八九十]", r"\d{1,2}[.、]", r"\(\d"), start=1
    ):
        if re.match(form, text) and re.match(_NUMBER, text):
            return order
    return 0


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
