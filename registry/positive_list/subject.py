from benxi_shuangsuiji.subject import Heard, Round, Subject

from . import ending

SUBJECT = Subject(
    name="正面清单",
    clauses=("七(三)-d", "七(三)-e"),
    verbs={
        "registry.positive_list.entered": "纳入正面清单",
        "registry.positive_list.ended": "移出建议自行终止",
        "registry.positive_list.kept": "不移出正面清单",
        "registry.positive_list.left": "移出正面清单",
        "registry.compliance.entered": "登记守法情况",
    },
    heard=Heard(rated=ending.rated),
    rounds=(Round("registry.tasks.positive_monthly", turn=60),),
)
