from benxi_shuangsuiji.subject import Question, Round, Subject

SUBJECT = Subject(
    name="核算",
    clauses=("七(二)-d",),
    verbs={
        "plans.proof.computed": "核算封存的抽取记录",
    },
    questions=(Question("chain", "公示链", "plans.proofs.health.chain_holds", place=80),),
    rounds=(Round("plans.tasks.prove_daily", turn=120, lane="night"),),
    proves="plans.proofs.daily.proved",
)
