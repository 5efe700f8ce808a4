from benxi_shuangsuiji.subject import Finds, Subject

from . import duties

SUBJECT = Subject(
    name="报送和备案",
    clauses=("七(二)-j", "七(六)-a"),
    verbs={
        "plans.filing.received": "签收备案",
        "plans.filing.returned": "退回报送",
        "plans.filing.sent": "报市执法队",
        "plans.justice.filed": "登记报司法局备案",
    },
    steps=(duties.SUMMARY, *duties.RECEIPT.values(), *duties.MENDING.values()),
    finds=(Finds("文书", "报送回执", "plans.filings.finds.filings", place=42),),
)
