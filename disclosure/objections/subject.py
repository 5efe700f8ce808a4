from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Filed, Finds, Round, Sealed, Subject

from . import duties

_HERE = "disclosure.objections.filed_papers"
SUBJECT = Subject(
    name="更正与申诉",
    clauses=("四(3)-f", "八(二)-c"),
    doors=(
        Door(
            "季度工作",
            "更正与申诉",
            "disclosure:objections-desk",
            "question",
            (P.PUBLISH, P.PUBLISH_CITY, P.APPROVE_REVISION),
            place=65,
        ),
    ),
    verbs={
        "disclosure.objection.completed": "收到更正与申诉的补充材料",
        "disclosure.objection.decided": "决定更正与申诉",
        "disclosure.objection.file": "查看更正与申诉的证据材料",
        "disclosure.objection.forgotten": "按期删除更正与申诉的申请人信息",
        "disclosure.objection.late": "写明更正与申诉的逾期原因",
        "disclosure.objection.more": "通知补正",
        "disclosure.objection.paper": "下载更正与申诉答复书",
        "disclosure.objection.proposed": "提出更正与申诉的决定",
        "disclosure.objection.read": "查看更正与申诉的申请人",
        "disclosure.objection.received": "收到更正与申诉",
        "disclosure.objection.returned": "退回更正与申诉的决定",
        "disclosure.objection.taken_back": "申请人撤回更正与申诉",
    },
    # One that is over changes no more; a decision is public as a publication.
    shows={
        "disclosure_objection": "(SELECT concat(count(*) FILTER (WHERE o.state <> 'OPEN'), md5(string_agg(o::text, '' ORDER BY o.id)"
        " FILTER (WHERE o.state = 'OPEN'))) FROM disclosure_objection o)",
        "disclosure_ruling": "(SELECT concat(count(*), count(r.decided_at)) FROM disclosure_ruling r)",
    },
    steps=(duties.OBJECTION,),
    filed=(Filed("更正与申诉办理单", 192, f"{_HERE}.objections", "七(七)-o", needed=False),),
    ends=f"{_HERE}.ends",
    rounds=(Round("disclosure.objections.forgetting.forget_due", turn=126, lane="night"),),
    # The small keys alone: what they open was sealed once and for all.
    sealed=(
        Sealed(
            "disclosure_applicantkey",
            "key",
            "sealing",
            "(SELECT 'objection:' || o.receipt FROM disclosure_applicant a JOIN disclosure_objection o ON o.id = a.objection_id"
            " WHERE a.id = t.applicant_id)",
            made_anew=True,
        ),
    ),
    finds=(
        Finds("文书", "更正与申诉", "disclosure.objections.finds.objections", place=47),
        Finds("文书", "公开的更正与申诉", "disclosure.objections.finds.of_everybody", place=63, otherwise=True),
    ),
    looks=("disclosure.objection.read",),
    names_todos="disclosure.objections.naming.by_name",
)
