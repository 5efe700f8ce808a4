from benxi_shuangsuiji.subject import Door, Filed, Finds, Heard, Subject
from inspections.followups.pages import SEES

from . import actions, duties
from .badges import open_cases

SUBJECT = Subject(
    name="立案查处",
    clauses=("八(二)-e", "八(二)-i"),
    doors=(Door("季度工作", "立案查处", "inspections:case-list", "seal", SEES, place=56, count=open_cases),),
    verbs={
        "inspections.case.act_approved": "批准案件事项",
        "inspections.case.act_asked": "提出案件事项",
        "inspections.case.act_rejected": "不批准案件事项",
        "inspections.case.asked": "提出立案",
        "inspections.case.filed": "批准立案",
        "inspections.case.paper": "下载案件文书",
        "inspections.case.rejected": "不予立案",
    },
    steps=(duties.FILING, duties.APPROVAL, duties.VERDICT),
    filed=(
        Filed("立案审批表", 115, "inspections.cases.filed_papers.filings", needed=False),
        Filed("处理决定书", 116, "inspections.cases.filed_papers.decisions", needed=False),
    ),
    ends="inspections.cases.filed_papers.endings",
    heard=Heard(
        result_reviewed=duties.result_reviewed, handed_to_case=duties.handed_to_case, check_moved=actions.check_moved
    ),
    finds=(Finds("文书", "立案查处", "inspections.cases.finds.cases", place=44),),
)
