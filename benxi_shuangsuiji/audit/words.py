"""The trail in words. A verb that is missing here is shown as it is, and a test names it."""

VERBS = {
    "accounts.signed_in": "登录",
    "audit.checked": "校验操作记录",
    "row.insert": "数据新增",
    "row.update": "数据修改",
    "row.delete": "数据删除",
}


def words_for(entry) -> str:
    return VERBS.get(entry.verb, entry.verb)
