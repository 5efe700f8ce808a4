from benxi_shuangsuiji.subject import Subject

SUBJECT = Subject(
    name="公开网站",
    clauses=("四(3)-a",),
    shows={
        "accounts_unit": "(SELECT md5(string_agg(u::text, '' ORDER BY u.id)) FROM accounts_unit u)",
        "accounts_cityrecord": "(SELECT md5(string_agg(c::text, '')) FROM accounts_cityrecord c)",
    },
)
