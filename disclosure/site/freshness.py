"""Public pages may be cached, and a reader who has the page already gets 304 (reliability.md P26, ui.md 10)."""

import hashlib
from functools import wraps

from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.accounts.access import public_page


def open_to_all(view=None, *, max_age: int = 60):
    """Mark a view as public and cacheable: GET and HEAD only, ETag of the content, no session, no cookie.

    No page with words of a publication says more than a minute: so soon a withdrawal reaches every cache (八(二)-c).

    `Vary: Cookie` because of the size of the type, the one thing that a cookie changes here.
    """

    def mark(view):
        @wraps(view)
        def fresh(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            if response.status_code not in (200, 410):  # what is gone takes the place of what a cache still has
                return response
            response["Cache-Control"] = f"public, max-age={max_age}"
            if not response["Content-Type"].startswith("text/html"):
                response["Access-Control-Allow-Origin"] = "*"  # a portal reads our data from its own page
            patch_vary_headers(response, ["Cookie"])
            if response.streaming:
                return response
            if callable(getattr(response, "render", None)):
                response.render()
            etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            response["ETag"] = etag
            return get_conditional_response(request, etag=etag, response=response)

        return public_page(require_safe(fresh))

    return mark(view) if view else mark
