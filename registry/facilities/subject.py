from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Round, Subject
from registry import badges

from . import duties

SUBJECT = Subject(
    name="检查对象",
    clauses=("六(二)-a", "六(二)-f", "六(二)-q", "六(二)-am", "七(一)4-a"),
    doors=(
        Door(
            "名录与清单",
            "检查对象",
            "registry:facility-list",
            "factory",
            (P.SEE_FACILITIES,),
            place=10,
            count=badges.facilities_on_books,
            also=("registry:past-list", "registry:category-runs", "registry:audit-keepers"),
        ),
    ),
    verbs={
        "registry.facility.added": "新增检查对象",
        "registry.facility.changed": "变更检查对象",
        "registry.facility.personal_shown": "查看个人信息",
        "registry.facility.status": "变更生产状态",
        "registry.facility.transferred": "移交监管单位",
        "registry.facilities.exported": "导出检查对象",
        "registry.category.recomputed": "重算类别",
    },
    steps=(duties.DECISION, duties.LISTING),
    rounds=(Round("registry.facilities.recompute.recompute_categories", turn=10),),
    holds_unit="registry.facilities.rules.left_in",
    jobs={
        "registry_export": "registry.facilities.export_jobs.make",
    },
    finds=(Finds("企业", "检查对象", "registry.facilities.finds.facilities", place=10),),
    looks=("registry.facility.personal_shown",),
)
