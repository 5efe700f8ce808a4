from benxi_shuangsuiji.subject import Question, Round, Subject

SUBJECT = Subject(
    name="公示日志",
    clauses=("四(3)-a", "八(二)-c"),
    verbs={
        "disclosure.register.astray": "公示日志对不上",
        "disclosure.register.computed": "核算公示日志",
        "disclosure.register.key_announced": "公告新公钥",
        "disclosure.register.log_begun": "另起一本公示日志",
        "disclosure.register.witness_added": "登记日志见证人",
        "disclosure.register.witness_ended": "日志见证人不再见证",
        "disclosure.register.cosigned": "收到见证签名",
        "disclosure.register.head_entered": "录入外面见过的检查点",
    },
    told={"disclosure.register.astray": "problem"},
    # A publication is always with its entry; one after the other, so that the highest is the last.
    shows={
        "disclosure_registerentry": "(SELECT concat(e.index, encode(e.leaf, 'hex')) FROM disclosure_registerentry e"
        " ORDER BY e.index DESC LIMIT 1)",
        "disclosure_checkpoint": "(SELECT max(size) FROM disclosure_checkpoint)",
        "disclosure_witness": "(SELECT concat(count(*), count(w.ended_at)) FROM disclosure_witness w)",
        "disclosure_cosignature": "(SELECT max(id) FROM disclosure_cosignature)",
    },
    questions=(
        Question("clocks", "时钟", "disclosure.register.health.clocks_agree", place=65),
        Question("register", "公示日志", "disclosure.register.health.register_holds", place=90),
    ),
    rounds=(
        Round("disclosure.register.own.publish_heads", turn=112),
        Round("disclosure.register.clocks.watch", turn=114),
        Round("disclosure.register.signing.sign_newest", turn=115),
        Round("disclosure.register.telling.tell_observers", turn=118),
        Round("disclosure.register.daily.compute_daily", turn=125, lane="night"),
    ),
    proves="disclosure.register.daily.proved",
)
