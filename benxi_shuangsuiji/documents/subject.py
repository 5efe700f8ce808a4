from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Round, Subject

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
    rounds=(
        Round("benxi_shuangsuiji.documents.tasks.wake_waiting", turn=100),
        Round("benxi_shuangsuiji.documents.looking.look_over", turn=130),
    ),
)
