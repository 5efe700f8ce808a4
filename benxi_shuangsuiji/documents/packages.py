"""A stranger's package of JSON Lines, read in a limited process: what it says of itself beside what is in it."""

import json
from dataclasses import dataclass, field
from typing import Any

from benxi_shuangsuiji.documents.limited import limited_process
from benxi_shuangsuiji.documents.packages_child import MAX_PACKED, MAX_SECONDS
from benxi_shuangsuiji.refusal import Refused

_BROKEN = "这个数据包打不开，没有导入。让对方重新做包。"
_SLOW = "这个数据包一分钟还没有读完，没有导入。让对方分成几个包。"


class BadPackage(Refused):
    """Refused, with the code that the sender is told (docs/exchange/ 6)."""

    def __init__(self, words: str, code: str):
        super().__init__(words)
        self.code = code
        self.contents: Contents | None = None  # as far as it was read: whose package it was, for the answer


@dataclass
class Contents:
    """The manifest as it was parsed, the SHA-256 of its bytes, each other member, and the values of each file of lines."""

    manifest: dict[str, Any] = field(default_factory=dict)
    digest: str = ""
    members: list[dict[str, Any]] = field(default_factory=list)
    values: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def read(content: bytes) -> Contents:
    """Everything in the package, or a refusal; whether it is what its manifest says is asked by the caller."""
    if len(content) > MAX_PACKED:
        raise BadPackage("数据包超过 30 MiB，没有导入。让对方分成几个包。", "BROKEN")
    found, ended = Contents(), False
    with limited_process("packages_child", content, trouble=_BROKEN, slow=_SLOW, seconds=MAX_SECONDS + 15) as child:
        for line in child.lines():
            told = json.loads(line)
            if "refused" in told:
                refusal = BadPackage(told["refused"], told["code"])
                refusal.contents = found
                raise refusal
            if "manifest" in told:
                found.manifest, found.digest = told["manifest"], told["sha256"]
            elif "name" in told:
                found.members.append(told)
                found.values[told["name"]] = []
            elif "value" in told:
                found.values[found.members[-1]["name"]].append(told["value"])
            else:
                ended = True
    if not ended:
        raise BadPackage(_BROKEN, "BROKEN")
    return found
