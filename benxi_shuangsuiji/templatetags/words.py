"""Template words that every page may use."""

from django import template
from django.utils.html import format_html

from benxi_shuangsuiji import form_keys

register = template.Library()


@register.simple_tag
def form_key():
    """The hidden field that makes a POST form safe to send twice."""
    return format_html('<input type="hidden" name="{}" value="{}">', form_keys.FIELD, form_keys.new_key())


@register.simple_tag(takes_context=True)
def query(context, **changes):
    """The present address's query string with some values changed; an empty value leaves the name out."""
    data = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            data.pop(name, None)
        else:
            data[name] = value
    return "?" + data.urlencode() if data else "?"


@register.filter
def get(mapping, key):
    """Look a key up in a dict."""
    return mapping.get(key) if mapping else None


@register.filter
def groups4(digest):
    """A digest in groups of four, for reading aloud."""
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))
