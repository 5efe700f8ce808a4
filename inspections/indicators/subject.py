from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="工作指标",
    clauses=("五-4k",),
    doors=(Door("监督", "工作指标", "inspections:indicator-list", "chart", (P.SEE_PROGRESS,), place=35),),
)
