from benxi_shuangsuiji.subject import Round, Subject

from . import duties

SUBJECT = Subject(
    name="合规体检公开摘要",
    clauses=("四(3)-f", "八(一)-b"),
    verbs={
        "disclosure.selfcheck.asked": "拟合规体检公开摘要",
        "disclosure.selfcheck.published": "批准公开合规体检摘要",
        "disclosure.selfcheck.returned": "退回合规体检公开摘要",
    },
    steps=(duties.SUMMARY,),
    selfcheck_public="disclosure.selfcheck.rules.public_of",
    rounds=(Round("disclosure.selfcheck.duties.open_daily", turn=62),),
)
