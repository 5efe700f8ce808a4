from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="开奖日程",
    clauses=("六(一)2-f", "七(二)-c"),
    doors=(Door("管理", "开奖日程", "plans:lottery-list", "calendar", (P.KEEP_LOTTERY,), place=40),),
    verbs={
        "plans.lottery.break_removed": "删去休市",
        "plans.lottery.break_saved": "登记休市",
        "plans.lottery.schedule_saved": "维护开奖日程",
    },
)
