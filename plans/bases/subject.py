from benxi_shuangsuiji.subject import Finds, Subject

from . import duties

SUBJECT = Subject(
    name="法律依据",
    clauses=("三-o5", "六(一)1-b", "附-c"),
    verbs={
        "plans.basis.changed": "登记依据立改废",
        "plans.basis.entered": "登记法律依据",
        "plans.basis.loaded": "登记起始依据",
        "plans.basis.saved": "修改法律依据",
        "plans.basis.unaffected": "事项不受依据变化影响",
        "plans.bank.retired": "停用题库要点",
        "plans.bank.saved": "修改题库要点",
    },
    steps=(duties.ADJUSTMENT,),
    finds=(Finds("文书", "法律依据", "plans.bases.finds.bases", place=52),),
)
