from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="时限日历",
    clauses=("六(一)2-b", "七(二)-a", "八(二)-d"),
    doors=(Door("工作", "时限日历", "notices:deadline-list", "clock", place=30),),
    verbs={
        "notices.feed.opened": "开通日历订阅",
        "notices.feed.revoked": "停用日历订阅",
    },
)
