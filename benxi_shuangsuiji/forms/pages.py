"""What every page with one form and one act does with the form once it is sent."""

from collections.abc import Callable

from django.contrib import messages
from django.shortcuts import redirect

from benxi_shuangsuiji.refusal import Refused


def carry_out(request, form, act: Callable[[], object], record, done: str):
    """Run the act of a valid posted form and lead to the record; None when the form is to be shown, with its errors."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(record)
    return None
