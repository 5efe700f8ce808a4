from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

from . import duties, rollup_views

SUBJECT = Subject(
    name="汇总和备案",
    clauses=("七(六)-a", "七(六)-b"),
    doors=(
        Door(
            "监督",
            "汇总和备案",
            "disclosure:rollup-plans",
            "archive",
            (P.RECEIVE_PLANS, P.SEE_CITY),
            place=40,
            count=rollup_views.count,
        ),
    ),
    verbs={
        "disclosure.summary.published": "汇总公开",
        "disclosure.results.summed": "检查结果汇总公开",
    },
    steps=(duties.RESULTS,),
)
