from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Filed, Finds, Round, Subject

from . import duties, pages

_HERE = "inspections.archive.filed_papers"

SUBJECT = Subject(
    name="案卷",
    clauses=("七(四)-9", "七(五)-g", *(f"七(七)-{letter}" for letter in "ijklmnopqr")),
    doors=(
        Door("档案", "案卷", "inspections:archive-list", "archive", (P.SEE_ARCHIVE,), place=10, count=pages.waiting),
        Door("档案", "库房和架位", "inspections:shelf-list", "map-pin", (P.SEE_ARCHIVE,), place=20),
    ),
    verbs={
        "inspections.archive.approved": "批准案卷的申请",
        "inspections.archive.asked": "提出案卷的申请",
        "inspections.archive.listed": "打印移交清单",
        "inspections.archive.returned": "不批准案卷的申请",
        "inspections.enclosure.taken": "收入案卷的文书",
        "inspections.volume.asked": "提交成册",
        "inspections.volume.bound": "案卷已成册",
        "inspections.volume.read": "查看案卷",
        "inspections.volume.shelved": "登记盒号和架位",
        "inspections.volume.taken": "下载合订本",
        "inspections.volume.urged": "催缺的文书",
    },
    told={
        "inspections.archive.approved": "wish",
        "inspections.archive.asked": "wish",
        "inspections.enclosure.taken": "what",
        "inspections.volume.bound": "no",
        "inspections.volume.urged": "papers",
    },
    steps=(duties.BINDING, duties.DECISION),
    rounds=(Round("inspections.archive.duties.keep_daily", turn=63),),
    jobs={"volumes": "inspections.archive.jobs.make_volumes"},
    filed=(
        Filed(
            "监测报告", 55, f"{_HERE}.reports", "七(七)-l", unless=f"{_HERE}.not_sampled", owner=f"{_HERE}.laboratories"
        ),
        Filed("收入的书证", 62, f"{_HERE}.proofs", "七(七)-m", needed=False),
        Filed("其他材料", 180, f"{_HERE}.others", needed=False),
        Filed(
            "不公开的批准文件",
            184,
            f"{_HERE}.grounds",
            "二-b",
            unless="inspections.withholding.filed_papers.published",
            owner="inspections.withholding.filed_papers.owners",
            rare=True,
        ),
    ),
    finds=(Finds("文书", "案卷", "inspections.archive.finds.volumes", place=50),),
)
