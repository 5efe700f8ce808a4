"""Every POST form carries a key: the second press of a button repeats the answer, never the act (reliability.md P15)."""

import hashlib
import uuid

from django.db import connection, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.database import constraints
from benxi_shuangsuiji.models import FormKey

from . import kept

FIELD = "form_key"
# The act answered with a page of its own (a password, recovery codes): neither the act nor what was on that page is repeated.
SHOWN_ONCE = (
    "已经办好，没有再办一次",
    "第一次提交就办好了。只显示一次的密码、备用码不再显示；没有记下的，重新打开页面另做一次。",
)


class OncePerForm:
    """Run each signed-in POST in one transaction that begins with its key.

    A second request with the same key waits for the first, then gets the first one's answer. The same key with other
    content, or a form without a key, is refused and changes nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, args, kwargs):
        if request.method != "POST" or getattr(view_func, "access", None) == "public":
            return None
        if not request.user.is_authenticated:
            return None
        try:
            key = uuid.UUID(request.POST.get(FIELD, ""))
        except ValueError:
            return self._explain(request, "表单不完整", "刷新页面后重新提交。刚才的操作没有执行。", 400)
        digest = digest_of(request)
        try:
            with transaction.atomic():
                trail.act_as(request.user)
                if not self._claim(key, request, digest):
                    return self._again(request, key, digest)
                return self._carry_out(request, key, view_func, args, kwargs)
        except constraints.RefusedByDatabase as refusal:  # in a view that shows no refusals
            return self._explain(request, "没有保存", str(refusal), 409)

    @staticmethod
    def _carry_out(request, key, view_func, args, kwargs):
        with connection.execute_wrapper(constraints.in_words):
            response = view_func(request, *args, **kwargs)
        if hasattr(response, "render") and callable(response.render):
            response.render()
        if 300 <= response.status_code < 400:
            FormKey.objects.filter(pk=key).update(location=response["Location"][:500])
            kept.drop_if_sent(request)
        elif getattr(request, "carried_out", False):
            kept.drop_if_sent(request)  # the offer would bear a new key, and do it a second time
        else:
            # The form came back with an error: nothing was done, so the key may be used again.
            FormKey.objects.filter(pk=key).delete()
        return response

    @staticmethod
    def _claim(key, request, digest) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO foundation_formkey (key, user_id, path, digest, location) VALUES (%s, %s, %s, %s, '')"
                " ON CONFLICT (key) DO NOTHING",
                [key, request.user.pk, request.path[:300], digest],
            )
            return cursor.rowcount == 1

    def _again(self, request, key, digest):
        first = FormKey.objects.get(pk=key)
        if first.user_id == request.user.pk and first.path == request.path[:300] and first.digest == digest:
            return HttpResponseRedirect(first.location) if first.location else self._explain(request, *SHOWN_ONCE, 409)
        return self._explain(request, "这张表单已经提交过", "内容与第一次提交的不同，没有执行。打开页面重新填写。", 409)

    @staticmethod
    def _explain(request, title, text, status):
        context = {
            "title": title,
            "text": text,
            "back": kept.page_of(request),
            "posted": kept.shown_fields(request.path, kept.posted_fields(request)),
        }
        return TemplateResponse(request, "form_again.html", context, status=status).render()


def digest_of(request) -> str:
    """Digest of what was sent, the technical fields left out; files count by name, size and content.

    Passwords are left out as well: a plain digest of one must not lie in a table beside its argon2 hash.
    """
    h = hashlib.sha256()
    for name, values in sorted(request.POST.lists()):
        if name not in kept.TECHNICAL and "password" not in name:
            h.update(repr((name, values)).encode("utf-8", "surrogatepass"))
    for name, files in sorted(request.FILES.lists()):
        for f in files:
            h.update(repr((name, f.name, f.size)).encode("utf-8", "surrogatepass"))
            for chunk in f.chunks():
                h.update(chunk)
            f.seek(0)
    return h.hexdigest()


def new_key() -> str:
    return str(uuid.uuid4())
