from benxi_shuangsuiji.subject import Heard, Subject

from . import actions, duties

SUBJECT = Subject(
    name="后续处理的公开",
    clauses=("八(二)-e",),
    verbs={"inspections.followup.handed_over": "提出公开后续处理"},
    steps=(duties.PUBLICATION, duties.ANOTHER_WAY),
    names_todos="inspections.followups.naming.by_name",
    heard=Heard(check_moved=actions.check_moved, publicity_moved=duties.publicity_moved),
)
