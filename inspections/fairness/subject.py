from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="公平性监测",
    clauses=("五-2b", "八(一)-a"),
    doors=(
        Door(
            "监督",
            "公平性监测",
            "inspections:fairness",
            "eye",
            (P.SEE_PROGRESS,),
            place=36,
            also=("inspections:analysis",),
        ),
    ),
    verbs={
        "inspections.fairness.exported": "导出公平性监测",
        "inspections.fairness.people": "查看检查人员的规律",
    },
    looks=("inspections.fairness.people",),
)
