from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(name="名录历史", clauses=("六(二)-f",))
