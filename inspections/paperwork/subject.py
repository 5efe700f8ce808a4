from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="检查文书",
    clauses=("七(五)-f", "七(五)-l", "五-2a", "四(3)-b"),
    doors=(
        Door("季度工作", "扫描件归档", "inspections:scan-heap", "doc", (P.DISPATCH,), place=85),
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
)
