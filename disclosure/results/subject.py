from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(name="结果公示", clauses=("八(二)-a",))
