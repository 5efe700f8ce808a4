from benxi_shuangsuiji.subject import Finds, Subject

SUBJECT = Subject(
    name="企业查询",
    clauses=("四(3)-a", "四(3)-e"),
    finds=(Finds("企业", "公开的企业", "disclosure.facilities.finds.enterprises", place=11, otherwise=True),),
)
