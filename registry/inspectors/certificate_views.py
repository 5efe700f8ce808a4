from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.refusal import Refused

from . import certificate_actions, rules
from .forms import CertificateForm, CertificateStatusForm
from .pages import FORM_PAGE, inspector_or_404


@requires(P.EDIT_INSPECTORS)
def certificate_new(request, code):
    """Enter a new card, a renewal or a correction, with its scan."""
    inspector = inspector_or_404(request, code)
    card = inspector.certificates.first()
    names = ("number", "kind", "issuer", "valid_from", "valid_to")
    form = CertificateForm(
        request.POST or None, request.FILES or None, initial={n: getattr(card, n) for n in names} if card else {}
    )

    act = partial(certificate_actions.enter_certificate, inspector=inspector, by=request.user)

    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        inspector,
        "执法证已登记",
        inspector=inspector,
        heading="登记执法证",
        button="登记执法证",
        text="换证、续期和改正都在这里登记。证号不变、有效期接着的，按续期处理；新证的有效期从它的起始日算。",
        obstacle=rules.why_not_edit_inspector(inspector, request.user),
    )


@requires(P.EDIT_INSPECTORS)
def certificate_status(request, code, pk):
    """Withhold, give back or cancel a card."""
    inspector = inspector_or_404(request, code)
    card = get_object_or_404(inspector.certificates.select_related("inspector"), pk=pk)
    form = CertificateStatusForm(request.POST or None, now=card.status, initial={"on": clock.today()})
    act = partial(certificate_actions.set_certificate_status, certificate=card, by=request.user)
    return act_page(
        request,
        FORM_PAGE,
        form,
        act,
        inspector,
        "执法证状态已登记",
        inspector=inspector,
        heading="变更执法证状态",
        button="登记状态",
        text=f"执法证 {card.number}，现在{card.get_status_display()}。暂扣和注销期间不参加抽取，也不能参加检查。",
        obstacle=rules.why_not_edit_inspector(inspector, request.user),
        danger=True,
    )


@requires(P.SEE_INSPECTORS, P.FIELD_WORK)
@require_safe
def certificate_scan(request, code, pk):
    """The scan of a card, for the person, the registrar and the approving leader."""
    inspector = inspector_or_404(request, code)
    card = get_object_or_404(
        inspector.certificates.filter(scan__isnull=False).select_related("scan", "inspector__unit"), pk=pk
    )
    try:
        return files.download(certificate_actions.show_scan(certificate=card, by=request.user))
    except Refused as refusal:
        raise Http404(str(refusal)) from None
