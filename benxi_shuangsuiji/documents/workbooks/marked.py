"""The table somebody brought, written anew with what is wrong in it: made in a limited process of its own (`marked_child`)."""

import json

from benxi_shuangsuiji.documents.limited import limited_process
from benxi_shuangsuiji.documents.workbooks.limits import CHILD_SECONDS, HEAD, SLOW
from benxi_shuangsuiji.refusal import Refused

__all__ = ["HEAD", "marked_copy"]

_UNMADE = "标好错误的表格做不出来：表太大，或者内容特殊。按页面上的行和列改好原来的表，再上传。"


def marked_copy(
    content: bytes, *, faults: dict[tuple[str, int, int], str], remarks: dict[tuple[str, int], str]
) -> bytes:
    """Return a new workbook of the sheets named, every row as it was read: faulty cells red and commented, one more column.

    `faults`: (sheet, row, column from 1) → text; column 0 marks the first cell. `remarks`: (sheet, row) → text of the
    added column; where the text is `HEAD`, the row holds the heads. Nothing of the file's own looks or formulas is kept.
    """
    asked = {"faults": [[*at, text] for at, text in faults.items()], "remarks": [[*at, t] for at, t in remarks.items()]}
    asked_for = content, json.dumps(asked).encode()
    with limited_process(
        "workbooks.marked_child", *asked_for, trouble=_UNMADE, slow=SLOW, seconds=CHILD_SECONDS
    ) as child:
        told = json.loads(child.stdout.readline() or b"{}")
        if "refused" in told:
            raise Refused(told["refused"])
        made = child.stdout.read()
        if not made or len(made) != told.get("size"):
            raise Refused(_UNMADE)
        return made
