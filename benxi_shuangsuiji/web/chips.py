"""Addresses of a list's filters and chips: the query with one thing changed."""


def query_with(request, keep=None, **changes) -> str:
    data = request.GET.copy()
    for name in ("page", "run", "all"):
        data.pop(name, None)
    if keep is not None:
        for name in [n for n in data if n not in keep]:
            del data[name]
    for name, value in changes.items():
        if value:
            data[name] = value
        else:
            data.pop(name, None)
    return "?" + data.urlencode()
