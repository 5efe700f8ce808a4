from benxi_shuangsuiji.subject import Door, Subject
from inspections.archive.rules import is_desk_of

SUBJECT = Subject(
    name="工作台",
    clauses=("七(四)-10",),
    doors=(Door("工作", "工作台", "inspections:desk-home", "home", place=10, unless=is_desk_of),),
)
