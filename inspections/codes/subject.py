from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

from . import duties

SUBJECT = Subject(
    name="检查码和企业反映",
    clauses=("七(五)-i", "七(五)-q"),
    doors=(
        Door(
            "监督",
            "企业反映和评价",
            "inspections:feedback",
            "speaker",
            (P.ANSWER_REPORTS, P.SEE_RATINGS),
            place=60,
        ),
    ),
    verbs={
        "inspections.enterprise_link.renewed": "换新企业办理网址",
        "inspections.impostor.answered": "答复冒充检查人员的反映",
        "inspections.impostor.reported": "收到冒充检查人员的反映",
        "inspections.phone.kept": "登记核实电话",
        "inspections.rating.given": "收到企业评价",
    },
    steps=(duties.LEADER, duties.OFFICE),
)
