from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.subject import Door, Subject

SUBJECT = Subject(
    name="年度卷",
    clauses=tuple(f"七(七)-{letter}" for letter in "abcdefgh"),
    doors=(Door("档案", "年度卷", "disclosure:yearbook", "doc", (P.SEE_ARCHIVE,), place=30),),
    verbs={
        "disclosure.year_volume.asked": "提交年度卷成册",
        "disclosure.year_volume.bound": "年度卷已成册",
        "disclosure.year_volume.shelved": "登记年度卷的盒号和架位",
        "disclosure.year_volume.taken": "下载年度卷",
    },
    told={"disclosure.year_volume.asked": "year", "disclosure.year_volume.bound": "year"},
    jobs={"year_volume": "disclosure.yearbook.jobs.make_year"},
)
