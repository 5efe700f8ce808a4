from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Filed, Subject

SUBJECT = Subject(
    name="检查文书",
    clauses=("七(五)-f", "七(五)-l", "五-2a", "四(3)-b"),
    doors=(
        Door("季度工作", "扫描件归档", "inspections:scan-heap", "doc", (P.DISPATCH, P.KEEP_ARCHIVE), place=85),
        Door("管理", "文书版式", "inspections:paper-layouts", "doc", (P.RECEIVE_REPORTS,), place=55),
    ),
    verbs={
        "inspections.paper.downloaded": "下载检查文书",
        "inspections.paper.layout": "登记文书版式",
        "inspections.paper.scanned": "归档签名后扫描的文书",
    },
    told={
        "inspections.paper.downloaded": "paper",
        "inspections.paper.layout": "paper",
        "inspections.paper.scanned": "paper",
    },
    filed=(
        Filed("行政执法检查审批表", 10, "inspections.paperwork.filed_papers.approvals", "七(七)-i"),
        Filed(
            "行政检查通知书",
            20,
            "inspections.paperwork.filed_papers.notices",
            unless="inspections.paperwork.filed_papers.no_notice",
        ),
        Filed(
            "送达回证",
            25,
            "inspections.paperwork.filed_papers.receipts",
            unless="inspections.paperwork.filed_papers.not_checked",
        ),
        Filed(
            "现场检查笔录",
            30,
            "inspections.paperwork.filed_papers.records",
            "七(七)-j",
            unless="inspections.paperwork.filed_papers.no_record",
        ),
        Filed(
            "笔录签字页扫描件",
            31,
            "inspections.paperwork.filed_papers.scans",
            unless="inspections.paperwork.filed_papers.no_scan",
        ),
        Filed(
            "清单式检查表",
            40,
            "inspections.paperwork.filed_papers.checklists",
            "七(七)-n",
            unless="inspections.paperwork.filed_papers.not_checked",
        ),
        Filed("行政执法检查登记表", 80, "inspections.paperwork.filed_papers.forms", "七(五)-g"),
        Filed("结果报告", 90, "inspections.paperwork.filed_papers.reports", "七(五)-g"),
        Filed(
            "检查结果告知书",
            100,
            "inspections.paperwork.filed_papers.results",
            "七(七)-o",
            unless="inspections.paperwork.filed_papers.not_checked",
        ),
    ),
)
