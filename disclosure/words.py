"""The words and marks of public pages (ui.md 4.2, 6). They explain codes that stand in publications and documents, so
that reading a public page needs neither a registry nor an inspection."""

from dataclasses import dataclass

from benxi_shuangsuiji.accounts.city import this_city

# In the addresses of the officers' pages.
PAGE_OF = {
    "ITEM_LIST": "list",
    "PLAN": "plan",
    "REGISTER": "register",
    "RESULT": "result",
    "SUMMARY": "summary",
    "RESULT_SUM": "results",
    "SELF_CHECK": "selfcheck",
    "RECTIFICATION": "rectification",
    "CASE": "case",
    "REFERRAL": "referral",
    "STATEMENT": "statement",
    "DECISION": "decision",
}
# How serious a penalty is, as it is published; by it goes how long (信用修复管理办法).
DEGREES = {"轻微": "SLIGHT", "一般": "COMMON", "严重": "SERIOUS"}
CATEGORIES = {"key": "重点", "general": "一般", "special": "特殊"}
MODES = {"ONSITE": "现场", "OFFSITE": "非现场", "DOCUMENT": "书面", "onsite": "现场", "offsite": "非现场"}
ANSWERS = {"NONE_FOUND": ("ok", "未发现问题"), "FOUND": ("warn", "发现问题"), "NOT_APPLICABLE": ("wait", "不涉及")}


@dataclass(frozen=True)
class OutcomeWords:
    """`mark`: shape and colour of the status; `group`: how the summary line counts it."""

    label: str
    mark: str
    group: str

    @property
    def row(self) -> str:
        """The sentence of a list row: that something was found, and what followed."""
        return f"发现问题，{self.label}" if self.group == "发现问题" else self.label


OUTCOMES = {
    "NO_ISSUE": OutcomeWords("未发现问题", "ok", "未发现问题"),
    "ON_SITE_FIXED": OutcomeWords("当场改正", "warn", "发现问题"),
    "RECTIFY_ORDERED": OutcomeWords("责令限期改正", "warn", "发现问题"),
    "CASE_FILED": OutcomeWords("立案查处", "bad", "发现问题"),
    "TRANSFERRED": OutcomeWords("移送其他部门", "bad", "发现问题"),
    "TRANSFERRED_CRIMINAL": OutcomeWords("移送公安机关", "bad", "发现问题"),
    "PENDING": OutcomeWords("待后续处理", "warn", "发现问题"),
    "REFUSED": OutcomeWords("不配合检查", "bad", "不配合检查"),
    "NOT_OPERATING": OutcomeWords("停产未检查", "wait", "停产未检查"),
    "UNREACHABLE": OutcomeWords("无法联系", "wait", "无法联系"),
}
GROUPS = ["未发现问题", "发现问题", "不配合检查", "停产未检查", "无法联系"]

# SSJ1 OSTATE: why an object on the books takes no part in a draw.
OUT_STATES = {
    "in": "参加抽取",
    "out:CLOSED": "注销关闭",
    "out:MOVED": "迁出辖区",
    "out:HALT": "停产停业",
    "out:POSITIVE": "正面清单",
    "out:CAP": "已达年度次数上限",
    "out:SEEN": "本周期已查",
    "out:NOW": "本季度已在抽查名单",
    "out:JOINT": "已列入联合检查",
    "out:LAW": "依法不予检查",
}
# Why an object or a person was replaced (SSJ1 DROPOBJ, DROPINSP).
DROPPED = {
    "CLOSED": "注销关闭",
    "MOVED": "迁出辖区",
    "HALT": "停产停业",
    "ORDER": "上级机关书面决定由其直接检查",
    "NOTDONE": "本季度没有查完",
    "RECUSE": "回避",
    "LEAVE": "请假",
    "DUTY": "其他公务",
    "NOCERT": "执法证失效",
}
# Why an object has no team (SSJ1 OPEN).
OPEN_REASONS = {"FEW": "能派的人不够", "NOLEAD": "能派的人里没有组长", "CAP": "能派的人任务已满"}
CHAIN_KINDS = {
    "CARRY": "上线前的抽查",
    "FREEZE": "封存",
    "RESULT": "抽取结果",
    "SLIPS": "到访凭证",
    "AMEND": "更换",
    "ABORT": "作废",
}
DOCUMENT_KINDS = {
    "MANIFEST": "封存清单",
    "FRAME": "检查对象名单",
    "ROSTER": "检查人员名单",
    "SEED": "种子",
    "RESULT": "抽取结果",
    "SLIPS": "到访凭证",
    "AMEND": "更换",
    "ABORT": "作废记录",
}
SOURCE_KINDS = {"LOTTERY": "福利彩票", "DIGITS": "数字开奖", "DICE": "现场掷骰子", "BEACON": "随机信标"}


def clock_words(workday_number: int | None) -> str:
    """第 9 个工作日公开; the day of the check itself is not counted (八(二))."""
    if workday_number is None:
        return ""
    return f"第 {workday_number} 个工作日公开" if workday_number else "检查当天公开"


def districts() -> dict[str, str]:
    """GB/T 2260, the city's own first; 高新区 has no code of its own (domain.md 4.4)."""
    place = this_city()
    return {code: "市本级" if code == place.code else name for code, name in place.divisions.items()}


def district_of(division_code: str, unit_code: str, unit_name: str) -> str:
    """The district that a result is found under; a unit without a GB/T 2260 code is its own district."""
    if not unit_code.isdecimal():
        return unit_name.removesuffix("分局")
    return districts().get(division_code, division_code)


def item_words(snapshot: dict) -> str:
    """污染防治设施运行等 4 项, for a list row."""
    items = snapshot["items"]
    if not items:
        return "—"
    return items[0]["name"] if len(items) == 1 else f"{items[0]['name']}等 {len(items)} 项"


def answered_items(snapshot: dict) -> list[tuple[dict, str, str]]:
    """Each item of a result with the mark and the words of its answer."""
    return [(item, *ANSWERS.get(item["answer"], ("wait", "未检查"))) for item in snapshot["items"]]


def looked_at(snapshot: dict) -> str:
    """视频监控，2026-07-01 至 2026-07-09 的数据: how an off-site check looked, and of which days; of texts of before nothing."""
    said = (
        f"{look['method']}，{' 至 '.join(dict.fromkeys((look['from'], look['to'])))} 的数据"
        + ("（曾登记线索，经更正撤销）" if look.get("clue_withdrawn") else "")
        for look in snapshot.get("looks", ())
    )
    return "；".join(said)
