from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Subject

from . import duties

SUBJECT = Subject(
    name="针对性检查",
    clauses=("三-b", "三-n", "四(1)-a", "四(1)-b"),
    doors=(
        Door(
            "季度工作",
            "针对性检查",
            "inspections:targeted-list",
            "warn",
            (P.RAISE_CHECK, P.APPROVE_CHECK, P.SEE_SEALED),
            place=50,
        ),
    ),
    verbs={
        "inspections.targeted.approved": "批准针对性检查",
        "inspections.targeted.exported": "导出针对性检查",
        "inspections.targeted.joined": "合并检查",
        "inspections.targeted.raised": "发起针对性检查",
        "inspections.targeted.refused": "不批准针对性检查",
        "inspections.kind.made": "登记其他针对性检查种类",
        "inspections.kind.retired": "停用其他针对性检查种类",
    },
    # A check is joined to one of the same place, mostly a drawn one, and whose check it is many may read.
    inside=("inspections.targeted.joined",),
    inside_rows=("inspections_targetedcheck",),
    steps=(duties.APPROVAL,),
    finds=(Finds("任务", "针对性检查", "inspections.targeted.finds.targeted", place=22),),
)
