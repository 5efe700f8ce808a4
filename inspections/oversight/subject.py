from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="全市进度",
    clauses=("四(2)-d", "五-1a", "五-2b"),
    doors=(
        Door(
            "监督",
            "全市进度",
            "inspections:city-progress",
            "chart",
            (P.SEE_CITY,),
            place=10,
            also=("inspections:analysis",),
        ),
    ),
    verbs={
        "inspections.analysis.exported": "导出发现问题分析",
        "inspections.city.exported": "导出全市进度",
    },
)
