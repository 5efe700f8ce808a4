from benxi_shuangsuiji.subject import Round, Subject

from . import duties

SUBJECT = Subject(
    name="名录审核",
    clauses=("四(2)-b", "六(二)-c", "六(二)-e"),
    verbs={
        "registry.audit.signed": "名录审核签字",
        "registry.keeper.appointed": "指定名录专人",
    },
    steps=(duties.AUDIT,),
    rounds=(Round("registry.tasks.audits_daily", turn=50),),
)
