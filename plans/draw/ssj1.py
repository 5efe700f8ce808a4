"""SSJ1: the seeded, publicly verifiable draw of facilities and inspectors (七(二)).

This one file is both what the system draws with and what anybody may download to check a draw. It needs
Python 3.10 or later and nothing else:

    python ssj1.py verify bundle.json          核验一个证据包
    python ssj1.py ticket SEED STRATUM ID      计算一家企业的签号
    python ssj1.py history PATH...             核验整条公示链和全部证据包

Strings and numbers go in and come out: no clock, no database, no setting, no random number. The order of
the file is that of the specification (§1 types … §13 history check); `§` below always means its sections.

Contents, each part under its own ruler, with where to begin reading and what tests it (tests/draw/test_….py in the
system's source; test_javascript.py asks static/verify/ssj1.js, the second implementation, the same of every part):

    §12–§13  What can be wrong             FAULTS, Ssj1Error    touched
    §1       Bytes, types, hashes          is_a, digest         documents
    §2       Documents: what they hold     FrameRow … Carry     documents
    §2       Documents: the strict parser  parse_frame          documents
    §2       Documents: the writers        frame_text           documents, verify
    §3       Strata and frames             counts, why_not_row  documents
    §4       Quotas                        quota                quota
    §5       Sources, values, seed         why_not_value        documents
    §6       Tickets and selection         ranking, select      selection, fairness
    §7       Inspectors                    reach, assign        assign, fairness
    §3–§8    Freezing and drawing          freeze, hold_draw    amend, machine, years
    §11      Bundle                        make_bundle          verify
    §12      Verification                  verify, amend        verify, touched, amend
    §13      History check                 check_history        history, years
    §16.1    The command line              main                 program
    §16.2    Test vectors                  run_vector           vectors

For a program that keeps draws, in the order of a quarter:

    sealed  = freeze(draw=…, prev=(seq, link), strata=[Stratum(…, rows=[FrameRow(…), …]), …],
                     inspectors=[Inspector(…), …], bars=[Bar(…), …], secret=…, sources=[Source(…), …], …)
              -> Freeze: the texts of MANIFEST, FRAMEs and ROSTER, their digests, the quotas
    outcome = hold_draw(manifest=…, frames=…, roster=…, secret=…, values=[…], drawn=…)
              -> Outcome: the texts of SEED, RESULT and SLIPS, the picks, the teams and open tasks
    change  = amend(bundle, at=…, person=…, document=…, drop_objects=…, drop_inspectors=…, joins=…)
              -> Amendment: the texts of AMEND and its SLIPS, who left and who came
    chain_text(…), link(text)                  one chain entry, and what the next one points at
    abort_text(…), carry_text(…)               a draw closed without a result; the record from before go-live
    make_bundle(…), bundle_json(…)             the evidence for the public
    verify(bundle) / verify_json(data)         -> Report; never raises, whatever it is given
    check_history(chain, bundles, carry)       -> Report

and, for pages that explain one thing at a time: `counts`, `quota`, `why_not_value`, `check_value`, `commitment`,
`object_ticket`, `select`, `slip_string`, `salt`, `digest`, `DrawId`, and `parse_manifest`, `parse_frame`, … which
read a kept document back into the same named tuples. Whatever is not as it must be raises `Ssj1Error`, which
has a stable `code` and speaks Chinese.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from errno import ENOENT
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

VERSION = "SSJ1"
BUNDLE_FORMAT = "SSJ1-BUNDLE"
GENESIS = "0" * 64

# ------------------------------------------------------------------------------------------------------------
# What can be wrong (§12, §13)
# ------------------------------------------------------------------------------------------------------------

# code: (step of §12/§13, sentence)
FAULTS: dict[str, tuple[str, str]] = {
    "E_FORMAT": ("V1", "证据包格式不对"),
    "E_SYNTAX": ("V2", "第{doc}份文书有不合规范的内容"),
    "E_DRAW": ("V3", "文书不属于本次抽取"),
    "E_PARAM": ("V4", "参数超出规定范围：{name}"),
    "E_STRATA": ("V5", "名单与计划不对应"),
    "E_FRAME_DIGEST": ("V6", "名单在封存后被改动：{stratum}"),
    "E_FRAME_ORDER": ("V6", "名单顺序不对或有重复"),
    "E_FRAME_RULE": ("V6", "名单中该企业的状态自相矛盾：{id}"),
    "E_DUP_OBJECT": ("V6", "同一企业出现在两份名单：{id}"),
    "E_ROSTER_DIGEST": ("V7", "检查人员名录在封存后被改动"),
    "E_ROSTER_ORDER": ("V7", "检查人员名录顺序不对或有重复"),
    "E_ROSTER_REF": ("V7", "回避表引用了不存在的人员"),
    "E_COUNT": ("V8", "名单家数与封存数字不符：{stratum}"),
    "E_QUOTA": ("V8", "应抽家数计算不对：{stratum}"),
    "E_SOURCE": ("V9", "公开随机来源不足"),
    "E_SOURCE_TIME": ("V9", "随机来源在封存之前就已产生"),
    "E_SEED_LINK": ("V10", "种子不是为这份封存清单产生的"),
    "E_COMMIT": ("V10", "密封随机数与封存时公布的指纹不符"),
    "E_VALUE": ("V10", "公开随机结果填写不合规范：{label}"),
    "E_RESULT_LINK": ("V11", "结果不是由这枚种子得出"),
    "E_RESULT_TIME": ("V11", "抽取时间早于随机来源产生时间"),
    "E_PICK": ("V11", "中签企业与重算结果不符：{id}"),
    "E_LEVEL": ("V11", "任务上限与重算结果不符"),
    "E_TEAM": ("V11", "检查小组与重算结果不符：{id}"),
    "E_AMEND_LINK": ("V12", "变更记录前后不衔接"),
    "E_AMEND_TIME": ("V12", "变更时间倒置"),
    "E_AMEND_REQUEST": ("V12", "变更申请的对象或人员不在名单中"),
    "E_AMEND_OUTCOME": ("V12", "替换结果与重算不符"),
    "E_SLIPS": ("V12", "到访凭证与重算不符"),
    "E_ABORT_LINK": ("V10′", "作废记录与封存清单不符"),
    "E_ABORT_TIME": ("V10′", "作废时间早于封存时间"),
    "E_ABORT_MISSING": ("V10′", "作废记录所列未开出的来源不对"),
    "E_ABORT_LATE": ("V10′", "结果已经确定，不得作废重抽"),
    "E_CHAIN_LINK": ("V13", "公示链断裂：第{n}条"),
    "E_CHAIN_TIME": ("V13", "公示链时间倒置"),
    "E_CHAIN_DOC": ("V13", "公示链与文书不一致"),
    "E_HISTORY": ("H4", "名单中的已查次数、已查标记与历次公开结果不符"),
}

WARNINGS: dict[str, str] = {
    "W_RATIO": "可抽的企业太少，本季度应抽家数没有抽足",
    "W_SECRET_LOST": "密封随机数已经遗失，没有公开",
    "W_SOURCE_MISSING": "有事先公告的随机来源没有按期开出",
    "W_SEALED": "名单尚未公开，现在只能核验封存的部分",
    "W_CORRECTED": "公开随机结果曾经录错，已按原封存清单更正",
    "W_LATE_DRAW": "抽取晚于本季度首月10日",
    "W_OPEN": "有企业没有配齐检查小组",
    "W_VACANT": "有名额没有企业可以递补",
    "W_NO_CHAIN": "证据包里没有公示链，无法核对封存和抽取的时间",
}

DOCUMENT_NAMES: dict[str, str] = {
    "FRAME": "抽查名单",
    "ROSTER": "检查人员名录",
    "MANIFEST": "封存清单",
    "SEED": "种子文书",
    "RESULT": "抽取结果",
    "AMEND": "变更记录",
    "ABORT": "作废记录",
    "SLIPS": "到访凭证",
    "CHAIN": "公示链条目",
    "CARRY": "历史抽查结转表",
}

CATEGORY_NAMES: dict[str, str] = {"key": "重点", "general": "一般", "special": "特殊"}

STATE_NAMES: dict[str, str] = {
    "in": "参加抽取",
    "out:CLOSED": "注销关闭",
    "out:MOVED": "迁出辖区",
    "out:HALT": "停产停业",
    "out:POSITIVE": "正面清单",
    "out:CAP": "已达年度次数上限",
    "out:SEEN": "本周期已查且计划不再抽",
    "out:NOW": "本季度已在抽查名单",
    "out:JOINT": "已列入联合检查",
    "out:LAW": "依法不予检查",
}

DROP_NAMES: dict[str, str] = {
    "CLOSED": "注销关闭",
    "MOVED": "迁出辖区",
    "HALT": "停产停业",
    "RECUSE": "回避",
    "ORDER": "上级指令",
    "NOTDONE": "季末未完成",
    "LEAVE": "人员离岗",
    "DUTY": "其他公务",
    "NOCERT": "执法证失效",
}


class Ssj1Error(ValueError):
    """One failed check: `code` is stable, `sentence` is that of §12, `where` says which part, `advice` what to do."""

    def __init__(self, code: str, where: str = "", *, sentence: str = "", **names: object) -> None:
        self.code = code
        self.step, pattern = FAULTS[code]
        self.sentence = sentence or pattern.format(**names)
        self.where = where
        super().__init__(f"{self.sentence}（{code}）" + (f"。{where}" if where else ""))

    @property
    def advice(self) -> str:
        """What somebody who is not a programmer should do now."""
        if self.code in ("E_FORMAT", "E_SYNTAX"):
            return "从公示页面重新下载证据包，不要打开另存或编辑，再核验一次；仍不一致的，保存这个文件并联系市执法队。"
        return "保存证据包和本页，联系市执法队，说明上面的代码和位置；在查清之前不要采信这份结果。"


def _malformed(where: str) -> Ssj1Error:
    """A document that is not what §1 and §2 allow; `where` names line and field, never the content."""
    return Ssj1Error("E_SYNTAX", where, sentence="文书有不合规范的内容")


# ------------------------------------------------------------------------------------------------------------
# §1 Bytes, types, hashes
# ------------------------------------------------------------------------------------------------------------

# §1.3: invisible, look-alike or undefined characters, none of which may occur in an ID or a TEXT.
_FORBIDDEN = (
    (0x0000, 0x001F),
    (0x007F, 0x00A0),
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x1680, 0x1680),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2000, 0x200F),
    (0x2028, 0x202F),
    (0x205F, 0x206F),
    (0x3164, 0x3164),
    (0xD800, 0xDFFF),
    (0xFDD0, 0xFDEF),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFF),
    (0xE0000, 0xE0FFF),
    *((plane * 0x10000 + 0xFFFE, plane * 0x10000 + 0xFFFF) for plane in range(17)),
)
_FORBIDDEN_CLASS = "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in _FORBIDDEN)

Check = Callable[[str], object]  # true or a match: the field is of the type


def _pattern(pattern: str) -> Check:
    return re.compile(pattern).fullmatch


def _one_of(*words: str) -> Check:
    return frozenset(words).__contains__


_CODE = r"[0-9A-Z][0-9A-Z_-]{0,31}"
_CAT = r"(?:key|general|special)"
_is_int = _pattern(r"0|[1-9][0-9]{0,8}")
_is_hex = _pattern(r"[0-9a-f]{64}")
_is_code = _pattern(_CODE)
_is_code_list = _pattern(rf"{_CODE}(?:,{_CODE})*")
_is_category = _one_of("key", "general", "special")
_is_stratum = _pattern(rf"{_CODE}\.{_CAT}")
_is_draw_id = _pattern(r"[0-9A-Z]{1,16}-[12][0-9]{3}Q[1-4]-[0-9]{2}")
_is_date_shape = _pattern(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
_is_time_of_day = _pattern(r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\+08:00")
_is_year = _pattern(r"[12][0-9]{3}")
_is_id_shape = _pattern(rf"[^ ,|\u3000{_FORBIDDEN_CLASS}]{{1,64}}")
_is_text_shape = _pattern(rf"(?![ \u3000])[^{_FORBIDDEN_CLASS}]{{1,200}}(?<![ \u3000])")
_is_bit = _one_of("0", "1")


def _is_normal(text: str) -> bool:
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def _ascends(items: Sequence[Any]) -> bool:
    """Strictly ascending. Python compares strings by code point, which is the order of their UTF-8 bytes (§1.4)."""
    return all(one < following for one, following in pairwise(items))


def _is_codes1(text: str) -> bool:
    return bool(_is_code_list(text)) and _ascends(text.split(","))


def _is_codes(text: str) -> bool:
    return text == "-" or _is_codes1(text)


def _is_date(text: str) -> bool:
    if not _is_date_shape(text):
        return False
    try:
        date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    return bool(_is_time_of_day(text[10:])) and _is_date(text[:10])


def _is_id(text: str) -> bool:
    return bool(_is_id_shape(text)) and text != "-" and _is_normal(text)


def _is_ids(text: str) -> bool:
    ids = text.split(",")
    return all(map(_is_id, ids)) and _ascends(ids)


def _is_text(text: str) -> bool:
    return bool(_is_text_shape(text)) and _is_normal(text)


# §1.2 and the enumerations of §2, by the names they have there.
TYPES: dict[str, Check] = {
    "INT": _is_int,
    "HEX": _is_hex,
    "CODE": _is_code,
    "CODES1": _is_codes1,
    "CODES": _is_codes,
    "CAT": _is_category,
    "STRATUM": _is_stratum,
    "DRAWID": _is_draw_id,
    "DATE": _is_date,
    "TIME": _is_time,
    "YEAR": _is_year,
    "ID": _is_id,
    "IDS": _is_ids,
    "TEXT": _is_text,
    "BIT": _is_bit,
    "MODE": _one_of("onsite", "offsite"),
    "OSTATE": _one_of(*STATE_NAMES),
    "ISTATE": _one_of("in", "out:LEAVE", "out:POST", "out:DUTY", "out:NOCERT"),
    "BAR": _one_of("RECUSE", "ROTATE", "ORDER"),
    "KIND": _one_of("LOTTERY", "DIGITS", "DICE", "BEACON"),
    "VALUE": _pattern(r"[0-9a-f,+]{1,400}"),
    "SLOT": _one_of("R", "F"),
    "OPEN": _one_of("FEW", "NOLEAD", "CAP"),
    "DROPOBJ": _one_of("CLOSED", "MOVED", "HALT", "RECUSE", "ORDER", "NOTDONE"),
    "DROPINSP": _one_of("RECUSE", "LEAVE", "DUTY", "NOCERT"),
    "QUARTER": _one_of("1", "2", "3", "4"),
    "CKIND": _one_of("CARRY", "FREEZE", "RESULT", "AMEND", "SLIPS", "ABORT"),
}


def is_a(type_name: str, value: str) -> bool:
    """Whether a field is of a type of §1.2; `?` after the name also allows `-`."""
    if type_name.endswith("?"):
        return value == "-" or bool(TYPES[type_name[:-1]](value))
    return bool(TYPES[type_name](value))


def H(text: str) -> str:
    """Lowercase hex SHA-256 of the UTF-8 bytes (§1.5)."""
    return sha256(text.encode()).hexdigest()


def digest(text: str) -> str:
    """A document's digest: what `sha256sum` prints for its file (§1.1)."""
    return H(text)


link = digest  # a chain entry's digest is what the next entry points at (§10)


def commitment_string(draw_id: str, secret: str) -> str:
    return f"SSJ1|C|{draw_id}|{secret}"


def commitment(draw_id: str, secret: str) -> str:
    """The fingerprint of the sealed random number, published at the freeze (§5.1)."""
    return H(commitment_string(draw_id, secret))


def ticket_string(tag: str, seed: str, a: str, b: str) -> str:
    """The line that is hashed into a ticket: tag T (stratum, object), L or M (object, inspector)."""
    return f"SSJ1|{tag}|{seed}|{a}|{b}"


def object_ticket(seed: str, stratum: str, object_id: str) -> str:
    """An object's ticket; the smallest are drawn (§6.1).

    A hash and not a random-number generator, so that every language gives the same result and one ticket can be
    checked with sha256sum.
    """
    return H(ticket_string("T", seed, stratum, object_id))


