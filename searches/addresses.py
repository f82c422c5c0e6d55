"""Addresses of the same page in another state: all state is in the query string."""

from django.http import QueryDict


def changed(params: QueryDict, **changes: str | list[str] | None) -> str:
    """`params` with some values replaced, or removed by None, as `?…`; always back on the first page."""
    query = params.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if isinstance(value, list):
            query.setlist(name, value)
        elif value is not None:
            query[name] = value
    for name in [name for name, values in query.lists() if not any(values)]:
        del query[name]
    return f"?{query.urlencode()}"
