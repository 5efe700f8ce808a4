"""Why something in the registry may not be done: one sentence each, "" when nothing stands in the way."""


def stale(record, version: int | None) -> str:
    if version is not None and version != record.version:
        return "这条记录刚才被别人改过。核对页面上现在的内容，再改一次。"
    return ""
