from benxi_shuangsuiji.subject import Filed, Subject

from . import duties

SUBJECT = Subject(
    name="企业办理",
    clauses=("七(五)-k", "七(五)-q"),
    verbs={
        "inspections.enterprise.looked": "企业打开办理网址",
        "inspections.enterprise.took": "企业下载文书",
        "inspections.statement.answered": "答复企业的陈述申辩",
        "inspections.statement.file": "查看企业交来的文件",
        "inspections.statement.handed_in": "收到企业的陈述申辩",
    },
    told={"inspections.enterprise.took": "paper"},
    steps=(duties.STATEMENT,),
    filed=(Filed("企业的陈述申辩", 105, "inspections.enterprise.filed_papers.statements", "七(七)-m", needed=False),),
)
