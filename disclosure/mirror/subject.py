from benxi_shuangsuiji.subject import Question, Round, Subject

SUBJECT = Subject(
    name="公示镜像",
    clauses=("四(3)-a", "八(二)-c"),
    verbs={
        "disclosure.mirror.written": "写出公示镜像",
        "disclosure.mirror.restored": "从镜像恢复公示",
    },
    questions=(Question("mirror", "公示镜像", "disclosure.mirror.health.mirrored", place=96),),
    rounds=(Round("disclosure.mirror.nightly.ask_nightly", turn=140, lane="night"),),
    jobs={"disclosure.mirror": "disclosure.mirror.nightly.write"},
)
