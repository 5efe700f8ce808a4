from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Question, Subject

_HERE = "benxi_shuangsuiji.health.questions"

SUBJECT = Subject(
    name="系统状况",
    doors=(Door("管理", "系统状况", "health", "info", (P.MANAGE_SYSTEM,), place=5),),
    questions=(
        Question("database", "数据库", f"{_HERE}.database", place=10),
        Question("replica", "副本", f"{_HERE}.replica", place=15),
        Question("disk", "磁盘", f"{_HERE}.disk", place=50, of_database=False),
        Question("certificates", "网站证书", f"{_HERE}.certificates", place=60, of_database=False),
        Question("start", "启动检查", f"{_HERE}.safe_start", place=100, slow=True),
    ),
)
