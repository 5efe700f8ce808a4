from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(name="开放数据", clauses=("四(3)-e",))
