from benxi_shuangsuiji.subject import Finds, Subject

SUBJECT = Subject(
    name="公开网站",
    clauses=("四(3)-a",),
    finds=(
        Finds("文书", "公示", "disclosure.site.finds.published", place=61, otherwise=True),
        Finds("文书", "抽取公示", "disclosure.site.finds.draws", place=62, otherwise=True),
    ),
    shows={
        "accounts_unit": "(SELECT md5(string_agg(u::text, '' ORDER BY u.id)) FROM accounts_unit u)",
        "accounts_cityrecord": "(SELECT md5(string_agg(c::text, '')) FROM accounts_cityrecord c)",
    },
)
