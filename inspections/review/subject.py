from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="审核检查结果",
    clauses=("七(四)-5",),
    verbs={
        "inspections.result.corrected": "按更正的公示改正检查结果",
        "inspections.result.published": "检查结果已公开",
        "inspections.result.resubmitted": "重新提交检查结果",
        "inspections.result.returned": "退回检查结果",
        "inspections.result.reviewed": "审核检查结果",
        "inspections.result.withdrawn": "检查结果已撤下",
    },
)
