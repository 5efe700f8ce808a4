from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Subject

from . import duties

SUBJECT = Subject(
    name="工作报告",
    clauses=("七(六)-b", "七(六)-c", "八(一)-c"),
    doors=(
        Door("季度工作", "工作报告", "inspections:report-list", "sign", (P.SEND_REPORTS, P.APPROVE_PLANS), place=70),
    ),
    verbs={
        "inspections.report.downloaded": "下载工作报告",
        "inspections.report.received": "签收工作报告",
        "inspections.report.returned": "退回工作报告",
        "inspections.report.sent": "报送工作报告",
        "inspections.province.columns": "登记省厅的栏目",
        "inspections.province.exported": "导出报省厅数据",
        "inspections.province.sent": "登记报省厅",
    },
    steps=(
        duties.RESULTS,
        duties.RESULTS_AGAIN,
        duties.YEAR,
        duties.YEAR_AGAIN,
        duties.RESULTS_RECEIPT,
        duties.YEAR_RECEIPT,
        duties.PROVINCE,
    ),
    finds=(Finds("文书", "工作报告", "inspections.reports.finds.reports", place=48),),
)
