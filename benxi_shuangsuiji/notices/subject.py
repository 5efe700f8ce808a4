from benxi_shuangsuiji.subject import Door, Round, Subject

from . import agenda

SUBJECT = Subject(
    name="提醒",
    clauses=("二-a",),
    doors=(Door("工作", "待办", "notices:todo", "clipboard", place=20, count=agenda.open_count),),
    rounds=(
        Round("benxi_shuangsuiji.notices.tasks.daily", turn=70),
        Round("benxi_shuangsuiji.notices.tasks.deliver", turn=90),
    ),
)
