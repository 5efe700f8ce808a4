from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Subject

from . import duties

SUBJECT = Subject(
    name="抽查事项",
    clauses=("三-o", "六(一)1-a", "六(一)1-d"),
    doors=(
        Door(
            "名录与清单",
            "抽查事项",
            "plans:itemlist-list",
            "checklist",
            (P.SEE_ITEMS,),
            place=50,
            also=("plans:basis-list", "plans:bank-list", "plans:kind-list"),
        ),
    ),
    verbs={
        "plans.kind.approved": "批准增加抽查类别",
        "plans.kind.asked": "提出增加抽查类别",
        "plans.kind.returned": "不批准增加抽查类别",
        "plans.list.approved": "批准事项清单",
        "plans.list.drafted": "编制事项清单",
        "plans.list.imported": "导入抽查事项",
        "plans.list.item_removed": "删去抽查事项",
        "plans.list.item_saved": "修改抽查事项",
        "plans.list.published": "事项清单已公开",
        "plans.list.returned": "退回事项清单",
        "plans.list.submitted": "提交事项清单",
    },
    workbooks={"ITEM": "plans.lists.comparison.ITEMS"},
    steps=(duties.LIST, duties.AGAIN, duties.KIND, duties.PUBLICATION, duties.JUSTICE),
    finds=(Finds("文书", "抽查事项清单", "plans.lists.finds.item_lists", place=51),),
)
