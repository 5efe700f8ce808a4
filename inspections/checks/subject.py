from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Heard, Subject

from . import badges, duties, publication_days

SUBJECT = Subject(
    name="检查任务",
    clauses=("七(四)-5", "七(五)-e", "八(二)-d"),
    doors=(
        Door(
            "季度工作",
            "检查任务",
            "inspections:task-list",
            "clipboard",
            (P.SEE_SEALED, P.REVIEW_RESULTS),
            place=40,
            count=badges.waiting_for_review,
        ),
    ),
    verbs={
        "inspections.check_forms.asked": "打包检查登记表",
        "inspections.sealed.viewed": "查看未公开的检查",
    },
    holds_unit="inspections.checks.rules.unfinished_in",
    steps=(duties.REVIEW, duties.ALL_PUBLIC),
    jobs={
        "check_forms": "inspections.tasks.make_check_forms",
    },
    heard=Heard(calendar_moved=publication_days.count_again),
    finds=(Finds("任务", "检查任务", "inspections.checks.finds.checks", place=20),),
    looks=("inspections.sealed.viewed",),
    names_todos="inspections.checks.naming.by_name",
    notes_sealed="inspections.checks.naming.note",
)
