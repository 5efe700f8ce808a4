from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Round, Subject
from registry import badges

from . import duties

SUBJECT = Subject(
    name="检查人员",
    clauses=("六(三)-a", "六(三)-g", "六(三)-i", "六(三)-p"),
    doors=(
        Door(
            "名录与清单",
            "检查人员",
            "registry:inspector-list",
            "people",
            (P.SEE_INSPECTORS,),
            place=30,
            count=badges.inspectors_in_service,
            also=("registry:audit-keepers",),
        ),
    ),
    verbs={
        "registry.inspector.absence": "登记离岗",
        "registry.inspector.absence_cancelled": "取消离岗登记",
        "registry.inspector.account": "关联账号",
        "registry.inspector.added": "新增检查人员",
        "registry.inspector.back": "恢复在岗",
        "registry.inspector.changed": "变更检查人员",
        "registry.inspector.taken_over": "调入检查人员",
        "registry.inspectors.exported": "导出检查人员",
        "registry.certificate.entered": "登记执法证",
        "registry.certificate.scan_shown": "查看执法证扫描件",
        "registry.certificate.status": "变更执法证状态",
    },
    holds_unit="registry.inspectors.rules.left_in",
    steps=(duties.TURNOVER, duties.CERTIFICATE),
    rounds=(Round("registry.tasks.people_daily", turn=40),),
    finds=(Finds("人员", "检查人员", "registry.inspectors.finds.inspectors", place=30),),
    looks=("registry.certificate.scan_shown",),
)
