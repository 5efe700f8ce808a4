from benxi_shuangsuiji.subject import Round, Subject

SUBJECT = Subject(
    name="文件",
    rounds=(Round("benxi_shuangsuiji.documents.tasks.wake_waiting", turn=100),),
)
