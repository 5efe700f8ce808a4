from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Heard, Subject

from . import duties, law_changes

SUBJECT = Subject(
    name="季度计划",
    clauses=("六(一)2-a", "六(一)2-b", "七(四)-2", "七(六)-a"),
    doors=(
        Door(
            "季度工作",
            "季度计划",
            "plans:plan-list",
            "calendar",
            (P.SEE_PLANS,),
            place=10,
            also=("plans:justice-filing",),
        ),
    ),
    verbs={
        "plans.plan.approved": "批准季度计划",
        "plans.plan.copied": "复制上季计划",
        "plans.plan.drafted": "编制季度计划",
        "plans.plan.paper_downloaded": "下载计划文稿",
        "plans.plan.published": "季度计划已公开",
        "plans.plan.received": "签收季度计划",
        "plans.plan.rehearsed": "试抽",
        "plans.plan.returned": "退回季度计划",
        "plans.plan.revised": "更改已公开的计划",
        "plans.plan.saved": "保存季度计划",
        "plans.plan.submitted": "提交季度计划",
    },
    holds_unit="plans.quarterly.rules.planned_in",
    steps=(duties.PLAN, duties.PLAN_AGAIN, duties.PUBLICATION, duties.PUBLICATION_AGAIN, duties.DRAW),
    heard=Heard(number_changed=law_changes.tell_plans),
    finds=(Finds("文书", "季度计划", "plans.quarterly.finds.plans", place=40),),
)
