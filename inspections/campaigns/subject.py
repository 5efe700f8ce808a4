from benxi_shuangsuiji.subject import Finds, Round, Subject

from . import duties

SUBJECT = Subject(
    name="专项检查",
    clauses=("三-k", "四(1)-c"),
    verbs={
        "inspections.campaign.approved": "批准专项检查",
        "inspections.campaign.closed": "专项检查到期终止",
        "inspections.campaign.made": "登记专项检查",
        "inspections.campaign.returned": "不同意专项检查",
    },
    steps=(duties.DECISION,),
    finds=(Finds("任务", "专项检查", "inspections.campaigns.finds.campaigns", place=23),),
    rounds=(Round("inspections.tasks.campaigns_daily", turn=30),),
)
