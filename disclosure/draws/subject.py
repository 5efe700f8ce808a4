from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(name="抽取公示", clauses=("一-f", "四(3)-a"))