def salt(draw_id: str, secret: str, object_id: str) -> str:
    """What keeps a visit slip unguessable until the secret is public (§14.5)."""
    return H(f"SSJ1|S|{draw_id}|{secret}|{object_id}")


def slip_string(draw_id: str, secret: str, object_id: str, leader: str, members: Sequence[str]) -> str:
    """The line handed over at the visit; its hash is in the SLIPS published on the day of the draw (§14.5)."""
    key = salt(draw_id, secret, object_id)
    return f"SSJ1|V|{draw_id}|{object_id}|{leader}|{','.join(members)}|{key}"


class DrawId(NamedTuple):
    """The parts of a DRAWID: organising unit, year, quarter, serial number."""

    unit: str
    year: int
    quarter: int
    serial: int

    @classmethod
    def of(cls, text: str) -> DrawId:
        unit, quarter, serial = text.split("-")
        return cls(unit, int(quarter[:4]), int(quarter[5]), int(serial))

    def __str__(self) -> str:
        return f"{self.unit}-{self.year}Q{self.quarter}-{self.serial:02d}"


# ------------------------------------------------------------------------------------------------------------
# §2 Documents: what they hold
# ------------------------------------------------------------------------------------------------------------


class FrameRow(NamedTuple):
    """One object on the books of a stratum, drawable or not (§3.2)."""

    id: str
    name: str
    scopes: tuple[str, ...]
    mode: str
    times: int
    seen: bool
    state: str


class Inspector(NamedTuple):
    """One line of the roster (§7.1); `cap` None means no limit."""

    code: str
    name: str
    certificate: str
    until: str
    units: tuple[str, ...]
    scopes: tuple[str, ...]
    lead: bool
    base: int
    cap: int | None
    state: str


class Bar(NamedTuple):
    """This inspector must not be sent to this object: RECUSE 回避, ROTATE 轮换, ORDER 上级指令."""

    inspector: str
    object: str
    reason: str


class Source(NamedTuple):
    """A public random value announced at the freeze (§5.2)."""

    kind: str
    label: str
    due: str


class Stratum(NamedTuple):
    """What the plan says about one unit × category, with every object of it (§3, §4)."""

    unit: str
    category: str
    bp: int
    v: int
    E: int | None
    P: int
    plan: int
    rows: Sequence[FrameRow]


class StratumLine(NamedTuple):
    """The same as the manifest keeps it: digest and numbers instead of the rows."""

    stratum: str
    frame: str
    bp: int
    v: int
    E: int | None
    P: int
    plan: int
    N: int
    A: int
    U: int
    K: int
    u: int


class Pick(NamedTuple):
    """One drawn object; slot R is a place reserved for the unseen, F a free one (§6.2)."""

    stratum: str
    number: int
    id: str
    slot: str
    ticket: str


class Team(NamedTuple):
    """Who goes to an object; `members` are the others, ascending."""

    object: str
    leader: str
    members: tuple[str, ...]


class Open(NamedTuple):
    """An object for which no team can be formed, with how many inspectors fail which rule of §7.1."""

    object: str
    reason: str
    allowed: int
    out: int
    cert: int
    unit: int
    scope: int
    bar: int


class DropObject(NamedTuple):
    stratum: str
    id: str
    reason: str


class DropInspector(NamedTuple):
    object: str
    inspector: str
    reason: str


class OldPick(NamedTuple):
    """A random inspection from before go-live (CARRY)."""

    id: str
    year: int
    quarter: int
    items: tuple[str, ...]


@dataclass(frozen=True)
class Frame:
    draw: str
    unit: str
    category: str
    rows: tuple[FrameRow, ...]

    @property
    def stratum(self) -> str:
        return f"{self.unit}.{self.category}"


