from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="名录后台",
    doors=(Door("管理", "名录后台", "admin:index", "edit", (P.EDIT_FACILITIES, P.EDIT_INSPECTORS), place=20),),
)
