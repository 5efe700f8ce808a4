from benxi_shuangsuiji.subject import Round, Subject

SUBJECT = Subject(
    name="公示日志",
    clauses=("四(3)-a", "八(二)-c"),
    verbs={
        "disclosure.register.astray": "公示日志对不上",
        "disclosure.register.computed": "核算公示日志",
        "disclosure.register.head_entered": "录入外面见过的检查点",
    },
    told={"disclosure.register.astray": "problem"},
    rounds=(
        Round("disclosure.register.signing.sign_newest", turn=115),
        Round("disclosure.register.daily.compute_daily", turn=125),
    ),
)
