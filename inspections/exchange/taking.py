"""Whether a package of the platform may be taken, before anything is written (docs/exchange/ 1, 2, 4, 6)."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from django.db.models import Q

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents.packages import BadPackage, Contents
from inspections.models import CodeKind, ExchangePackage, Inspection, PackageRefusal, PackageState, RecordKind, Side
from registry.models import Inspector

from . import packing
from .records import Codes, line_of

# In the log, where the sentence of a refusal would tell more than its readers may know (docs/exchange/ 6).
REASONS = {
    "BROKEN": "读不出来，或者写法不对",
    "CHANGED": "内容和清单不符",
    "VERSION": "格式或版本不认识",
    "ADDRESS": "不是发给本单位的",
    "ORDER": "前面还缺包，或者已经导入过",
    "REUSED": "编号或版次用过，内容不同",
    "UNKNOWN_CODE": "编号没有对照",
    "UNKNOWN_TASK": "说的检查没有收到过",
    "UNKNOWN_FACILITY": "名录里没有这个对象",
    "UNKNOWN_PERSON": "名录里没有这个检查人员，或者执法证对不上",
    "NOT_YOURS": "以本系统为准的内容",
    "OTHER": "回执说的包没有导出过",
}
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "exchange" / "schema.json"


@cache
def _schema() -> dict:
    return json.loads(SCHEMA.read_text())


@cache
def _validator(name: str):
    return jsonschema_rs.validator_for({**_schema(), "$ref": f"#/$defs/{name}"})


def _fault(name: str, value: Any) -> str:
    """Where a value is not as the schema says; "" when it is."""
    error = next(_validator(name).iter_errors(value), None)
    if error is None:
        return ""
    if error.instance_path:
        return "的 " + ".".join(str(step) for step in error.instance_path) + " 写法不对"
    wanted = _schema()["$defs"][name]
    if not isinstance(value, dict):
        return "不是一个对象"
    lacks, beyond = set(wanted["required"]) - value.keys(), value.keys() - wanted["properties"].keys()
    told = [
        f"{words} {'、'.join(sorted(keys))[:60]}" for words, keys in (("缺了键", lacks), ("多了键", beyond)) if keys
    ]
    return "，".join(told) or "写法不对"


def why_not_form(contents: Contents) -> BadPackage | None:
    """The manifest and each record as docs/exchange/schema.json says, and the members as the manifest says."""
    told = contents.manifest
    for key, label, ours in (("format", "格式", packing.FORMAT), ("version", "版本", packing.VERSION)):
        if told.get(key) != ours:
            theirs = json.dumps(told[key], ensure_ascii=False)[:20] if key in told else "没有写"
            return BadPackage(
                f"包的{label}不认识（写的是 {theirs}），本系统只读 {packing.FORMAT} {packing.VERSION}。让对方按约定重新做包。",
                "VERSION",
            )
    if fault := _fault("manifest", told):
        return BadPackage(f"manifest.json {fault}。让对方按约定重新做包。", "BROKEN")
    named = {file["name"]: file for file in told["files"]}
    if len(named) != len(told["files"]) or set(named) != {m["name"] for m in contents.members}:
        return BadPackage("包里的文件和清单对不上，多了或者少了。让对方重新发送。", "CHANGED")
    for member in contents.members:  # their SHA-256 was asked while they were read (`packages_child`)
        if any(member[name] != named[member["name"]][name] for name in ("size", "records")):
            return BadPackage(f"{member['name']} 的大小或行数和清单不符，传送中被改过。让对方重新发送。", "CHANGED")
    held = [kind for kind in RecordKind.values if f"{kind}.jsonl" in named]
    if told["kinds"] != held or any(name.endswith(".jsonl") and not rows for name, rows in contents.values.items()):
        return BadPackage("清单里的种类和包里的文件对不上。让对方重新做包。", "BROKEN")
    for kind in held:
        keys = set()
        for n, record in enumerate(contents.values[f"{kind}.jsonl"], 1):
            if fault := _fault(kind, record):
                return BadPackage(f"{kind}.jsonl 第 {n} 行{fault}。让对方改好重新做包。", "BROKEN")
            if unreal := next(_no_such_moment(record), ""):
                return BadPackage(
                    f"{kind}.jsonl 第 {n} 行的 {unreal} 没有这一天或者这一刻。让对方改好重新做包。", "BROKEN"
                )
            if record["key"] in keys:
                return BadPackage(f"{line_of(kind, n, record)}前面已经有一行。让对方改好重新做包。", "BROKEN")
            keys.add(record["key"])
    return None


def _no_such_moment(record: dict) -> Iterator[str]:
    """Where a moment or a day is written as agreed and yet is none, such as 2026-02-30."""
    for name, value in record.items():
        for inside in value if isinstance(value, list) else [value]:
            if isinstance(inside, dict):
                yield from _no_such_moment(inside)
        if isinstance(value, str) and (name == "at" or name.endswith(("_at", "_on", "_by", "_to"))):
            try:
                (datetime if len(value) > 10 else date).fromisoformat(value)
            except ValueError:
                yield name


AHEAD = timedelta(minutes=10)  # by which the clock of the platform may be before ours (docs/exchange/ 3.4)


def why_not_then(n: int, record: dict, handed_out: datetime | None, now: datetime) -> BadPackage | None:
    """The moments of a result in their order: handed out, begun, ended, handed in, sent to us (docs/exchange/ 3.4)."""
    begun, ended, handed_in = (datetime.fromisoformat(record[n]) for n in ("started_at", "ended_at", "handed_in_at"))
    if ended < begun:
        wrong = "结束时间早于到达时间"
    elif handed_in < ended:
        wrong = "交齐时间早于结束时间"
    elif max(begun, ended, handed_in) > now + AHEAD:
        wrong = "写着还没有到的时间"
    elif handed_out and begun < handed_out.replace(microsecond=0):  # ours is told to the second
        wrong = "到达时间早于任务派发的时间"
    else:
        return None
    return BadPackage(
        f"{line_of(RecordKind.RESULTS, n, record)}{wrong}，没有导入。让对方核对时间，改好重新做包。", "BROKEN"
    )


def why_not_address(told: dict, unit: Unit | None, by) -> BadPackage | None:
    """From the platform, to us, of a unit for which this person exchanges."""
    own = packing.number(Side.PLATFORM, unit, packing.nth(told["package"])) if unit else ""
    if told["sender"] != Side.PLATFORM or told["receiver"] != Side.OURS:
        return BadPackage("这不是移动执法平台发给本系统的包。选择平台发来的包。", "ADDRESS")
    if unit is None or not by.may(P.DISPATCH, unit) or told["package"] != own:
        return BadPackage("这个包不是发给本单位的，没有导入。由包号里那个单位的计划员导入。", "ADDRESS")
    return None


EARLY = "前面的包 "  # how the refusal of one before its turn begins: of all of ORDER the only one that passes by itself


def why_not_order(told: dict, digest: str, unit: Unit) -> BadPackage | None:
    """Once, and after all those before it (docs/exchange/ 4)."""
    number, n = told["package"], packing.nth(told["package"])
    was = ExchangePackage.objects.filter(number=number).select_related("replaced_by").first()
    if was is not None and was.state == PackageState.REPLACED:
        return BadPackage(f"{number} 已由 {was.replaced_by.number} 代替，没有再导入，什么也没有改。", "ORDER")
    if was is not None and was.digest == digest:
        return BadPackage(f"{number} 已经导入过，没有重复导入，什么也没有改。", "ORDER")
    if was is not None:
        return BadPackage(f"{number} 这个包号用过，内容和上次的不一样，没有导入。让对方换一个包号重新做包。", "REUSED")
    wanted = packing.number(Side.PLATFORM, unit, n - 1) if n > 1 else None
    if n < 1 or told["previous"] != wanted:
        return BadPackage(f"{number} 写的上一个包不对，没有导入。让对方重新做包。", "ORDER")
    missing = gap(told, unit)
    if lost := [one for one in missing if one not in told["supersedes"]]:
        return BadPackage(_early(lost[0]), "ORDER")
    return None


def _early(missing: str) -> str:
    return f"{EARLY}{missing} 还没有导入，先导入它；找不到的，让对方重传。"


TURN = "前面的包都到了，现在可以导入；没有留着文件的，让对方再发一次。"


def said_now(refusal: PackageRefusal, last: int) -> str:
    """Why it is not here now: of one that came too early the packages that are missing change with each that is taken."""
    if not refusal.reason.startswith(EARLY):
        return refusal.reason
    missing = packing.number(Side.PLATFORM, refusal.unit, last + 1)
    return _early(missing) if missing < refusal.number else TURN


def gap(told: dict, unit: Unit) -> list[str]:
    """The numbers between the last package taken and this one."""
    first = packing.last_of(unit, Side.PLATFORM) + 1
    return [packing.number(Side.PLATFORM, unit, n) for n in range(first, packing.nth(told["package"]))]


def ours_of(codes: Codes, kind: str, pair: dict) -> str:
    """Our code of a pair; a refusal where the table has none, or says otherwise than the pair."""
    name = CodeKind(kind).label
    ours = codes.ours.get((kind, pair["mep"])) if pair["mep"] else pair["bxs"]
    if not ours or (pair["bxs"] and pair["bxs"] != ours):
        raise BadPackage(
            f"{name}的平台编号 {pair['mep'] or '（空）'} 没有对照，或者和对照不一致，没有导入。由牵头部门登记对照以后再导入。",
            "UNKNOWN_CODE",
        )
    if pair["mep"] is None and (kind, ours) not in codes.theirs:
        raise BadPackage(f"{name} {ours} 没有对照，没有导入。由牵头部门登记对照以后再导入。", "UNKNOWN_CODE")
    return ours


def known_people(record: dict, check: Inspection | None = None) -> None:
    """Refuse a team with somebody whom the registry does not know, or whose certificate is another's, whichever door it comes by.

    A certificate that somebody had before is his, and so is whatever stands in the team of the check as it was dispatched.
    """
    team = check.members.values_list("certificate_no", "inspector__name") if check else ()
    ours = {(number, name.strip()) for number, name in team}
    for member in record["members"]:
        number, name = member["certificate_no"], member["name"].strip()
        if (number, name) in ours:
            continue
        has = Inspector.objects.filter(Q(certificate_no=number) | Q(certificates__number=number))
        names = {known.strip() for known in has.values_list("name", flat=True)} if number else set()
        if name not in names:
            wrong = f"执法证号 {number} 不是所写的这个人的" if names else f"名录里没有执法证号 {number or '（空）'}"
            raise BadPackage(f"{wrong}，没有导入。由名录管理员核对检查人员，写错的让对方改好再发。", "UNKNOWN_PERSON")
