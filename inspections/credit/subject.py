from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="信用评价依据",
    clauses=("八(二)-g", "八(二)-h"),
    doors=(Door("监督", "信用评价依据", "inspections:credit", "chart", (P.SEE_PROGRESS,), place=60),),
    verbs={"inspections.credit.exported": "导出信用评价依据"},
)
