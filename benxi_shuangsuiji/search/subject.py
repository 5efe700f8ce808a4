from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(name="搜索")
