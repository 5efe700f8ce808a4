from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Round, Sealed, Subject

from . import duties

SUBJECT = Subject(
    name="随机抽取",
    clauses=("七(二)-a", "七(二)-b", "七(二)-c", "七(二)-d", "七(四)-4"),
    doors=(Door("季度工作", "随机抽取", "plans:draw-list", "rings", (P.SEE_DRAWS,), place=30),),
    verbs={
        "plans.draw.held": "抽取",
        "plans.draw.prepared": "核对名单",
        "plans.draw.record_downloaded": "下载抽取记录",
        "plans.draw.refused": "被拒绝的抽取操作",
        "plans.draw.released": "名单公开",
        "plans.draw.sealed": "封存名单",
        "plans.draw.value_entered": "录入公开随机数",
        "plans.sealed.viewed": "查看未公开的名单",
    },
    told={"plans.draw.refused": "tried"},
    steps=(duties.FILING, duties.DISPATCH),
    rounds=(Round("plans.tasks.release_due", turn=5),),
    sealed=(
        Sealed(
            "plans_drawsecret",
            "ciphertext",
            "plans.draw.secret",
            "(SELECT d.draw_id FROM plans_draw d WHERE d.id = t.draw_id)",
        ),
    ),
    finds=(Finds("文书", "随机抽取", "plans.draw.finds.draws", place=41),),
    looks=("plans.sealed.viewed",),
)
