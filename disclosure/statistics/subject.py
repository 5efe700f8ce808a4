from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(name="公开统计", clauses=("四(3)-f",))
