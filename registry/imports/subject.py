from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="导入名录",
    clauses=("六(二)-a", "六(三)-a"),
    verbs={
        "registry.import.checked": "上传名录表",
        "registry.import.split": "分发全市名单",
        "registry.import.confirmed": "导入名录",
        "registry.import.discarded": "放弃导入",
        "registry.import.withdrawn": "撤回导入",
    },
    steps=(duties.PART,),
    workbooks={
        kind: f"registry.imports.own_kinds.{kind}"
        for kind in (
            "FACILITY",
            "INSPECTOR",
            "KEY_LIST",
            "PERMIT",
            "CREDIT",
            "RISK",
            "POSITIVE",
            "MONITORING",
            "HISTORY",
        )
    },
    jobs={
        "registry_import_check": "registry.imports.jobs.check_import",
        "registry_import_marked": "registry.imports.jobs.mark_import",
        "registry_import_write": "registry.imports.jobs.write_import",
        "registry_import_withdraw": "registry.imports.jobs.withdraw_import",
    },
)
