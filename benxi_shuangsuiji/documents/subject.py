from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Question, Round, Subject

from . import badges

SUBJECT = Subject(
    name="文件",
    clauses=("四(3)-b",),
    doors=(
        Door(
            "管理",
            "文件核对",
            "documents:file-rounds",
            "archive",
            (P.SEE_LOG, P.MANAGE_SYSTEM),
            place=90,
            count=badges.troubles,
        ),
    ),
    questions=(
        Question("jobs", "文书任务", "benxi_shuangsuiji.documents.health.jobs", place=30),
        Question("files", "文件", "benxi_shuangsuiji.documents.health.files", place=55),
    ),
    rounds=(
        Round("benxi_shuangsuiji.documents.tasks.wake_waiting", turn=100),
        Round("benxi_shuangsuiji.documents.looking.look_over", turn=130, lane="night"),
    ),
)
