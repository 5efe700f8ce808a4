from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(name="全过程留痕", clauses=("七(五)-n",), follows="inspections.trace.linked.followed")
