from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Subject

from . import duties

SUBJECT = Subject(
    name="通报和评估",
    clauses=("二-c", "五-2c", "五-2d", "五-4k"),
    doors=(
        Door(
            "监督",
            "通报和评估",
            "inspections:bulletin-list",
            "sign",
            (P.SEE_PROGRESS,),
            place=37,
            also=("inspections:statistics", "inspections:trend"),
        ),
    ),
    verbs={
        "inspections.bulletin.asked": "报签通报或评估",
        "inspections.bulletin.downloaded": "下载通报或评估",
        "inspections.bulletin.issued": "签发通报或评估",
        "inspections.bulletin.made": "编写通报或评估",
        "inspections.bulletin.returned": "退回通报或评估",
        "inspections.statistics.exported": "导出执法统计",
    },
    steps=(duties.SIGNING,),
    finds=(Finds("文书", "通报和评估", "inspections.bulletins.finds.bulletins", place=49),),
)
