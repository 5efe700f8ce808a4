from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(name="公开网站", clauses=("四(3)-a",))
