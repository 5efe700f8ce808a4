from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="年度办结",
    clauses=("二-b",),
    verbs={
        "inspections.year.closed": "批准年度办结",
        "inspections.year.closing_asked": "申请年度办结",
        "inspections.year.closing_returned": "退回年度办结",
    },
    told={"inspections.year.closed": "year", "inspections.year.closing_asked": "year"},
    steps=(duties.DECISION, duties.BINDING),
)
