from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Filed, Finds, Subject

from . import duties

SUBJECT = Subject(
    name="证据",
    clauses=("四(3)-b", "七(五)-h"),
    doors=(
        Door("名录与清单", "执法记录仪", "inspections:recorder-list", "camera", (P.SEE_SEALED, P.FIELD_WORK), place=60),
    ),
    finds=(Finds("任务", "执法记录仪", "inspections.evidence.finds.recorded", place=25),),
    verbs={
        "inspections.evidence.kept": "上传照片或扫描件",
        "inspections.evidence.struck": "划去证据或采样",
        "inspections.recorder.entered": "登记执法记录仪",
        "inspections.recorder.gap_explained": "写明没有录像的原因",
        "inspections.recorder.started": "执法记录仪开启",
        "inspections.recorder.stopped": "执法记录仪停止",
        "inspections.recording.entered": "登记录像",
        "inspections.sample.entered": "登记采样",
    },
    told={"inspections.evidence.struck": "what"},
    steps=(duties.READING,),
    filed=(
        Filed("采样取证登记单", 50, "inspections.evidence.filed_papers.samples", "七(七)-l", needed=False),
        Filed("书证", 60, "inspections.evidence.filed_papers.proofs", "七(七)-m", needed=False),
        Filed(
            "影像资料目录",
            70,
            "inspections.evidence.filed_papers.indexes",
            "七(七)-k",
            unless="inspections.evidence.filed_papers.not_recorded",
            mended="没有录像的时段，在检查任务的“执法记录仪”里写明原因。",
        ),
        Filed("现场照片", 72, "inspections.evidence.filed_papers.photographs", "七(七)-k", needed=False),
    ),
)
