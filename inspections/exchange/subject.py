from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Heard, Round, Subject

from . import duties

SUBJECT = Subject(
    name="数据交换",
    clauses=("五-4h", "七(二)-h", "七(五)-m"),
    doors=(
        Door("季度工作", "数据交换", "inspections:exchange", "send", (P.SEE_SEALED,), place=46, count=duties.waiting),
        Door("管理", "移动执法平台对接", "inspections:exchange-settings", "settings", (P.KEEP_EXCHANGE,), place=64),
    ),
    verbs={
        "inspections.exchange.connected": "登记移动执法平台对接",
        "inspections.exchange.code_added": "登记平台编号对照",
        "inspections.exchange.code_ended": "停用平台编号对照",
        "inspections.exchange.exported": "导出数据包",
        "inspections.exchange.answered": "登记平台的回复",
        "inspections.exchange.imported": "导入数据包",
        "inspections.exchange.refused": "数据包没有导入",
        "inspections.exchange.unanswered": "登记不回复",
        "inspections.exchange.taken_up": "接收平台发起的任务",
        "inspections.exchange.declined": "不接收平台发起的任务",
        "inspections.exchange.decided": "决定两边的差异",
        "inspections.exchange.adopted": "采用移动执法平台的结果",
    },
    told={"inspections.exchange.refused": "why"},
    steps=(duties.UPLOAD, *duties.OF_THE_PLATFORM),
    rounds=(Round("inspections.exchange.duties.waits_no_more", turn=72),),
    finds=(
        Finds("任务", "平台编号", "inspections.exchange.finds.tasks", place=24),
        Finds("文书", "数据包", "inspections.exchange.finds.packages", place=54),
    ),
    heard=Heard(handed_out=duties.look_again),
    inside_rows=(
        "inspections_exchangepackage",
        "inspections_exchangerecord",
        "inspections_packagerefusal",
        "inspections_platformtask",
        "inspections_platformdifference",
        "inspections_platformresult",
    ),
)
