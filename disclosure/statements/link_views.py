"""企业说明 by the address of a notice: written, followed and taken back by whoever holds it (四(3)-f, N-9)."""

from functools import partial

from django.views.decorators.http import require_http_methods

from benxi_shuangsuiji.accounts.access import client_address
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.refusal import refuse_if
from inspections.codes import tries
from inspections.codes.models import Try
from inspections.codes.pages import open_to_holders
from inspections.enterprise.link_pages import by_token

from . import actions, rules
from .forms import TakeBackForm, WordsForm


@open_to_holders
@require_http_methods(["GET", "HEAD", "POST"])
@by_token
def own_words(request, inspection, token):
    words, result = rules.own(inspection), rules.result_of(inspection)
    address, standing = client_address(request), rules.stands(words)
    before = {"words": words.words} if words and words.returned_at else None
    form = None if standing or result is None else WordsForm(request.POST or None, initial=before)

    def act(**typed):
        refuse_if("这个网络刚才交了很多次，过十分钟再交。" if tries.too_many(Try.Kind.STATEMENT, address) else "")
        made = actions.submit(inspection=inspection, **typed)
        tries.note(Try.Kind.STATEMENT, address)
        return made

    if request.POST.get("act") == "take_back" and standing:
        form, act = TakeBackForm(request.POST), partial(actions.take_back, words=words)
    return act_page(
        request,
        "disclosure/statements/own.html",
        form,
        act,
        request.path,
        "",
        inspection=inspection,
        token=token,
        words=words,
        standing=standing,
        result=result,
        public=words and rules.published(words),
    )
