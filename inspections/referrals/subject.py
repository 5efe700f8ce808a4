from benxi_shuangsuiji.subject import Door, Filed, Finds, Heard, Subject
from inspections.followups.pages import SEES

from . import actions, duties

SUBJECT = Subject(
    name="移送",
    clauses=("八(二)-f",),
    doors=(Door("季度工作", "移送", "inspections:referral-list", "send", SEES, place=57),),
    verbs={
        "inspections.referral.answered": "登记移送的反馈",
        "inspections.referral.approved": "批准移送",
        "inspections.referral.asked": "提出移送",
        "inspections.referral.letter": "下载移送函",
        "inspections.referral.rejected": "不批准移送",
        "inspections.referral.sent": "送出移送函",
        "inspections.referral.taken": "登记移送的回执",
    },
    steps=(duties.REFERRAL, duties.RECEIPT),
    filed=(Filed("移送函", 120, "inspections.referrals.filed_papers.letters", needed=False),),
    ends="inspections.referrals.filed_papers.endings",
    heard=Heard(result_reviewed=duties.result_reviewed, check_moved=actions.check_moved),
    finds=(Finds("文书", "移送", "inspections.referrals.finds.referrals", place=45),),
)
