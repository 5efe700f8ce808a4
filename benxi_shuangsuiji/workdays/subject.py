from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="工作日历",
    clauses=("附-b",),
    doors=(Door("管理", "工作日历", "workdays:workday-list", "calendar", (P.MANAGE_SYSTEM,), place=30),),
    shows={
        "workdays_calendarexception": "(SELECT md5(string_agg(e::text, '' ORDER BY e.id)) FROM workdays_calendarexception e)",
        "workdays_publishedyear": "(SELECT count(*) FROM workdays_publishedyear)",
    },
    verbs={
        "workdays.day.corrected": "更正工作日",
        "workdays.day.restored": "撤销更正工作日",
        "workdays.year.published": "登记放假安排",
    },
)
