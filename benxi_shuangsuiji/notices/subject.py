from benxi_shuangsuiji.subject import Door, Finds, Question, Round, Subject

from . import agenda

SUBJECT = Subject(
    name="提醒",
    clauses=("二-a",),
    doors=(Door("工作", "待办", "notices:todo", "clipboard", place=20, count=agenda.open_count),),
    verbs={"notices.mails.again": "再发没有发出的邮件", "notices.duty.urged": "催办"},
    told={"notices.mails.again": "count", "notices.duty.urged": "count"},
    questions=(
        Question("round", "后台任务", "benxi_shuangsuiji.notices.health.rounds_done", place=20),
        Question("outbox", "邮件", "benxi_shuangsuiji.notices.health.outbox", place=40),
    ),
    finds=(Finds("任务", "待办", "benxi_shuangsuiji.notices.finds.todo", place=60, otherwise=True),),
    holds_unit="benxi_shuangsuiji.notices.ending.owed_by",
    rounds=(
        Round("benxi_shuangsuiji.notices.tasks.daily", turn=70),
        Round("benxi_shuangsuiji.notices.tasks.deliver", turn=90),
        Round("benxi_shuangsuiji.notices.tasks.send_mails", turn=150, lane="mail"),
    ),
)
