from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

from . import duties

SUBJECT = Subject(
    name="检查频次",
    clauses=("一-d", "一-e", "七(一)4-c"),
    doors=(Door("监督", "检查频次", "inspections:frequency-list", "redo", (P.SEE_FACILITIES,), place=30),),
    verbs={
        "inspections.frequency.exported": "导出检查频次",
        "inspections.cap.approved": "批准入企检查上限",
        "inspections.cap.proposed": "提出入企检查上限",
        "inspections.cap.returned": "不同意入企检查上限",
    },
    steps=(duties.CAP_PER_ITEM, duties.DECISION),
)
