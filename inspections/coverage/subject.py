from benxi_shuangsuiji.subject import Round, Subject

from . import steps

SUBJECT = Subject(
    name="覆盖",
    clauses=("六(一)2-g", "七(一)1-b", "七(一)2-b", "七(一)3-b"),
    verbs={
        "inspections.gap.approved": "批准没有检查的原因",
        "inspections.gap.entered": "填写没有检查的原因",
        "inspections.gap.exported": "导出完成情况",
        "inspections.gap.returned": "退回没有检查的原因",
    },
    steps=(steps.CHECKED, steps.OF_KEY, steps.OF_GENERAL, steps.SPECIAL, steps.APPROVAL, steps.MENDING),
    rounds=(Round("inspections.tasks.coverage_daily", turn=80),),
)
