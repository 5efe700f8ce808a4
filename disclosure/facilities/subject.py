from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(name="企业查询", clauses=("四(3)-a", "四(3)-e"))
