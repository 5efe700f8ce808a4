from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Filed, Subject

from . import waiting

_HERE = "disclosure.publishing.filed_papers"

SUBJECT = Subject(
    name="结果公示",
    clauses=("七(四)-6", "八(二)-a", "八(二)-c", "八(二)-d"),
    doors=(
        Door(
            "季度工作",
            "结果公示",
            "disclosure:publish-list",
            "speaker",
            (P.PUBLISH, P.PUBLISH_CITY),
            place=60,
            count=waiting.count,
        ),
    ),
    verbs={
        "disclosure.list.published": "公开事项清单",
        "disclosure.plan.published": "公开季度计划",
        "disclosure.result.published": "公开检查结果",
    },
    filed=(Filed("公开页打印件", 190, f"{_HERE}.publications", "七(七)-o", unless=f"{_HERE}.withheld"),),
    ends=f"{_HERE}.ends",
)
