from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="企业说明",
    clauses=("四(3)-f",),
    verbs={
        "disclosure.statement.given_back": "退回企业说明",
        "disclosure.statement.proposed": "提出公开企业说明",
        "disclosure.statement.published": "公开企业说明",
        "disclosure.statement.received": "收到企业说明",
        "disclosure.statement.returned": "退回企业说明再核查",
        "disclosure.statement.taken_back": "企业撤回说明",
        "disclosure.statement.withdrawn": "撤下企业说明",
    },
    steps=(duties.WORDS,),
)
