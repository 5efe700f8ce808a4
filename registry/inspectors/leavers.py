"""What a staff list says of people who are no longer there, or whose card is: nobody is entered in spite of it (六(三)-i).

Lists keep such people with a remark, under a heading of their own, or on a sheet of their own.
"""

import re
from datetime import date

from registry.codes import plain

_GONE = re.compile(
    "退休|离休|内退|病退|调[离出走往]|离职|辞[职退]|解聘|开除|除名|死亡|去世|病故|逝世|离岗|借出|外借|(借调|借用|抽调|挂职)[到至去往在]"
    "|借调$|不在岗|不再从事"
)
_CARD = re.compile("注销|吊销|暂扣|作废|失效|收回")
# 退休返聘, 未调离, 即将退休, 由平山分局调入, 接替退休的…, 退休干部科: the person is there.
_HERE = re.compile(
    "返聘|返岗|未|没有|不(?!在岗|再)|延迟|延期|即将|临近|预计|拟|调入|借入|调来|借来|接替|接任|退休(干部|人员)?(管理|服务|工作)?[科处办股室]"
)
_STAFF = re.compile("在职|(?<!不)在岗|在编|含|除")
_MONTH = re.compile(r"(20\d\d)\D?(\d{1,2})?")
_LONGEST = 30
GONE = "人已离开的，删去这一行，名录里已有的在人员页面登记调离；人还在编的，“在编在岗”填“在编不在岗”；还在岗的，删去这几个字"
CARD = "删去这几个字；证已注销的，证号和有效期留空；暂扣的，导入以后在人员页面登记"


def said_gone(text: str, today: date) -> bool:
    """Whether a remark about a person says that he has left, and not only that he will."""
    text = plain(text)
    if len(text) > _LONGEST or not _GONE.search(text) or _HERE.search(text):
        return False
    day = _MONTH.search(text)
    return not day or (int(day[1]), int(day[2] or 1)) <= (today.year, today.month)


def said_of_card(text: str) -> bool:
    text = plain(text)
    return len(text) <= _LONGEST and bool(_CARD.search(text)) and not _HERE.search(text)


def is_list_of_leavers(text: str) -> bool:
    """Whether a title, a section or the name of a sheet is about people who have left, and about nobody else."""
    text = plain(text)
    return len(text) <= _LONGEST and bool(_GONE.search(text)) and not _HERE.search(text) and not _STAFF.search(text)


def not_here(text: str) -> tuple[str, str]:
    """As other ways to write 在编在岗: no value, and what to write instead."""
    text = plain(text)
    if text == "借调":
        return "", "借到外单位的，填“在编不在岗”；从外单位借来的，填“非在编”"
    if re.fullmatch("已?(借出|外借)|已?借调(外单位|出去)|已?(借调|借用|抽调)[到至往去].+", text):
        return "OFF_POST", f"“{text}”已读作在编不在岗"
    return "", GONE if _GONE.search(text) and not _HERE.search(text) else ""
