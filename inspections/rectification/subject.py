from benxi_shuangsuiji.subject import Door, Filed, Heard, Subject

from . import duties, pages, told

SUBJECT = Subject(
    name="整改",
    clauses=("七(四)-7", "八(二)-e"),
    doors=(
        Door("季度工作", "后续处理", "inspections:rectifications", "gavel", pages.SEES, place=55, count=pages.count),
    ),
    verbs={
        "inspections.rectification.approved": "同意整改的申请",
        "inspections.rectification.asked": "提出整改的申请",
        "inspections.rectification.checked": "复查结果记入整改",
        "inspections.rectification.file": "查看企业的整改照片和文件",
        "inspections.rectification.opened": "责令改正，整改开始",
        "inspections.rectification.paper": "下载整改审批表",
        "inspections.rectification.rejected": "不同意整改的申请",
        "inspections.rectification.reported": "收到企业的整改报告",
        "inspections.rectification.sent_back": "退回整改的申请补充材料",
        "inspections.rectification.voided": "更正或者撤销以后不再责令改正",
    },
    steps=(duties.AGAIN, duties.DECISION, duties.NEXT),
    holds_unit="inspections.rectification.rules.running_in",
    ends="inspections.rectification.filed_papers.endings",
    filed=(
        Filed(
            "责令改正通知书",
            109,
            "inspections.rectification.filed_papers.orders",
            "七(七)-k",
            unless="inspections.rectification.filed_papers.not_ordered",
        ),
        Filed(
            "整改报告",
            110,
            "inspections.rectification.filed_papers.reports",
            needed=False,
            unless="inspections.rectification.filed_papers.not_ordered",
        ),
        Filed(
            "整改审批表",
            111,
            "inspections.rectification.filed_papers.decisions",
            unless="inspections.rectification.filed_papers.undecided",
        ),
    ),
    heard=Heard(
        result_reviewed=told.result_reviewed,
        check_moved=told.check_moved,
        found_otherwise=told.found_otherwise,
        result_revoked=told.result_revoked,
    ),
)