@dataclass(frozen=True)
class Roster:
    draw: str
    inspectors: tuple[Inspector, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Manifest:
    draw: str
    prev: tuple[int, str]
    frozen: str
    release: str
    window: tuple[str, str]
    items: tuple[str, ...]
    cap: int
    team: int
    strata: tuple[StratumLine, ...]
    roster: str
    commit: str
    sources: tuple[Source, ...]

    @property
    def latest_due(self) -> str:
        return max(source.due for source in self.sources)


@dataclass(frozen=True)
class Seed:
    draw: str
    manifest: str
    secret: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Result:
    draw: str
    manifest: str
    seed: str
    drawn: str
    picks: tuple[Pick, ...]
    level: int
    tasks: tuple[Team | Open, ...]


@dataclass(frozen=True)
class Amend:
    draw: str
    number: int
    after: str
    at: str
    person: str
    document: str
    drop_objects: tuple[DropObject, ...]
    drop_inspectors: tuple[DropInspector, ...]
    joins: tuple[Inspector, ...]
    added: tuple[Pick, ...]
    vacant: tuple[tuple[str, int], ...]
    level: int
    tasks: tuple[Team | Open, ...]


@dataclass(frozen=True)
class Abort:
    draw: str
    manifest: str
    at: str
    person: str
    document: str
    reason: str
    secret: str | None
    missing: tuple[int, ...]


@dataclass(frozen=True)
class Slips:
    draw: str
    after: str
    slips: tuple[str, ...]


@dataclass(frozen=True)
class ChainEntry:
    seq: int
    prev: str
    kind: str
    draw: str | None
    doc: str
    at: str


@dataclass(frozen=True)
class Carry:
    at: str
    old: tuple[OldPick, ...]


# ------------------------------------------------------------------------------------------------------------
# §2 Documents: the strict parser
# ------------------------------------------------------------------------------------------------------------


class _Rule(NamedTuple):
    """One position of a document: the tags that may stand there with their field types, and how often."""

    tags: Mapping[str, tuple[Check, ...]]
    least: int
    most_one: bool


def _types(names: str) -> tuple[Check, ...]:
    def check(name: str) -> Check:
        if not name.endswith("?"):
            return TYPES[name]
        inner = TYPES[name[:-1]]
        return lambda value: value == "-" or inner(value)

    return tuple(check(name) for name in names.split())


def _one(tag: str, names: str) -> _Rule:
    return _Rule({tag: _types(names)}, 1, True)


def _some(tag: str, names: str) -> _Rule:
    return _Rule({tag: _types(names)}, 1, False)


def _any(tag: str, names: str) -> _Rule:
    return _Rule({tag: _types(names)}, 0, False)


_INSP = "ID TEXT TEXT DATE CODES1 CODES BIT INT INT? ISTATE"
_TASKS = _Rule({"team": _types("ID ID IDS"), "open": _types("ID OPEN INT INT INT INT INT INT")}, 0, False)
_STRATUM = "STRATUM HEX INT INT YEAR? INT INT INT INT INT INT INT"

_RULES: dict[str, tuple[_Rule, ...]] = {
    "FRAME": (_one("draw", "DRAWID"), _one("stratum", "CODE CAT"), _any("obj", "ID TEXT CODES MODE INT BIT OSTATE")),
    "ROSTER": (_one("draw", "DRAWID"), _any("insp", _INSP), _any("bar", "ID ID BAR")),
    "MANIFEST": (
        _one("draw", "DRAWID"),
        _one("prev", "INT HEX"),
        _one("frozen", "TIME"),
        _one("release", "TIME"),
        _one("window", "DATE DATE"),
        _one("items", "CODES1"),
        _one("cap", "INT"),
        _one("team", "INT"),
        _some("stratum", _STRATUM),
        _one("roster", "HEX"),
        _one("commit", "HEX"),
        _some("source", "KIND TEXT TIME"),
    ),
    "SEED": (_one("draw", "DRAWID"), _one("manifest", "HEX"), _one("secret", "HEX"), _some("value", "KIND VALUE")),
    "RESULT": (
        _one("draw", "DRAWID"),
        _one("manifest", "HEX"),
        _one("seed", "HEX"),
        _one("drawn", "TIME"),
        _any("pick", "STRATUM INT ID SLOT HEX"),
        _one("level", "INT"),
        _TASKS,
    ),
    "AMEND": (
        _one("draw", "DRAWID"),
        _one("number", "INT"),
        _one("after", "HEX"),
        _one("at", "TIME"),
        _one("approve", "TEXT TEXT"),
        _any("dropobj", "STRATUM ID DROPOBJ"),
        _any("dropinsp", "ID ID DROPINSP"),
        _any("join", _INSP),
        _any("addobj", "STRATUM ID SLOT HEX"),
        _any("vacant", "STRATUM INT"),
        _one("level", "INT"),
        _TASKS,
    ),
    "ABORT": (
        _one("draw", "DRAWID"),
        _one("manifest", "HEX"),
        _one("at", "TIME"),
        _one("approve", "TEXT TEXT"),
        _one("reason", "TEXT"),
        _one("secret", "HEX?"),
        _any("missing", "INT"),
    ),
    "SLIPS": (_one("draw", "DRAWID"), _one("after", "HEX"), _any("slip", "HEX")),
    "CHAIN": (
        _one("seq", "INT"),
        _one("prev", "HEX"),
        _one("kind", "CKIND"),
        _one("draw", "DRAWID?"),
        _one("doc", "HEX"),
        _one("at", "TIME"),
    ),
    "CARRY": (_one("at", "TIME"), _any("old", "ID YEAR QUARTER CODES1")),
}

Lines = list[list[str]]  # lines of one position, each as its tag and fields


def _check_line(kind: str, number: int, fields: Sequence[str], types: Sequence[Check]) -> None:
    """Refuse a line whose fields (after the tag) are not of these types."""
    if len(fields) != len(types) + 1:
        raise _malformed(f"{DOCUMENT_NAMES[kind]}第{number}行（{fields[0]}）应有{len(types)}栏")
    for place, (fits, field) in enumerate(zip(types, fields[1:], strict=True), 1):
        if not fits(field):
            raise _malformed(f"{DOCUMENT_NAMES[kind]}第{number}行（{fields[0]}）第{place}栏的内容不合规范")


def _parse(kind: str, text: str) -> list[Lines]:
    """Read a document strictly (§1.1); one list of lines for each position of §2."""
    name = DOCUMENT_NAMES[kind]
    lines = text.split("\n")
    if lines.pop() != "":
        raise _malformed(f"{name}最后一行没有以换行结束")
    if lines[:1] != [f"SSJ1 {kind}"]:
        raise _malformed(f"{name}第1行应为“SSJ1 {kind}”")
    if len(lines) < 2 or lines[-1] != f"end\t{len(lines) - 2}":
        raise _malformed(f"{name}最后一行所记行数与实际不符")
    rules = _RULES[kind]
    found: list[Lines] = [[] for _ in rules]
    at = 0
    for number, line in enumerate(lines[1:-1], 2):
        fields = line.split("\t")
        tag = fields[0]
        while True:
            rule = rules[at]
            types = rule.tags.get(tag)
            if types is not None and not (rule.most_one and found[at]):
                break
            if len(found[at]) < rule.least or at + 1 == len(rules):
                raise _malformed(f"{name}第{number}行不是此处应有的内容")
            at += 1
        _check_line(kind, number, fields, types)
        found[at].append(fields)
    if any(len(group) < rule.least for group, rule in zip(found, rules, strict=True)):
        raise _malformed(f"{name}不完整，缺少应有的行")
    return found


def _codes(field: str) -> tuple[str, ...]:
    return () if field == "-" else tuple(field.split(","))


def _row(fields: Sequence[str]) -> FrameRow:
    return FrameRow(fields[0], fields[1], _codes(fields[2]), fields[3], int(fields[4]), fields[5] == "1", fields[6])


def _inspector(fields: Sequence[str]) -> Inspector:
    code, name, certificate, until, units, scopes, lead, base, cap, state = fields
    return Inspector(
        code,
        name,
        certificate,
        until,
        _codes(units),
        _codes(scopes),
        lead == "1",
        int(base),
        None if cap == "-" else int(cap),
        state,
    )


def _task(line: Sequence[str]) -> Team | Open:
    if line[0] == "team":
        return Team(line[1], line[2], tuple(line[3].split(",")))
    return Open(line[1], line[2], *map(int, line[3:]))


def parse_frame(text: str) -> Frame:
    (draw,), (stratum,), rows = _parse("FRAME", text)
    return Frame(draw[1], stratum[1], stratum[2], tuple(_row(row[1:]) for row in rows))


def parse_roster(text: str) -> Roster:
    (draw,), inspectors, bars = _parse("ROSTER", text)
    return Roster(draw[1], tuple(_inspector(line[1:]) for line in inspectors), tuple(Bar(*bar[1:]) for bar in bars))


def _read_stratum(line: Sequence[str]) -> StratumLine:
    _, stratum, frame, bp, v, last_year, *numbers = line
    end = None if last_year == "-" else int(last_year)
    return StratumLine(stratum, frame, int(bp), int(v), end, *map(int, numbers))


def parse_manifest(text: str) -> Manifest:
    (
        (draw,),
        (prev,),
        (frozen,),
        (release,),
        (window,),
        (items,),
        (cap,),
        (team,),
        strata,
        (roster,),
        (commit,),
        sources,
    ) = _parse("MANIFEST", text)
    return Manifest(
        draw=draw[1],
        prev=(int(prev[1]), prev[2]),
        frozen=frozen[1],
        release=release[1],
        window=(window[1], window[2]),
        items=_codes(items[1]),
        cap=int(cap[1]),
        team=int(team[1]),
        strata=tuple(map(_read_stratum, strata)),
        roster=roster[1],
        commit=commit[1],
        sources=tuple(Source(*source[1:]) for source in sources),
    )


def parse_seed(text: str) -> Seed:
    (draw,), (manifest,), (secret,), values = _parse("SEED", text)
    return Seed(draw[1], manifest[1], secret[1], tuple((value[1], value[2]) for value in values))


def parse_result(text: str) -> Result:
    (draw,), (manifest,), (seed,), (drawn,), picks, (level,), tasks = _parse("RESULT", text)
    return Result(
        draw=draw[1],
        manifest=manifest[1],
        seed=seed[1],
        drawn=drawn[1],
        picks=tuple(Pick(p[1], int(p[2]), p[3], p[4], p[5]) for p in picks),
        level=int(level[1]),
        tasks=tuple(map(_task, tasks)),
    )


def parse_amend(text: str) -> Amend:
    (
        (draw,),
        (number,),
        (after,),
        (at,),
        (approve,),
        drop_objects,
        drop_inspectors,
        joins,
        added,
        vacant,
        (level,),
        tasks,
    ) = _parse("AMEND", text)
    return Amend(
        draw=draw[1],
        number=int(number[1]),
        after=after[1],
        at=at[1],
        person=approve[1],
        document=approve[2],
        drop_objects=tuple(DropObject(*line[1:]) for line in drop_objects),
        drop_inspectors=tuple(DropInspector(*line[1:]) for line in drop_inspectors),
        joins=tuple(_inspector(line[1:]) for line in joins),
        added=tuple(Pick(line[1], 0, line[2], line[3], line[4]) for line in added),
        vacant=tuple((line[1], int(line[2])) for line in vacant),
        level=int(level[1]),
        tasks=tuple(map(_task, tasks)),
    )


def parse_abort(text: str) -> Abort:
    (draw,), (manifest,), (at,), (approve,), (reason,), (secret,), missing = _parse("ABORT", text)
    return Abort(
        draw=draw[1],
        manifest=manifest[1],
        at=at[1],
        person=approve[1],
        document=approve[2],
        reason=reason[1],
        secret=None if secret[1] == "-" else secret[1],
        missing=tuple(int(line[1]) for line in missing),
    )


def parse_slips(text: str) -> Slips:
    (draw,), (after,), slips = _parse("SLIPS", text)
    return Slips(draw[1], after[1], tuple(line[1] for line in slips))


def parse_chain(text: str) -> ChainEntry:
    (seq,), (prev,), (kind,), (draw,), (doc,), (at,) = _parse("CHAIN", text)
    draw_id = None if draw[1] == "-" else draw[1]
    return ChainEntry(int(seq[1]), prev[1], kind[1], draw_id, doc[1], at[1])


def parse_carry(text: str) -> Carry:
    (at,), old = _parse("CARRY", text)
    fields = [line[1:] for line in old]
    if any(one > following for one, following in pairwise(fields)):
        raise _malformed(f"{DOCUMENT_NAMES['CARRY']}各行没有按顺序排列")
    return Carry(at[1], tuple(OldPick(f[0], int(f[1]), int(f[2]), _codes(f[3])) for f in fields))


# ------------------------------------------------------------------------------------------------------------
# §2 Documents: the writers
# ------------------------------------------------------------------------------------------------------------


def _compose(kind: str, lines: Iterable[Sequence[object]]) -> str:
    """Put lines together, tag first."""
    body = ["\t".join(map(str, line)) for line in lines]
    return "\n".join([f"SSJ1 {kind}", *body, f"end\t{len(body)}"]) + "\n"


def _write(kind: str, lines: Iterable[Sequence[object]]) -> str:
    """Put lines together and read them back, so that nothing is ever written that cannot be read.

    A field that smuggles in a TAB or a line feed changes the number of fields or lines and is refused like any other.
    """
    text = _compose(kind, lines)
    _parse(kind, text)
    return text


def _code_field(codes: Iterable[str]) -> str:
    return ",".join(sorted(set(codes))) or "-"


def _optional(value: object) -> object:
    return "-" if value is None else value


def _row_fields(row: FrameRow) -> list[str]:
    return [row.id, row.name, _code_field(row.scopes), row.mode, str(row.times), "1" if row.seen else "0", row.state]


def _inspector_fields(person: Inspector) -> list[str]:
    return [
        person.code,
        person.name,
        person.certificate,
        person.until,
        _code_field(person.units),
        _code_field(person.scopes),
        "1" if person.lead else "0",
        str(person.base),
        str(_optional(person.cap)),
        person.state,
    ]


def _frame_text(draw: str, unit: str, category: str, rows: Iterable[Sequence[str]]) -> str:
    ordered = sorted(rows, key=lambda fields: fields[0])
    return _write("FRAME", [("draw", draw), ("stratum", unit, category), *(("obj", *row) for row in ordered)])


def frame_text(draw: str, unit: str, category: str, rows: Iterable[FrameRow]) -> str:
    """The list of one stratum; rows and scopes may come in any order (§3.2)."""
    return _frame_text(draw, unit, category, map(_row_fields, rows))


def roster_text(draw: str, inspectors: Iterable[Inspector], bars: Iterable[Bar] = ()) -> str:
    """The list of inspectors and of who must not be sent where, in any order (§7.1)."""
    people = sorted(map(_inspector_fields, inspectors))
    return _write(
        "ROSTER", [("draw", draw), *(("insp", *person) for person in people), *(("bar", *bar) for bar in sorted(bars))]
    )


def manifest_text(
    *,
    draw: str,
    prev: tuple[int, str],
    frozen: str,
    release: str,
    window: tuple[str, str],
    items: Iterable[str],
    cap: int,
    team: int,
    strata: Iterable[StratumLine],
    roster: str,
    commit: str,
    sources: Iterable[Source],
) -> str:
    """What is frozen, by its digests; `freeze` builds it together with the documents it points at (§2)."""
    return _write(
        "MANIFEST",
        [
            ("draw", draw),
            ("prev", *prev),
            ("frozen", frozen),
            ("release", release),
            ("window", *window),
            ("items", _code_field(items)),
            ("cap", cap),
            ("team", team),
            *(("stratum", *map(_optional, line)) for line in sorted(strata, key=lambda line: line.stratum)),
            ("roster", roster),
            ("commit", commit),
            *(("source", *source) for source in sources),
        ],
    )


def seed_text(draw: str, manifest: str, secret: str, values: Iterable[tuple[str, str]]) -> str:
    """The opened secret and the public values; its digest is the seed (§5.4)."""
    return _write(
        "SEED", [("draw", draw), ("manifest", manifest), ("secret", secret), *(("value", *value) for value in values)]
    )


def _task_line(task: Team | Open) -> tuple[object, ...]:
    if isinstance(task, Team):
        return ("team", task.object, task.leader, ",".join(task.members))
    return ("open", *task)


def _result_text(
    draw: str, manifest: str, seed: str, drawn: str, picks: Iterable[Pick], level: int, tasks: Iterable[Team | Open]
) -> str:
    return _write(
        "RESULT",
        [
            ("draw", draw),
            ("manifest", manifest),
            ("seed", seed),
            ("drawn", drawn),
            *(("pick", *pick) for pick in picks),
            ("level", level),
            *map(_task_line, tasks),
        ],
    )


def abort_text(
    *,
    draw: str,
    manifest: str,
    at: str,
    person: str,
    document: str,
    reason: str,
    secret: str | None,
    missing: Iterable[int] = (),
) -> str:
    """A draw closed without a result (§9.2); `missing`: places, from 1, of the sources that did not take place."""
    return _write(
        "ABORT",
        [
            ("draw", draw),
            ("manifest", manifest),
            ("at", at),
            ("approve", person, document),
            ("reason", reason),
            ("secret", _optional(secret)),
            *(("missing", place) for place in sorted(missing)),
        ],
    )


def slips_text(draw: str, secret: str, after: str, tasks: Iterable[Team | Open]) -> str:
    """The published hashes of the visit slips of one RESULT or AMEND (§14.5)."""
    slips = sorted(
        H(slip_string(draw, secret, task.object, task.leader, task.members)) for task in tasks if isinstance(task, Team)
    )
    return _write("SLIPS", [("draw", draw), ("after", after), *(("slip", slip) for slip in slips)])


def chain_text(seq: int, prev: str, kind: str, draw: str | None, doc: str, at: str) -> str:
    """One entry of the public chain; `link` of it is what the next entry has as `prev` (§10)."""
    return _write(
        "CHAIN", [("seq", seq), ("prev", prev), ("kind", kind), ("draw", _optional(draw)), ("doc", doc), ("at", at)]
    )


def carry_text(at: str, old: Iterable[OldPick]) -> str:
    """The random inspections from before go-live, which still count (§10)."""
    lines = sorted((o.id, str(o.year), str(o.quarter), _code_field(o.items)) for o in old)
    return _write("CARRY", [("at", at), *(("old", *line) for line in lines)])


# ------------------------------------------------------------------------------------------------------------
# §3 Strata and frames
# ------------------------------------------------------------------------------------------------------------


class Counts(NamedTuple):
    """N on the books, A drawable, U drawable and not yet seen in the cycle (§3.6)."""

    N: int
    A: int
    U: int


def counts(rows: Iterable[FrameRow]) -> Counts:
    on_books = drawable = unseen = 0
    for row in rows:
        state = row.state
        if state == "in":
            on_books += 1
            drawable += 1
            unseen += not row.seen
        elif state not in ("out:CLOSED", "out:MOVED"):
            on_books += 1
    return Counts(on_books, drawable, unseen)


def why_not_row(row: FrameRow, category: str, cap: int) -> str:
    """Why a line contradicts itself (§3.4), or an empty string."""
    if category == "special":
        if row.seen:
            return "特殊监管对象不记已查标记"
        if row.state in ("out:CAP", "out:SEEN"):
            return "特殊监管对象没有次数上限，也没有周期"
    else:
        if row.times >= 1 and not row.seen:
            return "本年已查过，却没有已查标记"
        if row.state == "in" and row.times >= cap:
            return "已达年度次数上限，仍列为参加抽取"
        if row.state == "out:CAP" and row.times < cap:
            return "没有达到年度次数上限，却以此为由不参加抽取"
        if row.state == "out:SEEN" and not row.seen:
            return "没有已查标记，却以已查为由不参加抽取"
    if row.state == "out:POSITIVE" and row.mode != "offsite":
        return "正面清单企业的检查方式应为非现场"
    return ""


def _check_frame(frame: Frame, cap: int) -> None:
    """Order and row rules of one frame, without the cross-frame rule (V6)."""
    rows = frame.rows
    for i in range(1, len(rows)):
        if rows[i - 1].id >= rows[i].id:
            raise Ssj1Error("E_FRAME_ORDER", f"名单 {frame.stratum} 中的 {rows[i].id}")
    for row in rows:
        if reason := why_not_row(row, frame.category, cap):
            raise Ssj1Error("E_FRAME_RULE", f"名单 {frame.stratum}：{reason}", id=row.id)


# ------------------------------------------------------------------------------------------------------------
# §4 Quotas
# ------------------------------------------------------------------------------------------------------------


class Quota(NamedTuple):
    """r quarters left, m1 by ratio, m2 by pace, Q target, K places, u of them reserved, short = shortfall (§4)."""

    r: int
    m1: int
    m2: int
    Q: int
    K: int
    u: int
    short: int


def quota(
    year: int, quarter: int, category: str, bp: int, v: int, E: int | None, P: int, plan: int, N: int, A: int, U: int
) -> Quota:
    """How many of a stratum are drawn this quarter (七(一)1, 七(一)2; §4); integers only, `//` rounds down."""
    m1 = (N * bp + 9999) // 10000
    if category == "special":
        r, m2, Q = 0, 0, m1
        K = min(A, max(Q - P, plan, 0))
        u = 0
    else:
        if E is None or year > E:
            raise Ssj1Error("E_PARAM", name="周期末年")
        r = 4 * (E - year) + 5 - quarter
        m2 = (U + P + r - 1) // r
        Q = max(m1, m2)
        K = min(A, max(Q - P, plan, 0))
        u = min(U, K, max(K * v // 100, U - (r - 1) * Q, 0))
    return Quota(r, m1, m2, Q, K, u, max(0, Q - P - K))


# ------------------------------------------------------------------------------------------------------------
# §5 Sources, values, seed
# ------------------------------------------------------------------------------------------------------------

SOURCE_NAMES: dict[str, str] = {
    "LOTTERY": "彩票开奖号码",
    "DIGITS": "数字序列",
    "DICE": "现场掷骰",
    "BEACON": "随机信标",
}

_is_two_digits = _pattern(r"[0-9]{2}")
_is_digits = _pattern(r"[0-9]{7,40}")
_is_dice = _pattern(r"[1-6]{10,100}")
_is_beacon = _pattern(r"(?:[0-9a-f]{2}){16,128}")


def why_not_value(kind: str, value: str) -> str:
    """Why a public value is not well-formed (§5.3), or an empty string."""
    if kind == "LOTTERY":
        groups = [group.split(",") for group in value.split("+")]
        numbers = [number for group in groups for number in group]
        if len(groups) > 2 or not all(map(_is_two_digits, numbers)):
            return "应为两位数字，用半角逗号分隔；分前后区的，两区之间用一个加号"
        if not all(map(_ascends, groups)):
            return "每区号码应从小到大排列，不得重复"
        if not 6 <= len(numbers) <= 60:
            return "号码应有 6 至 60 个"
    elif kind == "DIGITS":
        if not _is_digits(value):
            return "应为 7 至 40 位数字"
    elif kind == "DICE":
        if not _is_dice(value):
            return "应为 10 至 100 次点数，每次 1 至 6，按掷出的先后排列"
    elif kind == "BEACON":
        if not _is_beacon(value):
            return "应为 16 至 128 字节的小写十六进制数"
    else:
        return "没有这种随机来源"
    return ""


def check_value(kind: str, value: str) -> bool:
    """Whether a public value is well-formed (§5.3)."""
    return not why_not_value(kind, value)


# ------------------------------------------------------------------------------------------------------------
# §6 Tickets and selection
# ------------------------------------------------------------------------------------------------------------


def ranking(seed: str, stratum: str, ids: Iterable[str]) -> list[bytes]:
    """Objects ascending by (ticket, ID), each as the 32 bytes of its ticket followed by its ID's.

    Byte strings sort several times faster than tuples, and in exactly this order (§17).
    """
    ranked = _tickets(seed, stratum, ids)
    ranked.sort()
    return ranked


def _tickets(seed: str, stratum: str, ids: Iterable[str]) -> list[bytes]:
    """The same, in the order of `ids`. The common beginning of the lines is hashed once."""
    begun = sha256(ticket_string("T", seed, stratum, "").encode())
    found = []
    for text in ids:
        name = text.encode()
        line = begun.copy()
        line.update(name)
        found.append(line.digest() + name)
    return found


def _smallest(tickets: Sequence[bytes], places: int) -> list[bytes]:
    """Those below a bound that leaves about a quarter more than `places`, ascending: the beginning of the ranking."""
    bound = (places + 64) * 5 * 2**32 // (4 * max(len(tickets), 1))
    if bound >= 2**32:
        return sorted(tickets)
    least = bound.to_bytes(4, "big")
    return sorted([key for key in tickets if key < least])


def _choose(
    ranked: Sequence[bytes], unseen: frozenset[bytes], K: int, u: int, withdrawn: set[bytes]
) -> list[tuple[bytes, str]]:
    """§6.2 on an existing ranking: the first u unseen, then the first of all the others."""
    reserved: set[bytes] = set()
    for key in ranked:
        if len(reserved) == u:
            break
        if key[32:] in unseen and key[32:] not in withdrawn:
            reserved.add(key)
    due, free = len(reserved), K - len(reserved)
    chosen: list[tuple[bytes, str]] = []
    for key in ranked:
        if not due and free <= 0:
            break
        if key in reserved:
            chosen.append((key, "R"))
            due -= 1
        elif free > 0 and key[32:] not in withdrawn:
            chosen.append((key, "F"))
            free -= 1
    return chosen


def _pick(stratum: str, number: int, key: bytes, slot: str) -> Pick:
    return Pick(stratum, number, key[32:].decode(), slot, key[:32].hex())


def select(
    seed: str, stratum: str, K: int, u: int, rows: Iterable[tuple[str, bool]], withdrawn: Iterable[str] = ()
) -> list[Pick]:
    """The picks among drawable objects, given as (ID, seen) (§6.2)."""
    pool = list(rows)
    unseen = frozenset(name.encode() for name, seen in pool if not seen) if u else frozenset()
    tickets = _tickets(seed, stratum, [name for name, _ in pool])
    gone = {name.encode() for name in withdrawn}
    # Few need sorting where few are drawn. The beginning of the ranking decides if every place was filled from it.
    chosen = _choose(_smallest(tickets, K), unseen, K, u, gone)
    if len(chosen) < K or sum(slot == "R" for _, slot in chosen) < u:
        chosen = _choose(sorted(tickets), unseen, K, u, gone)
    return [_pick(stratum, number, key, slot) for number, (key, slot) in enumerate(chosen, 1)]


# ------------------------------------------------------------------------------------------------------------
# §7 Inspectors
# ------------------------------------------------------------------------------------------------------------


def _members(mask: int) -> Iterator[int]:
    """The places of the ones in a set of inspectors kept as a whole number."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class _Pool:
    """Who may be sent where (§7.1): inspectors ascending by code, sets of them as bits of a whole number."""

    def __init__(
        self,
        inspectors: Iterable[Inspector],
        until: str,
        bars: Iterable[tuple[str, str]],
        taken_out: Iterable[str] = (),
    ) -> None:
        self.people = sorted(inspectors, key=lambda person: person.code)
        self.place = {person.code: i for i, person in enumerate(self.people)}
        self.lead = sum(1 << i for i, person in enumerate(self.people) if person.lead)
        out = set(taken_out)
        self._away = [person.state != "in" or person.code in out for person in self.people]
        self._lapsed = [person.until < until for person in self.people]
        self._barred: dict[str, int] = {}
        for code, target in bars:
            if code in self.place:
                self._barred[target] = self._barred.get(target, 0) | 1 << self.place[code]
        self._known: dict[tuple[str, tuple[str, ...]], tuple[int, tuple[int, int, int, int]]] = {}

    def allowed(self, target: str, unit: str, scopes: tuple[str, ...]) -> tuple[int, tuple[int, ...]]:
        """A(o), and how many inspectors fail each rule, counting the first that fails."""
        known = self._known.get((unit, scopes))
        if known is None:
            known = self._known[unit, scopes] = self._sort_out(unit, frozenset(scopes))
        passing, failing = known
        barred = self._barred.get(target, 0) & passing
        return passing & ~barred, (*failing, barred.bit_count())

    def _sort_out(self, unit: str, scopes: frozenset[str]) -> tuple[int, tuple[int, int, int, int]]:
        passing = out = cert = elsewhere = unable = 0
        for i, person in enumerate(self.people):
            if self._away[i]:
                out += 1
            elif self._lapsed[i]:
                cert += 1
            elif unit not in person.units:
                elsewhere += 1
            elif not scopes.issubset(person.scopes):
                unable += 1
            else:
                passing |= 1 << i
        return passing, (out, cert, elsewhere, unable)


@dataclass
class _Task:
    """An object that needs people: A(o), its failing counts, and what is left of its team."""

    object: str
    allowed: int
    failing: tuple[int, ...]
    team: int = 0
    leader: int | None = None


# Above every possible load (a base has at most nine digits): the C of FEAS(S, ∞).
_UNLIMITED = 10**12


# An empty place: the task, and whether anybody may take it (else only somebody who can lead).
_Place = tuple[int, bool]


class _Staffing:
    """FEAS (§7.2) decided exactly: one complete provisional staffing of the tasks taken on so far (§7.3).

    `on[o]` is the provisional Y(o), `fixed[o]` is X(o). A task without a leader in X(o) takes at most need − 1 people
    who cannot lead. Places are refilled along augmenting paths, found breadth-first from the empty place.
    """

    def __init__(self, size: int, lead: int, load: list[int], hard: list[int]) -> None:
        self.size = size
        self.lead = lead
        self.load = load
        self.hard = hard
        self.limit = _UNLIMITED
        self.allowed: dict[int, int] = {}
        self.fixed: dict[int, int] = {}
        self.on: dict[int, int] = {}
        self.tasks_of: list[set[int]] = [set() for _ in load]
        self.spare = 0
        for i in range(len(load)):
            self.mind(i)

    def room(self, i: int) -> int:
        return min(self.hard[i], self.limit) - self.load[i] - len(self.tasks_of[i])

    def mind(self, i: int) -> None:
        """Note whether inspector i can take one more place."""
        if self.room(i) > 0:
            self.spare |= 1 << i
        else:
            self.spare &= ~(1 << i)

    def need(self, o: int) -> int:
        return self.size - self.fixed[o].bit_count()

    def put(self, i: int, o: int) -> None:
        self.on[o] |= 1 << i
        self.tasks_of[i].add(o)

    def take(self, i: int, o: int) -> None:
        self.on[o] &= ~(1 << i)
        self.tasks_of[i].remove(o)

    def takes_anyone(self, o: int) -> bool:
        """Whether an empty place of o may go to somebody who cannot lead."""
        if self.fixed[o] & self.lead:
            return True
        return (self.on[o] & ~self.lead).bit_count() < self.need(o) - 1

    def entrants(self, place: _Place) -> int:
        """Who may take an empty place, busy or not."""
        o, anyone = place
        able = self.allowed[o] & ~self.fixed[o] & ~self.on[o]
        return able if anyone else able & self.lead

    def refill(self, o: int) -> bool:
        """Fill one empty place of o, moving others about if need be; false, and nothing changed, if none can."""
        start = (o, self.takes_anyone(o))
        if ready := self.entrants(start) & self.spare:
            self._move_along(ready, start, {start: None})
            return True
        leaves: dict[_Place, tuple[int, _Place] | None] = {start: None}
        queue = [start]
        met = 0
        for place in queue:
            entrants = self.entrants(place) & ~met
            met |= entrants
            for i in _members(entrants):
                leads = self.lead >> i & 1
                for other in self.tasks_of[i]:
                    if (other, True) in leaves:
                        continue
                    vacated = (other, not leads or self.takes_anyone(other))
                    if vacated in leaves:
                        continue
                    leaves[vacated] = (i, place)
                    if ready := self.entrants(vacated) & self.spare:
                        self._move_along(ready, vacated, leaves)
                        return True
                    queue.append(vacated)
        return False

    def busy(self, i: int) -> int:
        return self.load[i] + len(self.tasks_of[i])

    def _move_along(self, ready: int, place: _Place, leaves: Mapping[_Place, tuple[int, _Place] | None]) -> None:
        """Let the least busy of `ready` take the place, whoever leaves it the next one, and so on to the empty one."""
        first = i = min(_members(ready), key=self.busy)
        while True:
            self.put(i, place[0])
            step = leaves[place]
            if step is None:
                break
            i, following = step
            self.take(i, place[0])
            place = following
        self.mind(first)

    def take_on(self, o: int, allowed: int, fixed: int) -> bool:
        """Add a task if FEAS(S + o, ∞); else leave S as it is (step 2)."""
        self.allowed[o], self.fixed[o], self.on[o] = allowed, fixed, 0
        for _ in range(self.need(o)):
            if not self.refill(o):
                for i in list(_members(self.on[o])):
                    self.take(i, o)
                    self.mind(i)
                del self.allowed[o], self.fixed[o], self.on[o]
                return False
        return True

    def lower(self) -> int:
        """Find the smallest C with FEAS(S, C), and stay there (step 3); 0 if no task needs a person."""
        low, high = 0, max((self.busy(i) for i, tasks in enumerate(self.tasks_of) if tasks), default=0)
        while high - low > 1:  # FEAS(S, high), not FEAS(S, low)
            middle = (low + high) // 2
            if self._press(middle):
                high = middle
            else:
                low = middle
        self._press(high)
        return high

    def _press(self, limit: int) -> bool:
        """Restaff so that nobody exceeds `limit`; false, and nothing changed, if that cannot be."""
        kept = (self.limit, dict(self.on), [set(tasks) for tasks in self.tasks_of], self.spare)
        self.limit = limit
        vacated: list[int] = []
        for i, tasks in enumerate(self.tasks_of):
            for o in sorted(tasks)[: max(0, -self.room(i))]:
                self.take(i, o)
                vacated.append(o)
            self.mind(i)
        if all(self.refill(o) for o in vacated):
            return True
        self.limit, self.on, self.tasks_of, self.spare = kept
        return False

    def settle(self, i: int, o: int) -> bool:
        """Move i into X(o) if FEAS still holds then; else leave everything as it is (step 4)."""
        self.fixed[o] |= 1 << i
        self.load[i] += 1
        if self.on[o] >> i & 1:
            self.take(i, o)
            return True
        dropped = next(_members(self.on[o]))
        self.take(dropped, o)
        self.mind(dropped)
        self.mind(i)
        if self.room(i) >= 0:
            return True
        other = next(iter(self.tasks_of[i]))  # any will do: the other tasks stay full
        self.take(i, other)
        if self.refill(other):
            return True
        self.put(i, other)
        self.put(dropped, o)
        self.load[i] -= 1
        self.fixed[o] &= ~(1 << i)
        self.mind(dropped)
        self.mind(i)
        return False


def _assign(
    seed: str, size: int, tasks: Sequence[_Task], pool: _Pool, load: list[int], leads: list[int]
) -> tuple[int, list[Team | Open]]:
    """ASSIGN (§7.2): who goes where, by rule and ticket; `load` and `leads` are carried forward."""
    people, lead = pool.people, pool.lead
    hard = [_UNLIMITED if person.cap is None else person.cap for person in people]
    opened: dict[int, str] = {}

    def release(task: _Task) -> None:
        for i in _members(task.team):
            load[i] -= 1
        if task.leader is not None:
            leads[task.leader] -= 1
        task.team, task.leader = 0, None

    for o, task in enumerate(tasks):  # step 1
        at_hand = task.allowed | task.team
        if at_hand.bit_count() < size:
            opened[o] = "FEW"
        elif not at_hand & lead:
            opened[o] = "NOLEAD"
        if o in opened:
            release(task)

    staffing = _Staffing(size, lead, load, hard)
    for o, task in enumerate(tasks):  # step 2
        if o not in opened and not staffing.take_on(o, task.allowed, task.team):
            opened[o] = "CAP"
            freed = task.team
            release(task)
            for i in _members(freed):
                staffing.mind(i)

    level = staffing.lower()  # step 3

    for o, task in enumerate(tasks):  # step 4
        if o not in opened:
            _name_leader(seed, o, task, pool, staffing, leads)
            _name_members(seed, o, task, pool, staffing)

    lines: list[Team | Open] = []
    for o, task in enumerate(tasks):
        if o in opened:
            lines.append(Open(task.object, opened[o], task.allowed.bit_count(), *task.failing))
        else:
            members = [people[i].code for i in _members(task.team) if i != task.leader]
            lines.append(Team(task.object, people[_found(task.leader)].code, tuple(members)))
    return level, lines


class Reach(NamedTuple):
    """How many may be sent to an object, how many of them lead, and how many fail which rule of §7.1."""

    object: str
    allowed: int
    leaders: int
    out: int
    cert: int
    unit: int
    scope: int
    bar: int


def reach(
    inspectors: Iterable[Inspector],
    until: str,
    bars: Iterable[Bar],
    objects: Iterable[tuple[str, str, tuple[str, ...]]],
) -> list[Reach]:
    """Who could be sent where (§7.1), before anything is drawn; objects as (ID, unit, scopes)."""
    pool = _Pool(inspectors, until, ((bar.inspector, bar.object) for bar in bars))
    found = []
    for name, unit, scopes in objects:
        allowed, (out, cert, elsewhere, unable, barred) = pool.allowed(name, unit, scopes)
        leaders = (allowed & pool.lead).bit_count()
        found.append(Reach(name, allowed.bit_count(), leaders, out, cert, elsewhere, unable, barred))
    return found


def assign(
    seed: str,
    size: int,
    inspectors: Iterable[Inspector],
    until: str,
    bars: Iterable[Bar],
    objects: Iterable[tuple[str, str, tuple[str, ...]]],
) -> tuple[int, list[Team | Open], dict[str, int]]:
    """ASSIGN (§7.2) for objects in this order: the level, the lines, and how many checks each inspector then has."""
    pool = _Pool(inspectors, until, ((bar.inspector, bar.object) for bar in bars))
    tasks = [_Task(name, *pool.allowed(name, unit, scopes)) for name, unit, scopes in objects]
    load = [person.base for person in pool.people]
    level, lines = _assign(seed, size, tasks, pool, load, [0] * len(load))
    return level, lines, {person.code: load[i] for i, person in enumerate(pool.people)}


def _found(leader: int | None) -> int:
    if leader is None:
        raise RuntimeError("SSJ1 7.2: a task of S was left without a leader")
    return leader


def _person_tickets(tag: str, seed: str, target: str, pool: _Pool, who: int) -> dict[int, bytes]:
    prefix = ticket_string(tag, seed, target, "").encode()
    return {i: sha256(prefix + pool.people[i].code.encode()).digest() for i in _members(who)}


def _name_leader(seed: str, o: int, task: _Task, pool: _Pool, staffing: _Staffing, leads: list[int]) -> None:
    """Step 4, leader: the least used leader, by ticket among equals, with whom everybody else can still be served."""
    if task.leader is not None:
        return
    load = staffing.load
    able = task.allowed & ~task.team & pool.lead
    tickets = _person_tickets("L", seed, task.object, pool, able | task.team & pool.lead)
    # Equal tickets are ordered by code, and people are ascending by code.
    for i in sorted(_members(able), key=lambda i: (leads[i], load[i], tickets[i], i)):
        if load[i] < min(staffing.hard[i], staffing.limit) and staffing.settle(i, o):
            task.team |= 1 << i
            break
    else:
        i = min(_members(task.team & pool.lead), key=lambda i: (tickets[i], i))
    task.leader = i
    leads[i] += 1


def _name_members(seed: str, o: int, task: _Task, pool: _Pool, staffing: _Staffing) -> None:
    """Step 4, members. Who was refused once is refused for good: a fuller X(o) only makes FEAS harder."""
    load = staffing.load
    able = task.allowed & ~task.team
    if staffing.need(o):
        tickets = _person_tickets("M", seed, task.object, pool, able)
        for i in sorted(_members(able), key=lambda i: (load[i], tickets[i], i)):
            if load[i] < min(staffing.hard[i], staffing.limit) and staffing.settle(i, o):
                task.team |= 1 << i
                if not staffing.need(o):
                    break
    if staffing.need(o):
        raise RuntimeError("SSJ1 7.2: a feasible staffing was not completed")


# ------------------------------------------------------------------------------------------------------------
# Freezing and drawing (§3–§7, §14.1)
# ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sealed:
    """The checked documents of a freeze: whatever is drawn from them is determined by the seed alone."""

    digest: str
    manifest: Manifest
    frames: tuple[Frame, ...]
    roster: Roster | None
    warnings: tuple[str, ...]


def _digests(kept: str, found: str) -> str:
    return f"封存时的指纹 {kept}，现有文书的指纹 {found}"


def _check_parameters(manifest: Manifest) -> None:
    """V4 and the order of the strata (V5)."""
    draw = DrawId.of(manifest.draw)
    if not 1 <= manifest.cap <= 9:
        raise Ssj1Error("E_PARAM", "应为1至9", name="年度次数上限")
    if not 2 <= manifest.team <= 9:
        raise Ssj1Error("E_PARAM", "应为2至9", name="小组人数")
    first, last = manifest.window
    month = 3 * draw.quarter - 2
    if not f"{draw.year}-{month:02d}-01" <= first <= last <= f"{draw.year}-{month + 2:02d}-31":
        raise Ssj1Error("E_PARAM", "应在本季度之内，起止不得颠倒", name="检查期间")
    for line in manifest.strata:
        category = line.stratum.split(".")[1]
        if line.bp > 10000 or (category == "key" and line.bp < 2500):
            raise Ssj1Error("E_PARAM", line.stratum, name="抽查比例")
        if line.v > 100:
            raise Ssj1Error("E_PARAM", line.stratum, name="优先名额比例")
        ends: Mapping[str, Sequence[int | None]] = {
            "key": (draw.year,),
            "general": (draw.year, draw.year + 1, draw.year + 2),
            "special": (None,),
        }
        if line.E not in ends[category]:
            raise Ssj1Error("E_PARAM", line.stratum, name="周期末年")


def _check_strata(manifest: Manifest, frames: Sequence[Frame]) -> None:
    """V5."""
    strata = [line.stratum for line in manifest.strata]
    if not _ascends(strata):
        raise Ssj1Error("E_STRATA", "封存清单中的各类名单没有按顺序排列，或有重复")
    if [frame.stratum for frame in frames] != strata:
        raise Ssj1Error("E_STRATA", f"封存清单列出 {len(strata)} 份名单，名单应逐份与之对应")


def _check_frames(manifest: Manifest, frames: Sequence[Frame], digests: Sequence[str]) -> None:
    """V6."""
    known: dict[str, str] = {}
    for line, frame, found in zip(manifest.strata, frames, digests, strict=True):
        if found != line.frame:
            raise Ssj1Error("E_FRAME_DIGEST", _digests(line.frame, found), stratum=line.stratum)
        _check_frame(frame, manifest.cap)
        for row in frame.rows:
            if row.id in known:
                raise Ssj1Error("E_DUP_OBJECT", f"名单 {known[row.id]} 和 {line.stratum}", id=row.id)
        known.update((row.id, line.stratum) for row in frame.rows)


def _check_roster(manifest: Manifest, roster: Roster, found: str) -> None:
    """V7."""
    if found != manifest.roster:
        raise Ssj1Error("E_ROSTER_DIGEST", _digests(manifest.roster, found))
    if not _ascends([person.code for person in roster.inspectors]):
        raise Ssj1Error("E_ROSTER_ORDER", "人员行")
    if not _ascends([bar[:2] for bar in roster.bars]):
        raise Ssj1Error("E_ROSTER_ORDER", "回避行")
    codes = {person.code for person in roster.inspectors}
    for bar in roster.bars:
        if bar.inspector not in codes:
            raise Ssj1Error("E_ROSTER_REF", f"回避行中的人员 {bar.inspector}")


def _check_numbers(manifest: Manifest, frames: Sequence[Frame]) -> list[str]:
    """V8; the warnings tell where too few objects are drawable."""
    draw = DrawId.of(manifest.draw)
    warnings = []
    for line, frame in zip(manifest.strata, frames, strict=True):
        real = counts(frame.rows)
        kept = Counts(line.N, line.A, line.U)
        if real != kept:
            where = "封存为名录{}、参加{}、未查{}，按名单应为{}、{}、{}".format(*kept, *real)
            raise Ssj1Error("E_COUNT", where, stratum=line.stratum)
        due = quota(draw.year, draw.quarter, frame.category, line.bp, line.v, line.E, line.P, line.plan, *real)
        if (due.K, due.u) != (line.K, line.u):
            where = f"封存为抽{line.K}家、其中优先{line.u}家，按规则应为{due.K}家、{due.u}家"
            raise Ssj1Error("E_QUOTA", where, stratum=line.stratum)
        if due.short:
            warnings.append(f"W_RATIO {line.stratum}")
    return warnings


def _check_sources(manifest: Manifest) -> None:
    """V9."""
    named = [(source.kind, source.label) for source in manifest.sources]
    if len(set(named)) < len(named):
        raise Ssj1Error("E_SOURCE", "同一来源列了两次")
    if all(kind == "DICE" for kind, _ in named) and len(named) < 2:
        raise Ssj1Error("E_SOURCE", "至少要有一项彩票、数字或随机信标，或两名见证人分别掷骰")
    for source in manifest.sources:
        if source.due <= manifest.frozen:
            raise Ssj1Error("E_SOURCE_TIME", f"{source.label}：{source.due}，封存于 {manifest.frozen}")
    if manifest.release < manifest.latest_due:
        raise Ssj1Error("E_SOURCE_TIME", f"公开时间 {manifest.release} 早于最后一项来源 {manifest.latest_due}")


def _check_sealed(
    manifest_digest: str,
    manifest: Manifest,
    frames: Sequence[Frame],
    frame_digests: Sequence[str],
    roster: Roster | None,
    roster_digest: str,
) -> _Sealed:
    """V4–V9: everything that can be checked before the seed."""
    _check_parameters(manifest)
    _check_strata(manifest, frames)
    _check_frames(manifest, frames, frame_digests)
    if roster is not None:
        _check_roster(manifest, roster, roster_digest)
    warnings = _check_numbers(manifest, frames)
    _check_sources(manifest)
    return _Sealed(manifest_digest, manifest, tuple(frames), roster, tuple(warnings))


def _read_sealed(manifest: str, frames: Sequence[str], roster: str) -> _Sealed:
    """Read and check kept documents (V2–V9)."""
    read = parse_manifest(manifest)
    read_frames = [parse_frame(text) for text in frames]
    read_roster = parse_roster(roster)
    for draw in (*(frame.draw for frame in read_frames), read_roster.draw):
        if draw != read.draw:
            raise Ssj1Error("E_DRAW", f"{draw} 的文书，本次抽取是 {read.draw}")
    return _check_sealed(digest(manifest), read, read_frames, list(map(digest, frames)), read_roster, digest(roster))


@dataclass(frozen=True)
class Freeze:
    """The documents of a freeze, with their digests; frames and quotas in the manifest's order."""

    manifest: str
    frames: tuple[str, ...]
    roster: str
    digest: str
    frame_digests: tuple[str, ...]
    roster_digest: str
    quotas: dict[str, Quota]
    warnings: tuple[str, ...]


def freeze(
    *,
    draw: str,
    prev: tuple[int, str],
    frozen: str,
    release: str,
    window: tuple[str, str],
    items: Iterable[str],
    cap: int,
    team: int,
    strata: Iterable[Stratum],
    inspectors: Iterable[Inspector],
    bars: Iterable[Bar] = (),
    secret: str,
    sources: Iterable[Source],
) -> Freeze:
    """Build and check everything that is sealed before the seed exists (§14.1); Ssj1Error if a rule is broken."""
    if not is_a("DRAWID", draw):
        raise _malformed("抽取编号")
    if not is_a("HEX", secret):
        raise _malformed("密封随机数应为64位小写十六进制数")
    when = DrawId.of(draw)
    lines, texts, quotas = [], [], {}
    for stratum in sorted(strata, key=lambda stratum: f"{stratum.unit}.{stratum.category}"):
        text = frame_text(draw, stratum.unit, stratum.category, stratum.rows)
        real = counts(stratum.rows)
        asked = (stratum.bp, stratum.v, stratum.E, stratum.P, stratum.plan)
        due = quota(when.year, when.quarter, stratum.category, *asked, *real)
        name = f"{stratum.unit}.{stratum.category}"
        texts.append(text)
        quotas[name] = due
        lines.append(StratumLine(name, digest(text), *asked, *real, due.K, due.u))
    roster = roster_text(draw, inspectors, bars)
    manifest = manifest_text(
        draw=draw,
        prev=prev,
        frozen=frozen,
        release=release,
        window=window,
        items=items,
        cap=cap,
        team=team,
        strata=lines,
        roster=digest(roster),
        commit=commitment(draw, secret),
        sources=sources,
    )
    sealed = _read_sealed(manifest, texts, roster)
    return Freeze(
        manifest=manifest,
        frames=tuple(texts),
        roster=roster,
        digest=sealed.digest,
        frame_digests=tuple(line.frame for line in lines),
        roster_digest=sealed.manifest.roster,
        quotas=quotas,
        warnings=sealed.warnings,
    )


def _check_seed(sealed: _Sealed, seed: Seed) -> None:
    """V10, but for the comparison with an earlier run."""
    manifest = sealed.manifest
    if seed.manifest != sealed.digest:
        raise Ssj1Error("E_SEED_LINK", _digests(sealed.digest, seed.manifest))
    if commitment(manifest.draw, seed.secret) != manifest.commit:
        raise Ssj1Error("E_COMMIT", _digests(manifest.commit, commitment(manifest.draw, seed.secret)))
    for place, source in enumerate(manifest.sources):
        if place >= len(seed.values):
            raise Ssj1Error("E_VALUE", "没有填写", label=source.label)
        kind, value = seed.values[place]
        if kind != source.kind:
            raise Ssj1Error("E_VALUE", "来源种类或先后与封存清单不同", label=source.label)
        if reason := why_not_value(kind, value):
            raise Ssj1Error("E_VALUE", reason, label=source.label)
    if len(seed.values) > len(manifest.sources):
        raise Ssj1Error("E_VALUE", "多填了没有事先公告的结果", label=manifest.sources[-1].label)


class _Run:
    """One seed at work: the picks, the teams, and what amendments make of them (§6–§8)."""

    def __init__(self, sealed: _Sealed, seed: str, secret: str) -> None:
        if sealed.roster is None:
            raise RuntimeError("SSJ1 11: a roster may be missing only from a sealed bundle")
        self.manifest = sealed.manifest
        self.seed = seed
        self.secret = secret
        self._frames = {frame.stratum: frame for frame in sealed.frames}
        self._rows: dict[str, FrameRow] = {}
        self._ranked: dict[str, list[bytes]] = {}
        self._unseen: dict[str, frozenset[bytes]] = {}
        self._withdrawn: dict[str, set[bytes]] = {}
        self._chosen: dict[str, list[tuple[bytes, str]]] = {}
        for line in sealed.manifest.strata:
            drawable = [row for row in self._frames[line.stratum].rows if row.state == "in"]
            self._ranked[line.stratum] = ranking(seed, line.stratum, (row.id for row in drawable))
            self._unseen[line.stratum] = frozenset(row.id.encode() for row in drawable if not row.seen)
            self._withdrawn[line.stratum] = set()
            self._select(line)
        self.people = {person.code: person for person in sealed.roster.inspectors}
        self._bars = {(bar.inspector, bar.object) for bar in sealed.roster.bars}
        self._out: set[str] = set()
        # Standing objects (§8.1): ticket and ID, and the stratum; with a team (leader, everybody) or open.
        self.standing: dict[str, tuple[bytes, str]] = {}
        self.teams: dict[str, tuple[str | None, tuple[str, ...]]] = {}

    def _select(self, line: StratumLine) -> None:
        stratum = line.stratum
        self._chosen[stratum] = _choose(
            self._ranked[stratum], self._unseen[stratum], line.K, line.u, self._withdrawn[stratum]
        )

    def _row(self, stratum: str, object_id: str) -> FrameRow:
        if object_id not in self._rows:
            wanted = {key[32:].decode() for key, _ in self._chosen[stratum]}
            self._rows.update((row.id, row) for row in self._frames[stratum].rows if row.id in wanted)
        return self._rows[object_id]

    def draw(self) -> tuple[tuple[Pick, ...], int, tuple[Team | Open, ...]]:
        """What the RESULT holds (§6.3, §7.2)."""
        picks: list[Pick] = []
        for line in self.manifest.strata:
            for number, (key, slot) in enumerate(self._chosen[line.stratum], 1):
                pick = _pick(line.stratum, number, key, slot)
                picks.append(pick)
                self.standing[pick.id] = (key, line.stratum)
        level, tasks = self._staff(self.standing)
        return tuple(picks), level, tasks

    def _staff(self, objects: Iterable[str]) -> tuple[int, tuple[Team | Open, ...]]:
        """ASSIGN for these standing objects, ascending by (ticket, ID), with the current loads (§8.1, §8.2)."""
        pool = _Pool(self.people.values(), self.manifest.window[1], self._bars, self._out)
        place = pool.place
        load = [person.base for person in pool.people]
        leads = [0] * len(load)
        for leader, everybody in self.teams.values():
            for code in everybody:
                load[place[code]] += 1
            if leader is not None:
                leads[place[leader]] += 1
        tasks = []
        for key, stratum in sorted(self.standing[name] for name in objects):
            row = self._row(stratum, key[32:].decode())
            allowed, failing = pool.allowed(row.id, self._frames[stratum].unit, row.scopes)
            leader, everybody = self.teams.get(row.id, (None, ()))
            left = sum(1 << place[code] for code in everybody)
            tasks.append(_Task(row.id, allowed, failing, left, None if leader is None else place[leader]))
        level, lines = _assign(self.seed, self.manifest.team, tasks, pool, load, leads)
        for line in lines:
            if isinstance(line, Team):
                self.teams[line.object] = (line.leader, (line.leader, *line.members))
            else:
                self.teams.pop(line.object, None)
        return level, tuple(lines)

    def amend(
        self,
        *,
        number: int,
        after: str,
        at: str,
        person: str,
        document: str,
        drop_objects: Iterable[DropObject],
        drop_inspectors: Iterable[DropInspector],
        joins: Iterable[Inspector],
    ) -> str:
        """The AMEND document of a decision, computed (§8.1); E_AMEND_REQUEST if a request does not fit."""
        objects = sorted(drop_objects, key=lambda drop: (drop.id, drop.stratum, drop.reason))
        people = sorted(drop_inspectors)
        joining = sorted(joins, key=lambda person: person.code)
        if not objects and not people and not joining:
            raise Ssj1Error("E_AMEND_REQUEST", "变更没有任何内容")
        before = {stratum: {key for key, _ in chosen} for stratum, chosen in self._chosen.items()}
        for drop in objects:
            self._drop_object(drop)
        unmanned = {self._drop_inspector(leaving).object for leaving in people}
        for newcomer in joining:
            if newcomer.code in self.people:
                raise Ssj1Error("E_AMEND_REQUEST", f"人员 {newcomer.code} 已在名录中")
            self.people[newcomer.code] = newcomer
        added: list[tuple[bytes, str, str]] = []
        vacant: list[tuple[str, int]] = []
        for line in self.manifest.strata:
            self._select(line)
            chosen = self._chosen[line.stratum]
            added += [(key, slot, line.stratum) for key, slot in chosen if key not in before[line.stratum]]
            if len(chosen) < line.K:
                vacant.append((line.stratum, line.K - len(chosen)))
        added.sort()
        for key, _, stratum in added:
            self.standing[key[32:].decode()] = (key, stratum)
        # The added and the open objects stand without a team; the unmanned have what is left of one.
        waiting = unmanned | {name for name in self.standing if name not in self.teams}
        level, tasks = self._staff(waiting)
        return _compose(
            "AMEND",
            [
                ("draw", self.manifest.draw),
                ("number", number),
                ("after", after),
                ("at", at),
                ("approve", person, document),
                *(("dropobj", *drop) for drop in objects),
                *(("dropinsp", *leaving) for leaving in people),
                *(("join", *_inspector_fields(newcomer)) for newcomer in joining),
                *(("addobj", stratum, key[32:].decode(), slot, key[:32].hex()) for key, slot, stratum in added),
                *(("vacant", *places) for places in vacant),
                ("level", level),
                *map(_task_line, tasks),
            ],
        )

    def _drop_object(self, drop: DropObject) -> None:
        key, stratum = self.standing.get(drop.id, (b"", ""))
        if stratum != drop.stratum:
            raise Ssj1Error("E_AMEND_REQUEST", f"企业 {drop.id} 不在名单 {drop.stratum} 的中签企业之中")
        del self.standing[drop.id]
        self.teams.pop(drop.id, None)
        if drop.reason != "NOTDONE":
            self._withdrawn[stratum].add(key[32:])

    def _drop_inspector(self, leaving: DropInspector) -> DropInspector:
        leader, everybody = self.teams.get(leaving.object, (None, ()))
        if leaving.inspector not in everybody:
            raise Ssj1Error("E_AMEND_REQUEST", f"人员 {leaving.inspector} 不在企业 {leaving.object} 的检查小组中")
        rest = tuple(code for code in everybody if code != leaving.inspector)
        self.teams[leaving.object] = (None if leader == leaving.inspector else leader, rest)
        if leaving.reason == "RECUSE":
            self._bars.add((leaving.inspector, leaving.object))
        else:
            self._out.add(leaving.inspector)
        return leaving

    def slips(self, after: str, tasks: Iterable[Team | Open]) -> str:
        return slips_text(self.manifest.draw, self.secret, after, tasks)


class Run(NamedTuple):
    """The documents of one run: SEED, RESULT and its AMENDs."""

    seed: str
    result: str
    amends: Sequence[str] = ()


@dataclass(frozen=True)
class Outcome:
    """What the draw gives: documents with their digests, and their content ready for use."""

    seed_text: str
    seed: str
    result_text: str
    result_digest: str
    slips_text: str
    slips_digest: str
    picks: tuple[Pick, ...]
    tasks: tuple[Team | Open, ...]
    level: int

    @property
    def teams(self) -> tuple[Team, ...]:
        return tuple(task for task in self.tasks if isinstance(task, Team))

    @property
    def opens(self) -> tuple[Open, ...]:
        return tuple(task for task in self.tasks if isinstance(task, Open))


def hold_draw(
    *,
    manifest: str,
    frames: Sequence[str],
    roster: str,
    secret: str,
    values: Sequence[str],
    drawn: str,
    earlier: Run | None = None,
) -> Outcome:
    """Compute a sealed draw (七(二); §5–§7). `values` are in the order of the manifest's sources.

    `earlier` is the run that a correction supersedes (§9.1): same manifest and secret, at least one other value, and
    `drawn` not before its last document.
    """
    sealed = _read_sealed(manifest, frames, roster)
    sources = sealed.manifest.sources
    if len(values) != len(sources):
        raise Ssj1Error("E_VALUE", "每项随机来源填写一个结果", label=sources[-1].label)
    for source, value in zip(sources, values, strict=True):
        if reason := why_not_value(source.kind, value):
            raise Ssj1Error("E_VALUE", reason, label=source.label)
    pairs = [(source.kind, value) for source, value in zip(sources, values, strict=True)]
    opened = seed_text(sealed.manifest.draw, sealed.digest, secret, pairs)
    _check_seed(sealed, parse_seed(opened))
    not_before = sealed.manifest.latest_due
    if earlier is not None:
        _check_correction(opened, earlier.seed, sources)
        last = parse_amend(earlier.amends[-1]).at if earlier.amends else parse_result(earlier.result).drawn
        not_before = max(not_before, last)
    _check_drawn(drawn, not_before)
    run = _Run(sealed, digest(opened), secret)
    picks, level, tasks = run.draw()
    result = _result_text(sealed.manifest.draw, sealed.digest, run.seed, drawn, picks, level, tasks)
    slips = run.slips(digest(result), tasks)
    return Outcome(
        seed_text=opened,
        seed=run.seed,
        result_text=result,
        result_digest=digest(result),
        slips_text=slips,
        slips_digest=digest(slips),
        picks=picks,
        tasks=tasks,
        level=level,
    )


def _check_correction(seed: str, earlier: str, sources: Sequence[Source]) -> None:
    if seed == earlier:
        raise Ssj1Error("E_VALUE", "更正后的结果与更正前相同", label=sources[0].label)


def _check_drawn(drawn: str, not_before: str) -> None:
    if drawn < not_before:
        raise Ssj1Error("E_RESULT_TIME", f"抽取时间 {drawn}，不得早于 {not_before}")


# ------------------------------------------------------------------------------------------------------------
# §11 Bundle
# ------------------------------------------------------------------------------------------------------------

_BUNDLE_KEYS = (
    "format",
    "manifest",
    "frames",
    "roster",
    "seed",
    "result",
    "amends",
    "superseded",
    "slips",
    "abort",
    "chain",
)


def make_bundle(
    *,
    manifest: str,
    frames: Sequence[str],
    roster: str | None = None,
    seed: str | None = None,
    result: str | None = None,
    amends: Sequence[str] = (),
    superseded: Sequence[Run] = (),
    slips: Sequence[str] = (),
    abort: str | None = None,
    chain: Sequence[str] = (),
) -> dict[str, Any]:
    """The evidence of one draw, as a JSON object (§11)."""
    return {
        "format": BUNDLE_FORMAT,
        "manifest": manifest,
        "frames": list(frames),
        "roster": roster,
        "seed": seed,
        "result": result,
        "amends": list(amends),
        "superseded": [{"seed": run.seed, "result": run.result, "amends": list(run.amends)} for run in superseded],
        "slips": list(slips),
        "abort": abort,
        "chain": list(chain),
    }


def bundle_json(bundle: Mapping[str, Any]) -> str:
    """The file offered for download."""
    return json.dumps(bundle, ensure_ascii=False, separators=(",", ":"))


def load_json(data: bytes | str) -> object:
    """Read JSON strictly: no key twice, no number at all, no byte-order mark; E_FORMAT for anything else.

    Bundles and histories hold no numbers, and a parser that keeps the last of two equal keys would let one file
    mean two things.
    """

    def refuse(_: str) -> object:
        raise Ssj1Error("E_FORMAT", "证据包中不应有数字")

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise Ssj1Error("E_FORMAT", "同一项目出现了两次")
        return found

    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        value: object = json.loads(
            text, object_pairs_hook=unique, parse_int=refuse, parse_float=refuse, parse_constant=refuse
        )
    except Ssj1Error:
        raise
    except RecursionError:
        raise Ssj1Error("E_FORMAT", "嵌套层数过多") from None
    except ValueError:
        raise Ssj1Error("E_FORMAT", "不是完整的 JSON 文件") from None
    return value


class _Container(NamedTuple):
    manifest: str
    frames: list[str]
    roster: str | None
    runs: list[Run]
    slips: list[str]
    abort: str | None
    chain: list[str]


def _text(box: Mapping[str, Any], key: str) -> str:
    value = box[key]
    if not isinstance(value, str):
        raise Ssj1Error("E_FORMAT", f"“{key}”应为文本")
    return value


def _text_or_null(box: Mapping[str, Any], key: str) -> str | None:
    return None if box[key] is None else _text(box, key)


def _texts(box: Mapping[str, Any], key: str) -> list[str]:
    value = box[key]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Ssj1Error("E_FORMAT", f"“{key}”应为一列文本")
    return list(value)


def _keys(box: object, keys: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(box, dict) or box.keys() != set(keys):
        raise Ssj1Error("E_FORMAT", f"应有且只有这些项目：{'、'.join(keys)}")
    return box


def _open_container(bundle: object) -> _Container:
    """V1."""
    box = _keys(bundle, _BUNDLE_KEYS)
    if _text(box, "format") != BUNDLE_FORMAT:
        raise Ssj1Error("E_FORMAT", f"“format”应为 {BUNDLE_FORMAT}")
    if not isinstance(box["superseded"], list):
        raise Ssj1Error("E_FORMAT", "“superseded”应为一列")
    manifest, frames, roster = _text(box, "manifest"), _texts(box, "frames"), _text_or_null(box, "roster")
    seed, result = _text_or_null(box, "seed"), _text_or_null(box, "result")
    amends, slips = _texts(box, "amends"), _texts(box, "slips")
    abort, chain = _text_or_null(box, "abort"), _texts(box, "chain")
    runs = []
    for item in box["superseded"]:
        run = _keys(item, ("seed", "result", "amends"))
        runs.append(Run(_text(run, "seed"), _text(run, "result"), _texts(run, "amends")))
    if (seed is None) != (result is None):
        raise Ssj1Error("E_FORMAT", "种子和结果应同时有或同时没有")
    if result is None and (amends or runs):
        raise Ssj1Error("E_FORMAT", "没有结果，不应有变更或更正")
    if abort is not None and (seed is not None or slips):
        raise Ssj1Error("E_FORMAT", "作废的抽取不应有种子、结果或到访凭证")
    if roster is None and (result is not None or abort is not None):
        raise Ssj1Error("E_FORMAT", "检查人员名录只有在名单公开之前才可以没有")
    if seed is not None and result is not None:
        runs.append(Run(seed, result, amends))
    return _Container(manifest, frames, roster, runs, slips, abort, chain)


# ------------------------------------------------------------------------------------------------------------
# §12 Verification
# ------------------------------------------------------------------------------------------------------------


class StratumFacts(NamedTuple):
    """One stratum's numbers, and how many objects do not take part for which reason."""

    stratum: str
    N: int
    A: int
    U: int
    K: int
    u: int
    excluded: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        unit, category = self.stratum.split(".")
        line = (
            f"{unit} {CATEGORY_NAMES[category]}：名录 {self.N} 家，参加抽取 {self.A} 家（其中本周期未查 {self.U} 家），"
            f"应抽 {self.K} 家（其中优先未查 {self.u} 家）"
        )
        reasons = "、".join(f"{STATE_NAMES[state]} {number} 家" for state, number in self.excluded)
        return f"{line}；不参加抽取：{reasons}" if reasons else line


@dataclass(frozen=True)
class Facts:
    """What no program can judge and a person should compare (end of §12)."""

    draw: str
    manifest_digest: str
    frozen: str
    release: str
    values: tuple[tuple[Source, str | None], ...]
    corrected: tuple[tuple[tuple[Source, str], ...], ...]
    strata: tuple[StratumFacts, ...]
    first_drawn: str | None  # of the first run; `drawn` is of the last, after corrections (9.1)
    drawn: str | None
    result_digest: str | None
    tickets: int
    picks: int
    teams: int
    opens: int
    amends: tuple[Amend, ...]
    chain_head: str | None

    def lines(self) -> list[str]:
        """The same in words."""
        lines = [f"抽取编号：{self.draw}", f"封存时间：{self.frozen}　封存清单指纹：{self.manifest_digest}"]
        for source, value in self.values:
            shown = value if value is not None else f"证据包里还没有，名单公开后才有；应于 {source.due} 产生"
            lines.append(f"公开随机结果，与官方公布的核对：{source.label}（{SOURCE_NAMES[source.kind]}）：{shown}")
        for number, run in enumerate(self.corrected, 1):
            for source, value in run:
                lines.append(f"第 {number} 次录入后被更正的结果：{source.label}：{value}")
        lines += [f"名单 {stratum}" for stratum in self.strata]
        if self.drawn is not None:
            corrected = f"　更正后重算：{self.drawn}" if self.corrected else ""
            lines.append(f"抽取时间：{self.first_drawn}{corrected}　抽取结果指纹：{self.result_digest}")
            lines.append(
                f"重算签号 {self.tickets} 个；现中签 {self.picks} 家，已配齐检查小组 {self.teams} 家，未配齐 {self.opens} 家"
            )
        for amend in self.amends:
            lines += _amend_lines(amend)
        if self.chain_head is not None:
            lines.append(f"公示链末端，与同日张贴或刊登的核对：{self.chain_head}")
        return lines


def _amend_lines(amend: Amend) -> list[str]:
    """§8.3: who left and why, who took the place, and the ticket that determined it."""
    lines = [f"第 {amend.number} 次变更：{amend.at}，批准人 {amend.person}，文号 {amend.document}"]
    lines += [f"　企业退出：{drop.id}（{DROP_NAMES[drop.reason]}）" for drop in amend.drop_objects]
    lines += [
        f"　人员退出：{leaving.inspector}，原检查 {leaving.object}（{DROP_NAMES[leaving.reason]}）"
        for leaving in amend.drop_inspectors
    ]
    lines += [f"　人员加入：{person.code}" for person in amend.joins]
    lines += [f"　递补企业：{pick.id}，签号 {pick.ticket}" for pick in amend.added]
    lines += [f"　名额空缺：{stratum} {number} 个" for stratum, number in amend.vacant]
    for task in amend.tasks:
        if isinstance(task, Team):
            lines.append(f"　检查小组：{task.object}，组长 {task.leader}，组员 {'、'.join(task.members)}")
        else:
            lines.append(f"　未配齐：{task.object}，{_open_words(task)}")
    return lines


def _open_words(task: Open) -> str:
    reasons = {"FEW": "可派人员不足", "NOLEAD": "可派人员中没有能任组长的", "CAP": "可派人员任务已满"}
    return (
        f"{reasons[task.reason]}：可派 {task.allowed} 人，离岗 {task.out} 人，执法证过期 {task.cert} 人，"
        f"单位不符 {task.unit} 人，执法范围不符 {task.scope} 人，回避 {task.bar} 人"
    )


@dataclass(frozen=True)
class Report:
    """What a verification found. `step` is the row of §12; `where` and `advice` are for whoever reads the failure."""

    ok: bool
    error: str = ""
    step: str = ""
    sentence: str = ""
    where: str = ""
    advice: str = ""
    warnings: tuple[str, ...] = ()
    facts: Facts | None = None

    @classmethod
    def failed(cls, error: Ssj1Error) -> Report:
        return cls(False, error.code, error.step, error.sentence, error.where, error.advice)

    def warning_sentences(self) -> list[str]:
        """The warnings in words."""
        return [_warning_sentence(warning, self.facts) for warning in self.warnings]


def _warning_sentence(warning: str, facts: Facts | None) -> str:
    code, _, stratum = warning.partition(" ")
    if code == "W_LATE_DRAW" and facts and facts.first_drawn and not _is_late(facts.draw, facts.first_drawn):
        # §12 judges the last run; nobody should read that the draw itself was late.
        return f"更正后的结果晚于本季度首月10日，第一次抽取（{facts.first_drawn[:10]}）没有晚（{code}）"
    return f"{WARNINGS[code]}（{warning}）" if stratum else f"{WARNINGS[code]}（{code}）"


class _Event(NamedTuple):
    """One chain entry that a draw must have after its FREEZE, and what stands after it (RESULT and AMEND)."""

    kind: str
    doc: str
    at: str
    standing: Mapping[str, str] = {}
    teams: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class _Checked:
    """A bundle that passed §12."""

    sealed: _Sealed
    is_sealed: bool
    events: tuple[_Event, ...]
    run: _Run | None
    amends: int
    warnings: tuple[str, ...]
    facts: Facts


class _ReadRun(NamedTuple):
    texts: Run
    seed: Seed
    result: Result
    amends: list[Amend]


class _Documents(NamedTuple):
    manifest: Manifest
    frames: list[Frame]
    roster: Roster | None
    runs: list[_ReadRun]
    slips: list[Slips]
    abort: Abort | None
    chain: list[ChainEntry]


def _read_documents(box: _Container) -> _Documents:
    """V2 and V3."""
    number = 0
    draws: list[str] = []

    def read(parser: Callable[[str], Any], text: str, *, of_draw: bool = True) -> Any:
        nonlocal number
        number += 1
        try:
            document = parser(text)
        except Ssj1Error as error:
            raise Ssj1Error("E_SYNTAX", error.where, doc=number) from None
        if of_draw:
            draws.append(document.draw)
        return document

    manifest: Manifest = read(parse_manifest, box.manifest)
    frames = [read(parse_frame, text) for text in box.frames]
    roster = None if box.roster is None else read(parse_roster, box.roster)
    runs = [
        _ReadRun(
            run,
            read(parse_seed, run.seed),
            read(parse_result, run.result),
            [read(parse_amend, text) for text in run.amends],
        )
        for run in box.runs
    ]
    slips = [read(parse_slips, text) for text in box.slips]
    abort = None if box.abort is None else read(parse_abort, box.abort)
    chain = [read(parse_chain, text, of_draw=False) for text in box.chain]
    for place, draw in enumerate(draws, 1):
        if draw != manifest.draw:
            raise Ssj1Error("E_DRAW", f"第{place}份文书属于 {draw}，本次抽取是 {manifest.draw}")
    return _Documents(manifest, frames, roster, runs, slips, abort, chain)


def _check_result(result: Result, picks: tuple[Pick, ...], level: int, tasks: tuple[Team | Open, ...]) -> None:
    """V11, what was drawn."""
    for given, due in _differences(result.picks, picks):
        name = (given or due).id
        raise Ssj1Error("E_PICK", f"文书为{_show(given)}，重算为{_show(due)}", id=name)
    if result.level != level:
        raise Ssj1Error("E_LEVEL", f"文书为 {result.level}，重算为 {level}")
    for given, due in _differences(result.tasks, tasks):
        raise Ssj1Error("E_TEAM", f"文书为{_show(given)}，重算为{_show(due)}", id=(given or due).object)


def _differences(given: Sequence[Any], due: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    for place in range(max(len(given), len(due))):
        one = given[place] if place < len(given) else None
        other = due[place] if place < len(due) else None
        if one != other or type(one) is not type(other):
            yield one, other


def _show(line: Pick | Team | Open | None) -> str:
    if line is None:
        return "没有这一行"
    if isinstance(line, Pick):
        return f"第{line.number}名 {line.id}（{line.slot}，签号 {line.ticket}）"
    if isinstance(line, Team):
        return f"{line.object}：组长 {line.leader}，组员 {'、'.join(line.members)}"
    return f"{line.object}：{_open_words(line)}"


class _Runs(NamedTuple):
    run: _Run
    events: list[_Event]


def _check_runs(sealed: _Sealed, runs: Sequence[_ReadRun], slips: Sequence[str]) -> _Runs:
    """V10–V12 for every run, superseded ones first."""
    manifest = sealed.manifest
    events: list[_Event] = []
    due_slips: list[str] = []
    not_before = manifest.latest_due
    run: _Run | None = None

    def note(kind: str, text: str, at: str, run: _Run, tasks: Sequence[Team | Open]) -> None:
        doc = digest(text)
        standing = {name: stratum for name, (_, stratum) in run.standing.items()}
        teams = {name: everybody for name, (_, everybody) in run.teams.items()}
        slip = run.slips(doc, tasks)
        due_slips.append(slip)
        events.append(_Event(kind, doc, at, standing, teams))
        events.append(_Event("SLIPS", digest(slip), at))

    for place, (texts, seed, result, amends) in enumerate(runs):
        _check_seed(sealed, seed)
        if place:
            _check_correction(texts.seed, runs[place - 1].texts.seed, manifest.sources)
        seed_digest = digest(texts.seed)
        if result.manifest != sealed.digest:
            raise Ssj1Error("E_RESULT_LINK", f"封存清单：{_digests(sealed.digest, result.manifest)}")
        if result.seed != seed_digest:
            raise Ssj1Error("E_RESULT_LINK", f"种子应为 {seed_digest}，结果所记为 {result.seed}")
        _check_drawn(result.drawn, not_before)
        run = _Run(sealed, seed_digest, seed.secret)
        _check_result(result, *run.draw())
        note("RESULT", texts.result, result.drawn, run, result.tasks)
        last, not_before = digest(texts.result), result.drawn
        for number, (text, amend) in enumerate(zip(texts.amends, amends, strict=True), 1):
            if (amend.number, amend.after) != (number, last):
                raise Ssj1Error("E_AMEND_LINK", f"第{number}次变更")
            if amend.at < not_before:
                raise Ssj1Error("E_AMEND_TIME", f"第{number}次变更：{amend.at} 早于 {not_before}")
            due_text = run.amend(
                number=number,
                after=last,
                at=amend.at,
                person=amend.person,
                document=amend.document,
                drop_objects=amend.drop_objects,
                drop_inspectors=amend.drop_inspectors,
                joins=amend.joins,
            )
            if text != due_text:
                raise Ssj1Error("E_AMEND_OUTCOME", f"第{number}次变更，{_first_difference(text, due_text)}")
            note("AMEND", text, amend.at, run, amend.tasks)
            last, not_before = digest(text), amend.at
    if run is None:
        raise RuntimeError("SSJ1 12: no run to check")
    if list(slips) != due_slips:
        places = [i for i, (one, other) in enumerate(zip(slips, due_slips, strict=False), 1) if one != other]
        where = f"第{places[0]}份到访凭证" if places else f"应有{len(due_slips)}份，现有{len(slips)}份"
        raise Ssj1Error("E_SLIPS", where)
    return _Runs(run, events)


def _first_difference(given: str, due: str) -> str:
    lines, due_lines = given.split("\n"), due.split("\n")
    place = next(
        (i for i, (one, other) in enumerate(zip(lines, due_lines, strict=False)) if one != other),
        min(len(lines), len(due_lines)),
    )
    return f"从第{place + 1}行起不同"


def _check_sealed_slips(manifest: Manifest, slips: Sequence[Slips]) -> None:
    """V12 for a sealed bundle."""
    for place, document in enumerate(slips, 1):
        if not _ascends(document.slips):
            raise Ssj1Error("E_SLIPS", f"第{place}份到访凭证没有按顺序排列，或有重复")
    places = sum(line.K for line in manifest.strata)
    if slips and len(slips[0].slips) > places:
        raise Ssj1Error("E_SLIPS", f"抽取当日的到访凭证有{len(slips[0].slips)}张，多于应抽的{places}家")


def _check_abort(sealed: _Sealed, abort: Abort) -> list[str]:
    """V10′."""
    manifest = sealed.manifest
    if abort.manifest != sealed.digest:
        raise Ssj1Error("E_ABORT_LINK", _digests(sealed.digest, abort.manifest))
    if abort.at < manifest.frozen:
        raise Ssj1Error("E_ABORT_TIME", f"{abort.at} 早于 {manifest.frozen}")
    if abort.secret is not None and commitment(manifest.draw, abort.secret) != manifest.commit:
        raise Ssj1Error("E_COMMIT", _digests(manifest.commit, commitment(manifest.draw, abort.secret)))
    if not _ascends(abort.missing):
        raise Ssj1Error("E_ABORT_MISSING", "没有按顺序排列，或有重复")
    for place in abort.missing:
        if not 1 <= place <= len(manifest.sources):
            raise Ssj1Error("E_ABORT_MISSING", f"没有第{place}项来源")
        if manifest.sources[place - 1].due > abort.at:
            raise Ssj1Error("E_ABORT_MISSING", f"第{place}项来源到作废时还没有到期")
    if abort.at >= manifest.latest_due and abort.secret is not None and not abort.missing:
        raise Ssj1Error("E_ABORT_LATE", f"最后一项来源已于 {manifest.latest_due} 产生")
    warnings = []
    if abort.secret is None:
        warnings.append("W_SECRET_LOST")
    if abort.missing:
        warnings.append("W_SOURCE_MISSING")
    return warnings


def _check_chain_links(texts: Sequence[str], chain: Sequence[ChainEntry], before: tuple[int, str]) -> None:
    """The first two rows of V13."""
    seq, prev = before
    for entry, text in zip(chain, texts, strict=True):
        seq += 1
        if (entry.seq, entry.prev) != (seq, prev):
            raise Ssj1Error("E_CHAIN_LINK", f"该条应为第{seq}号，接在 {prev} 之后", n=entry.seq)
        prev = link(text)
    for i in range(1, len(chain)):
        if chain[i].at < chain[i - 1].at:
            raise Ssj1Error("E_CHAIN_TIME", f"第{chain[i].seq}条早于第{chain[i - 1].seq}条")


def _check_chain(
    sealed: _Sealed,
    texts: Sequence[str],
    chain: Sequence[ChainEntry],
    events: Sequence[_Event],
    sealed_slips: Sequence[tuple[str, Slips]] | None,
) -> None:
    """V13."""
    manifest = sealed.manifest
    _check_chain_links(texts, chain, manifest.prev)
    if chain[0].draw != manifest.draw:
        raise Ssj1Error("E_CHAIN_DOC", "第一条不是本次抽取的封存")
    own = [entry for entry in chain if entry.draw == manifest.draw]
    found = [(entry.kind, entry.doc, entry.at) for entry in own]
    due = [("FREEZE", sealed.digest, manifest.frozen)]
    if sealed_slips is None:
        due += [(event.kind, event.doc, event.at) for event in events]
    else:
        for place, (text, slips) in enumerate(sealed_slips):
            # The RESULT or AMEND itself is still secret: its kind and time are taken from the chain.
            kind, at = found[1 + 2 * place][::2] if len(found) > 1 + 2 * place else ("", "")
            if kind != "RESULT" and (place == 0 or kind != "AMEND"):
                kind = "RESULT"
            due += [(kind, slips.after, at), ("SLIPS", digest(text), at)]
    for place in range(max(len(due), len(found))):
        if due[place : place + 1] != found[place : place + 1]:
            seq = f"公示链第{own[place].seq}条" if place < len(own) else "公示链缺少后面的条目"
            raise Ssj1Error("E_CHAIN_DOC", seq)


def _is_late(draw: str, drawn: str) -> bool:
    """After the 10th of the quarter's first month."""
    quarter = DrawId.of(draw)
    return drawn[:10] > f"{quarter.year}-{3 * quarter.quarter - 2:02d}-10"


def _last_run_warnings(manifest: Manifest, runs: Sequence[_ReadRun], run: _Run) -> list[str]:
    last = runs[-1]
    warnings = []
    if len(runs) > 1:
        warnings.append("W_CORRECTED")
    if _is_late(manifest.draw, last.result.drawn):
        warnings.append("W_LATE_DRAW")
    if any(name not in run.teams for name in run.standing):
        warnings.append("W_OPEN")
    if last.amends and last.amends[-1].vacant:
        warnings.append("W_VACANT")
    return warnings


def _check(bundle: object) -> _Checked:
    """§12 from V1 to V13; the first failure is an Ssj1Error."""
    box = _open_container(bundle)
    documents = _read_documents(box)
    manifest = documents.manifest
    sealed = _check_sealed(
        digest(box.manifest),
        manifest,
        documents.frames,
        [digest(text) for text in box.frames],
        documents.roster,
        "" if box.roster is None else digest(box.roster),
    )
    warnings = list(sealed.warnings)
    events: list[_Event] = []
    run: _Run | None = None
    is_sealed = not documents.runs and documents.abort is None
    if documents.abort is not None and box.abort is not None:
        warnings += _check_abort(sealed, documents.abort)
        events.append(_Event("ABORT", digest(box.abort), documents.abort.at))
    elif documents.runs:
        run, events = _check_runs(sealed, documents.runs, box.slips)
        warnings += _last_run_warnings(manifest, documents.runs, run)
    else:
        _check_sealed_slips(manifest, documents.slips)
        warnings.append("W_SEALED")
    if box.chain:
        sealed_slips = list(zip(box.slips, documents.slips, strict=True)) if is_sealed else None
        _check_chain(sealed, box.chain, documents.chain, events, sealed_slips)
    else:
        warnings.append("W_NO_CHAIN")
    return _Checked(
        sealed=sealed,
        is_sealed=is_sealed,
        events=tuple(events),
        run=run,
        amends=len(documents.runs[-1].amends) if documents.runs else 0,
        warnings=tuple(warnings),
        facts=_facts(sealed, box, documents.runs, run),
    )


def _facts(sealed: _Sealed, box: _Container, runs: Sequence[_ReadRun], run: _Run | None) -> Facts:
    manifest = sealed.manifest
    last = runs[-1] if runs else None
    values = [value for _, value in last.seed.values] if last else [None for _ in manifest.sources]
    return Facts(
        draw=manifest.draw,
        manifest_digest=sealed.digest,
        frozen=manifest.frozen,
        release=manifest.release,
        values=tuple(zip(manifest.sources, values, strict=True)),
        corrected=tuple(
            tuple(
                (source, old)
                for source, (_, old), (_, new) in zip(
                    manifest.sources, earlier.seed.values, later.seed.values, strict=True
                )
                if old != new
            )
            for earlier, later in pairwise(runs)
        ),
        strata=tuple(_stratum_facts(line, frame) for line, frame in zip(manifest.strata, sealed.frames, strict=True)),
        first_drawn=runs[0].result.drawn if runs else None,
        drawn=last.result.drawn if last else None,
        result_digest=digest(last.texts.result) if last else None,
        tickets=sum(line.A for line in manifest.strata) * len(runs),
        picks=len(run.standing) if run else 0,
        teams=len(run.teams) if run else 0,
        opens=len(run.standing) - len(run.teams) if run else 0,
        amends=tuple(last.amends) if last else (),
        chain_head=link(box.chain[-1]) if box.chain else None,
    )


def _stratum_facts(line: StratumLine, frame: Frame) -> StratumFacts:
    states = Counter(row.state for row in frame.rows)
    excluded = tuple((state, states[state]) for state in STATE_NAMES if state != "in" and states[state])
    return StratumFacts(line.stratum, line.N, line.A, line.U, line.K, line.u, excluded)


def verify(bundle: object) -> Report:
    """Check a bundle, whatever it holds (§12); never raises for what it is given."""
    try:
        checked = _check(bundle)
    except Ssj1Error as error:
        return Report.failed(error)
    return Report(True, warnings=checked.warnings, facts=checked.facts)


def verify_json(data: bytes | str) -> Report:
    """Check a bundle as it is in the file."""
    try:
        return verify(load_json(data))
    except Ssj1Error as error:
        return Report.failed(error)


@dataclass(frozen=True)
class Amendment:
    """A computed change with its documents; `amend` tells who left and who came."""

    text: str
    digest: str
    slips_text: str
    slips_digest: str
    amend: Amend


def amend(
    bundle: object,
    *,
    at: str,
    person: str,
    document: str,
    drop_objects: Iterable[DropObject] = (),
    drop_inspectors: Iterable[DropInspector] = (),
    joins: Iterable[Inspector] = (),
) -> Amendment:
    """Compute the change that the responsible person approved (七(二)-f、g; §8), after the last of the bundle.

    The bundle is verified first; E_AMEND_REQUEST if a request does not fit.
    """
    checked = _check(bundle)
    if checked.run is None:
        raise Ssj1Error("E_AMEND_REQUEST", "还没有抽取结果")
    last = checked.events[-2]  # every RESULT and AMEND is followed by its SLIPS
    if is_a("TIME", at) and at < last.at:
        raise Ssj1Error("E_AMEND_TIME", f"{at} 早于 {last.at}")
    text = checked.run.amend(
        number=checked.amends + 1,
        after=last.doc,
        at=at,
        person=person,
        document=document,
        drop_objects=drop_objects,
        drop_inspectors=drop_inspectors,
        joins=joins,
    )
    computed = parse_amend(text)
    slips = checked.run.slips(digest(text), computed.tasks)
    return Amendment(text, digest(text), slips, digest(slips), computed)


# ------------------------------------------------------------------------------------------------------------
# §13 History check
# ------------------------------------------------------------------------------------------------------------


class _Standing(NamedTuple):
    """A past pick or CARRY line that counts for `times` and `seen`."""

    year: int
    quarter: int
    items: frozenset[str]


@dataclass
class _Course:
    """One draw on its way through the chain: how many of its events have passed, and what stands now."""

    checked: _Checked
    when: DrawId
    items: frozenset[str]
    passed: int = 0
    results: int = 0
    aborted: bool = False
    standing: Mapping[str, str] | None = None
    teams: Mapping[str, tuple[str, ...]] | None = None

    @property
    def is_open(self) -> bool:
        return not self.results and not self.aborted


class _History:
    """The walk of H3 with the comparison of H4 at each FREEZE."""

    def __init__(self, bundles: Sequence[_Checked], carry: tuple[str, Carry] | None) -> None:
        self.given = len(bundles)
        self.bundles = {checked.sealed.digest: checked for checked in bundles}
        self.carry = carry
        self.carry_used = False
        self.courses: dict[str, _Course] = {}
        self.used = 0
        self.past: dict[str, dict[object, list[_Standing]]] = {}
        self.head = (0, GENESIS)

    def walk(self, entry: ChainEntry, text: str) -> None:
        if entry.kind == "CARRY":
            self._take_carry(entry)
        elif entry.draw is None:
            raise self._wrong(entry, "缺少抽取编号")
        elif entry.kind == "FREEZE":
            self._take_freeze(entry, entry.draw)
        else:
            self._take_event(entry, entry.draw)
        self.head = (entry.seq, link(text))

    def finish(self) -> None:
        if self.carry is not None and not self.carry_used:
            raise Ssj1Error("E_CHAIN_DOC", "历史抽查结转表没有进入公示链")
        for draw, course in self.courses.items():
            if not course.checked.is_sealed and course.passed < len(course.checked.events):
                raise Ssj1Error("E_CHAIN_DOC", f"抽取 {draw} 的文书没有全部进入公示链")
        if self.used < self.given:
            raise Ssj1Error("E_CHAIN_DOC", "有证据包不在公示链中，或同一次抽取给了两份证据包")

    @staticmethod
    def _wrong(entry: ChainEntry, reason: str) -> Ssj1Error:
        return Ssj1Error("E_CHAIN_DOC", f"公示链第{entry.seq}条：{reason}")

    def _take_carry(self, entry: ChainEntry) -> None:
        if entry.seq != 1 or entry.draw is not None or self.carry is None:
            raise self._wrong(entry, "历史抽查结转只能是第1条，并须附上结转表")
        doc, carry = self.carry
        if (entry.doc, entry.at) != (doc, carry.at):
            raise self._wrong(entry, "与结转表不一致")
        self.carry_used = True
        for old in carry.old:
            standing = _Standing(old.year, old.quarter, frozenset(old.items))
            self.past.setdefault(old.id, {}).setdefault(None, []).append(standing)

    def _take_freeze(self, entry: ChainEntry, draw: str) -> None:
        checked = self.bundles.get(entry.doc)
        if checked is None or checked.sealed.manifest.draw != draw:
            raise self._wrong(entry, f"没有抽取 {draw} 的证据包")
        manifest = checked.sealed.manifest
        when = DrawId.of(draw)
        if entry.at != manifest.frozen or manifest.prev != self.head:
            raise self._wrong(entry, "与封存清单不一致")
        if draw in self.courses:
            raise self._wrong(entry, f"抽取 {draw} 已经封存过")
        serials = [course.when.serial for course in self.courses.values() if course.when[:3] == when[:3]]
        if when.serial != (serials[-1] + 1 if serials else 1):
            raise self._wrong(entry, "抽取编号不连续")
        for other, course in self.courses.items():
            if course.when.unit == when.unit and course.is_open:
                raise self._wrong(entry, f"同一单位的抽取 {other} 还没有完成")
        self._compare(checked, when)
        self.courses[draw] = _Course(checked, when, frozenset(manifest.items))
        self.used += 1

    def _take_event(self, entry: ChainEntry, draw: str) -> None:
        course = self.courses.get(draw)
        if course is None or course.aborted:
            raise self._wrong(entry, f"抽取 {draw} 没有封存，或已经作废")
        if course.checked.is_sealed:
            if entry.kind == "ABORT" or (not course.passed and entry.kind != "RESULT"):
                raise self._wrong(entry, f"与抽取 {draw} 的证据包不一致")
        else:
            events = course.checked.events
            event = events[course.passed] if course.passed < len(events) else None
            if event is None or (entry.kind, entry.doc, entry.at) != event[:3]:
                raise self._wrong(entry, f"与抽取 {draw} 的证据包不一致")
            if event.kind in ("RESULT", "AMEND"):
                self._stand(draw, course, event)
        course.passed += 1
        course.results += entry.kind == "RESULT"
        course.aborted = entry.kind == "ABORT"

    def _stand(self, draw: str, course: _Course, event: _Event) -> None:
        """From now on these picks of the draw are the ones that count."""
        for name in course.standing or ():
            del self.past[name][draw]
        course.standing, course.teams = event.standing, event.teams
        standing = [_Standing(course.when.year, course.when.quarter, course.items)]
        for name in event.standing:
            self.past.setdefault(name, {})[draw] = standing

    def _past_of(self, name: str) -> list[_Standing]:
        return [standing for group in self.past.get(name, {}).values() for standing in group]

    def _compare(self, checked: _Checked, when: DrawId) -> None:
        """H4: what a freeze says about the past against what is public of the past."""
        sealed = checked.sealed
        for line, frame in zip(sealed.manifest.strata, sealed.frames, strict=True):
            self._compare_cycle(line, when)
            standing = {
                name
                for course in self.courses.values()
                if course.when[1:3] == when[1:3]
                for name, stratum in (course.standing or {}).items()
                if stratum == line.stratum
            }
            if len(standing) != line.P:
                raise Ssj1Error("E_HISTORY", f"{line.stratum}：本季度已在名单上的应为 {len(standing)} 家")
            for row in frame.rows:
                self._compare_row(row, line, when, sealed.manifest)
        self._compare_bases(sealed, when)

    def _compare_cycle(self, line: StratumLine, when: DrawId) -> None:
        if line.E is None or not line.stratum.endswith(".general"):
            return
        ends = [
            kept.E
            for course in self.courses.values()
            for kept in course.checked.sealed.manifest.strata
            if kept.stratum == line.stratum
        ]
        end = ends[-1] if ends else None
        if end is None:
            return
        if end < when.year:
            end += -(-(when.year - end) // 3) * 3
        if end != line.E:
            raise Ssj1Error("E_HISTORY", f"{line.stratum}：周期末年应为 {end}")

    def _compare_row(self, row: FrameRow, line: StratumLine, when: DrawId, manifest: Manifest) -> None:
        past = self._past_of(row.id)
        category = line.stratum.split(".")[1]
        this_year = [standing for standing in past if standing.year == when.year]
        times = max(sum(item in standing.items for standing in this_year) for item in manifest.items)
        if category == "key":
            seen = bool(this_year)
        elif category == "general" and line.E is not None:
            seen = any(line.E - 2 <= standing.year <= when.year for standing in past)
        else:
            seen = False
        now = any(standing.quarter == when.quarter for standing in this_year)
        if row.times != times or row.seen != seen:
            raise Ssj1Error("E_HISTORY", f"{line.stratum} {row.id}：已查应为 {times} 次，已查标记应为 {int(seen)}")
        if row.state == "out:NOW" and not now:
            raise Ssj1Error("E_HISTORY", f"{line.stratum} {row.id}：本季度并不在抽查名单")
        if row.state == "in" and category != "special" and now:
            raise Ssj1Error("E_HISTORY", f"{line.stratum} {row.id}：本季度已在抽查名单")

    def _compare_bases(self, sealed: _Sealed, when: DrawId) -> None:
        same_quarter = [course for course in self.courses.values() if course.when[1:3] == when[1:3]]
        if sealed.roster is None or any(course.checked.is_sealed for course in same_quarter):
            return
        loads = Counter(code for course in same_quarter for team in (course.teams or {}).values() for code in team)
        for person in sealed.roster.inspectors:
            if person.base != loads[person.code]:
                raise Ssj1Error("E_HISTORY", f"人员 {person.code}：本季度已有任务应为 {loads[person.code]} 个")


def _check_history(chain: object, bundles: object, carry: object) -> str | None:
    if not isinstance(chain, list) or not all(isinstance(text, str) for text in chain):
        raise Ssj1Error("E_FORMAT", "公示链应为一列文本")
    if not isinstance(bundles, list) or not (carry is None or isinstance(carry, str)):
        raise Ssj1Error("E_FORMAT", "应有一列证据包，以及结转表或空值")
    checked = []
    for number, bundle in enumerate(bundles, 1):
        try:
            checked.append(_check(bundle))
        except Ssj1Error as error:
            where = f"第{number}个证据包。{error.where}" if error.where else f"第{number}个证据包"
            raise Ssj1Error(error.code, where, sentence=error.sentence) from None
    entries: list[ChainEntry] = []
    prev = GENESIS
    for number, text in enumerate(chain, 1):
        try:
            entry = parse_chain(text)
        except Ssj1Error as error:
            raise Ssj1Error("E_SYNTAX", f"公示链第{number}条。{error.where}", doc=number) from None
        if (entry.seq, entry.prev) != (number, prev):
            raise Ssj1Error("E_CHAIN_LINK", f"该条应为第{number}号，接在 {prev} 之后", n=number)
        if entries and entry.at < entries[-1].at:
            raise Ssj1Error("E_CHAIN_TIME", f"第{number}条早于第{number - 1}条")
        entries.append(entry)
        prev = link(text)
    kept = None if carry is None else (digest(carry), parse_carry(carry))
    history = _History(checked, kept)
    for entry, text in zip(entries, chain, strict=True):
        history.walk(entry, text)
    history.finish()
    return prev if entries else None


def check_history(chain: object, bundles: object, carry: object = None) -> Report:
    """Check the whole chain with all its draws (§13); never raises for what it is given."""
    try:
        _check_history(chain, bundles, carry)
    except Ssj1Error as error:
        return Report.failed(error)
    return Report(True)


# ------------------------------------------------------------------------------------------------------------
# §16.1 The command line
# ------------------------------------------------------------------------------------------------------------

USAGE = """用法：
  python ssj1.py verify bundle.json        核验一个证据包
  python ssj1.py ticket SEED STRATUM ID    计算一家企业的签号（种子、名单如 210502.key、企业编号）
  python ssj1.py history PATH...           核验整条公示链和全部证据包；PATH 是含有这些文件的目录，
                                           或 {"chain":[…],"bundles":[…],"carry":…|null} 文件"""


def _failure_lines(report: Report) -> list[str]:
    lines = [f"核验不一致：{report.sentence}", f"代码：{report.error}（第 {report.step} 步）"]
    if report.where:
        lines.append(f"位置：{report.where}")
    lines.append(f"怎么办：{report.advice}")
    return lines


def _verify_command(path: str) -> tuple[list[str], bool]:
    report = verify_json(Path(path).read_bytes())
    if not report.ok:
        return _failure_lines(report), False
    lines = ["核验一致：重算结果与文书完全相同。"]
    if "W_SEALED" in report.warnings:
        lines = ["核验一致：已公开的部分没有被改动。"]
    elif report.facts is not None and report.facts.drawn is None:
        lines = ["核验一致：本次抽取已经作废，作废符合规则。"]
    lines += [f"提示：{sentence}" for sentence in report.warning_sentences()]
    if report.facts is not None:
        lines += report.facts.lines()
    return lines, True


def _ticket_command(seed: str, stratum: str, object_id: str) -> tuple[list[str], bool]:
    for type_name, value, name in (("HEX", seed, "种子"), ("STRATUM", stratum, "名单"), ("ID", object_id, "企业编号")):
        if not is_a(type_name, value):
            return [f"{name}写得不对。", USAGE], False
    return [object_ticket(seed, stratum, object_id)], True


def _gather(paths: Sequence[str]) -> tuple[list[str], list[object], str | None]:
    """Chain entries, bundles and CARRY from files of any names; the first line or the keys tell what each is."""
    files: list[Path] = []
    for path in map(Path, paths):
        if not path.exists():
            raise FileNotFoundError(ENOENT, "", str(path))
        files += sorted(path.rglob("*")) if path.is_dir() else [path]
    chain: list[str] = []
    loose: list[str] = []
    bundles: list[object] = []
    carries: list[str] = []
    for file in files:
        if file.suffix == ".json" and file.is_file():
            value = load_json(file.read_bytes())
            if isinstance(value, dict) and "format" not in value:
                box = _keys(value, ("chain", "bundles", "carry"))
                chain += _texts(box, "chain")
                bundles += box["bundles"] if isinstance(box["bundles"], list) else [box["bundles"]]
                carries += [] if box["carry"] is None else [_text(box, "carry")]
            else:
                bundles.append(value)
        elif file.suffix == ".txt" and file.is_file():
            text = file.read_bytes().decode("utf-8", "replace")
            if text.startswith("SSJ1 CHAIN\n"):
                loose.append(text)
            elif text.startswith("SSJ1 CARRY\n"):
                carries.append(text)
    if len(carries) > 1:
        raise Ssj1Error("E_FORMAT", "历史抽查结转表只能有一份")
    chain += sorted(loose, key=_chain_order)
    if not chain:
        raise Ssj1Error("E_FORMAT", "没有找到公示链的条目")
    return chain, bundles, carries[0] if carries else None


def _chain_order(text: str) -> int:
    found = re.match(r"SSJ1 CHAIN\nseq\t([1-9][0-9]{0,8})\n", text)
    return int(found[1]) if found else 0


def _history_command(paths: Sequence[str]) -> tuple[list[str], bool]:
    try:
        chain, bundles, carry = _gather(paths)
        head = _check_history(chain, bundles, carry)
    except Ssj1Error as error:
        return _failure_lines(Report.failed(error)), False
    lines = [f"核验一致：公示链共 {len(chain)} 条，证据包 {len(bundles)} 个，前后相符。"]
    if head is not None:
        lines.append(f"公示链末端，与同日张贴或刊登的核对：{head}")
    return lines, True


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 if it agrees, 1 if it does not, 2 if the command cannot be understood."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:  # a console that lacks a character shows its number instead of stopping
        reconfigure(errors="backslashreplace")
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", ())
    try:
        if command == "verify" and len(rest) == 1:
            lines, agrees = _verify_command(rest[0])
        elif command == "ticket" and len(rest) == 3:
            lines, agrees = _ticket_command(*rest)
        elif command == "history" and rest:
            lines, agrees = _history_command(rest)
        else:
            print(USAGE)
            return 2
    except OSError as error:
        lines, agrees = [f"文件打不开：{error.filename}。检查文件名和位置，再试一次。"], False
    print("\n".join(lines))
    return 0 if agrees else 1


# ------------------------------------------------------------------------------------------------------------
# §16.2 Test vectors
# ------------------------------------------------------------------------------------------------------------


def _line_fields(kind: str, tag: str, fields: object) -> list[str]:
    """A field list of a vector, refused like the same line in a document."""
    rule = next(rule for rule in _RULES[kind] if tag in rule.tags)
    if not isinstance(fields, list) or not all(isinstance(field, str) for field in fields):
        raise _malformed(f"{DOCUMENT_NAMES[kind]}（{tag}）应为一列文本")
    _check_line(kind, 0, [tag, *fields], rule.tags[tag])
    return fields


def _lines_of(kind: str, tag: str, lines: Iterable[object]) -> list[list[str]]:
    return [_line_fields(kind, tag, fields) for fields in lines]


def _vector_lex(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"ok": is_a(given["type"], given["value"])}


def _vector_value(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"ok": check_value(given["kind"], given["value"])}


def _vector_ticket(given: Mapping[str, Any]) -> dict[str, Any]:
    line = ticket_string(given["tag"], given["seed"], given["a"], given["b"])
    return {"preimage": line, "ticket": H(line)}


def _vector_commit(given: Mapping[str, Any]) -> dict[str, Any]:
    line = commitment_string(given["draw"], given["secret"])
    return {"preimage": line, "commit": H(line)}


def _vector_slip(given: Mapping[str, Any]) -> dict[str, Any]:
    line = slip_string(given["draw"], given["secret"], given["id"], given["leader"], given["members"])
    return {"line": line, "slip": H(line)}


def _vector_rank(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"order": [name for _, name in sorted((ticket, name) for ticket, name in given["tickets"])]}


def _vector_quota(given: Mapping[str, Any]) -> dict[str, Any]:
    names = ("year", "quarter", "category", "bp", "v", "E", "P", "plan", "N", "A", "U")
    return quota(*(given[name] for name in names))._asdict()


def _vector_frame(given: Mapping[str, Any]) -> dict[str, Any]:
    rows = _lines_of("FRAME", "obj", given["rows"])
    text = _frame_text(given["draw"], given["unit"], given["category"], rows)
    frame = parse_frame(text)
    _check_frame(frame, given["cap"])
    return {"text": text, "digest": digest(text), **counts(frame.rows)._asdict()}


def _vector_seed(given: Mapping[str, Any]) -> dict[str, Any]:
    text = seed_text(
        given["draw"], given["manifest"], given["secret"], [(kind, value) for kind, value in given["values"]]
    )
    return {"text": text, "seed": digest(text)}


def _vector_select(given: Mapping[str, Any]) -> dict[str, Any]:
    rows = [(name, seen == "1") for name, seen in given["rows"]]
    picks = select(given["seed"], given["stratum"], given["K"], given["u"], rows, given["withdrawn"])
    return {"picks": [[pick.id, pick.slot, pick.ticket] for pick in picks]}


def _vector_assign(given: Mapping[str, Any]) -> dict[str, Any]:
    people = [_inspector(fields) for fields in _lines_of("ROSTER", "insp", given["inspectors"])]
    bars = [Bar(bar[0], bar[1], "RECUSE") for bar in given["bars"]]
    objects = [(target["id"], target["unit"], tuple(target["scopes"])) for target in given["objects"]]
    level, lines, load = assign(given["seed"], given["team"], people, given["until"], bars, objects)
    return {"level": level, "lines": [list(_task_line(line)) for line in lines], "load": load}


def _vector_draw(given: Mapping[str, Any]) -> dict[str, Any]:
    sources = given["sources"]
    sealed = freeze(
        draw=given["draw"],
        prev=(given["prev"][0], given["prev"][1]),
        frozen=given["frozen"],
        release=given["release"],
        window=(given["window"][0], given["window"][1]),
        items=given["items"],
        cap=given["cap"],
        team=given["team"],
        strata=[
            Stratum(
                unit=stratum["unit"],
                category=stratum["category"],
                bp=stratum["bp"],
                v=stratum["v"],
                E=None if stratum["E"] == "-" else int(stratum["E"]),
                P=stratum["P"],
                plan=stratum["plan"],
                rows=[_row(fields) for fields in _lines_of("FRAME", "obj", stratum["rows"])],
            )
            for stratum in given["strata"]
        ],
        inspectors=[_inspector(fields) for fields in _lines_of("ROSTER", "insp", given["inspectors"])],
        bars=[Bar(*fields) for fields in _lines_of("ROSTER", "bar", given["bars"])],
        secret=given["secret"],
        sources=[Source(kind, label, due) for kind, label, due, _ in sources],
    )
    outcome = hold_draw(
        manifest=sealed.manifest,
        frames=sealed.frames,
        roster=sealed.roster,
        secret=given["secret"],
        values=[value for _, _, _, value in sources],
        drawn=given["drawn"],
    )
    chain: list[str] = []
    seq, prev = given["prev"]
    for kind, doc, at in (
        ("FREEZE", sealed.digest, given["frozen"]),
        ("RESULT", outcome.result_digest, given["drawn"]),
        ("SLIPS", outcome.slips_digest, given["drawn"]),
    ):
        seq += 1
        chain.append(chain_text(seq, prev, kind, given["draw"], doc, at))
        prev = link(chain[-1])
    return make_bundle(
        manifest=sealed.manifest,
        frames=sealed.frames,
        roster=sealed.roster,
        seed=outcome.seed_text,
        result=outcome.result_text,
        slips=[outcome.slips_text],
        chain=chain,
    )


def _vector_amend(given: Mapping[str, Any]) -> dict[str, Any]:
    computed = amend(
        given["bundle"],
        at=given["at"],
        person=given["approve"][0],
        document=given["approve"][1],
        drop_objects=[DropObject(*fields) for fields in _lines_of("AMEND", "dropobj", given["dropobj"])],
        drop_inspectors=[DropInspector(*fields) for fields in _lines_of("AMEND", "dropinsp", given["dropinsp"])],
        joins=[_inspector(fields) for fields in _lines_of("AMEND", "join", given["join"])],
    )
    return {"text": computed.text, "digest": computed.digest, "slips": computed.slips_text}


def _vector_verify(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"ok": True, "warnings": list(_check(given["bundle"]).warnings)}


def _vector_history(given: Mapping[str, Any]) -> dict[str, Any]:
    _check_history(given["chain"], given["bundles"], given["carry"])
    return {"ok": True}


_VECTORS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "lex": _vector_lex,
    "value": _vector_value,
    "ticket": _vector_ticket,
    "commit": _vector_commit,
    "slip": _vector_slip,
    "rank": _vector_rank,
    "quota": _vector_quota,
    "frame": _vector_frame,
    "seed": _vector_seed,
    "select": _vector_select,
    "assign": _vector_assign,
    "draw": _vector_draw,
    "amend": _vector_amend,
    "verify": _vector_verify,
    "history": _vector_history,
}


def run_vector(kind: str, input: Mapping[str, Any]) -> dict[str, Any]:
    """Compute what a test vector's `expect` is compared with (§16.2)."""
    try:
        return _VECTORS[kind](input)
    except Ssj1Error as error:
        return {"error": error.code}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
