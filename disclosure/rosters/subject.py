from benxi_shuangsuiji.subject import Heard, Subject

from . import actions

SUBJECT = Subject(
    name="名录公开",
    clauses=("六(二)-a",),
    verbs={"disclosure.roster.published": "公开名录"},
    heard=Heard(draw_sealed=actions.publish_roster),
)
