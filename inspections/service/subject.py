from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Finds, Subject

from . import duties

SUBJECT = Subject(
    name="文书送达",
    clauses=("五-2a", "七(五)-i", "七(五)-j", "七(五)-k"),
    doors=(
        Door("管理", "文书的行政主体", "inspections:paper-body", "seal", (P.EDIT_CITY_ITEMS,), place=60),
        Door("管理", "通知书的文号", "inspections:number-words", "seal", (P.RECEIVE_REPORTS,), place=62),
    ),
    verbs={
        "inspections.paper_body.set": "登记文书的行政主体",
        "inspections.identity.shown": "出示执法证件",
        "inspections.paper.served": "记录文书送达",
        "inspections.number_word.set": "登记通知书的文号",
    },
    steps=(duties.TELLING,),
    finds=(Finds("文书", "检查通知书", "inspections.service.finds.notices", place=43),),
)
