from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="后续处理的公开",
    clauses=("八(二)-e",),
    verbs={"inspections.followup.handed_over": "提出公开后续处理"},
    steps=(duties.PUBLICATION,),
)
