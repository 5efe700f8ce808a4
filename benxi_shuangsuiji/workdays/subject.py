from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="工作日历",
    clauses=("附-b",),
    doors=(Door("管理", "工作日历", "workdays:workday-list", "calendar", (P.MANAGE_SYSTEM,), place=30),),
    verbs={
        "workdays.day.corrected": "更正工作日",
        "workdays.day.restored": "撤销更正工作日",
        "workdays.year.published": "登记放假安排",
    },
)
