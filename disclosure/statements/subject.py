from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

from . import duties

SUBJECT = Subject(
    name="企业说明",
    clauses=("四(3)-f",),
    doors=(
        Door("季度工作", "企业说明", "disclosure:statements-desk", "edit", (P.PUBLISH, P.APPROVE_REVISION), place=66),
    ),
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
