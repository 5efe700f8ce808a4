from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Round, Subject

SUBJECT = Subject(
    name="合规体检",
    clauses=("一-c", "五-2b", "八(一)-b"),
    doors=(Door("监督", "合规体检", "inspections:selfcheck", "check", (P.SEE_PROGRESS,), place=15),),
    rounds=(Round("inspections.selfcheck.evenings.count_nightly", turn=119, lane="night"),),
    verbs={"inspections.selfcheck.exported": "导出合规体检"},
)
