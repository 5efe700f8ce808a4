from benxi_shuangsuiji.subject import Subject

from . import duties

SUBJECT = Subject(
    name="抽查数量",
    clauses=("七(一)1-a", "七(一)2-b", "七(一)3-a"),
    steps=(duties.LEAST,),
)
