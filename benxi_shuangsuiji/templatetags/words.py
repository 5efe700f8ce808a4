"""Template words that every page may use."""

import re
from datetime import date, datetime
from functools import cache, lru_cache

from django import template
from django.template.defaultfilters import date as date_words
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.access import STAFF_PATHS, opens_for
from benxi_shuangsuiji.forms import kept as kept_forms
from benxi_shuangsuiji.forms import keys as form_keys

register = template.Library()


@register.simple_tag(takes_context=True)
def form_key(context):
    """The hidden fields that make a POST form safe to send twice, and say for whom it was made."""
    key = format_html('<input type="hidden" name="{}" value="{}">', form_keys.FIELD, form_keys.new_key())
    request = context.get("request")
    if request is None or not request.path.startswith(STAFF_PATHS) or not request.user.is_authenticated:
        return key  # a public page touches no session
    owner = kept_forms.owner_mark(request.user)
    return key + format_html('<input type="hidden" name="{}" value="{}">', kept_forms.OWNER_FIELD, owner)


@register.simple_tag(takes_context=True)
def crumb(context, name, words):
    """A step of the path above, as a link for whoever may open it; for all others only its name."""
    url = reverse(name)
    link = '<li><a href="{}">{}</a></li>' if opens_for(context["request"].user, url) else "<li>{1}</li>"
    return format_html(link, url, words)


@register.simple_tag
@cache
def icon(name, color=""):
    """The drawing of `components/icon.html`, made once: a page of the desk shows two dozen, and each was a template."""
    drawing = '<svg class="{}" aria-hidden="true"><use href="{}#{}" /></svg>'
    return format_html(drawing, f"i {color}" if color else "i", static("img/icons.svg"), name)


_TAGS = {"重点": "key", "一般": "gen", "特殊": "spc"}


@register.simple_tag
@lru_cache(1000, typed=True)  # a text that is safe is not the same as one that merely reads the same
def tag(label):
    """The marking of `components/tag.html`: for the rows of long lists, where a template for each took a tenth of the page."""
    if not label:
        return ""
    if kind := _TAGS.get(str(label)[:2]):
        return format_html('<span class="tag tag-{}">{}</span>', kind, str(label)[:2])
    return format_html('<span class="tag tag-{}">{}</span>', "list" if label == "正面清单" else "n", label)


@register.simple_tag
@lru_cache(1000, typed=True)  # a text that is safe is not the same as one that merely reads the same
def status(state, text):
    """The state of `components/status.html`, for the rows of long lists."""
    return format_html('<span class="st st-{}"><span>{}</span></span>', state, days(text))


_NUMBERS = mark_safe(' class="num"')


@register.simple_block_tag
def table(content, label, heads, caption="", kind="tbl-d stack-tbl", around=""):
    """A table that scrolls sideways in its own place, the rows between `table` and `endtable` (ui.md 4.4).

    `heads` stand between bars, one of numbers with # behind it; `caption` where it says more than the label.
    """
    return format_html(
        "{}{}</tbody></table></div>", _table_begins(label, heads, caption or label, kind, around), content
    )


@lru_cache(500)
def _table_begins(label, heads, caption, kind, around):
    cells = ((_NUMBERS if head.endswith("#") else "", head.removesuffix("#")) for head in heads.split("|"))
    return format_html(
        '<div class="{}" tabindex="0" role="region" aria-label="{}，可左右滚动"><table class="{}">'
        '<caption class="sr">{}</caption><thead><tr>{}</tr></thead><tbody>',
        f"tbl-wrap {around}".strip(),
        label,
        f"tbl {kind}".strip(),
        caption,
        format_html_join("", '<th scope="col"{}>{}</th>', cells),
    )


@register.simple_tag(takes_context=True)
def query(context, *named, **changes):
    """The present address's query string with some values changed; an empty value leaves the name out.

    `named` is one more name and its value, for a component that is told the name.
    """
    data = context["request"].GET.copy()
    for name, value in [named, *changes.items()] if named else changes.items():
        if value in (None, ""):
            data.pop(name, None)
        else:
            data[name] = value
    return "?" + data.urlencode() if data else "?"


register.simple_tag(policy.cited)


@register.filter
def get(mapping, key):
    """Look a key up in a dict."""
    return mapping.get(key) if mapping else None


@register.filter
def intcomma(number):
    """1,389: the formats that come with the language part thousands by nothing (ui.md 2.3)."""
    return f"{number:,}" if isinstance(number, int) else number


@register.filter(expects_localtime=True)
def when(moment: date | datetime | None, form: str = "Y-m-d") -> str:
    """A date for people, which a machine reads too (HTML `time`); as exact for the one as for the other."""
    if not moment:
        return ""
    said = moment.strftime("%Y-%m-%d")
    if isinstance(moment, datetime) and ("G:i" in form or "H:i" in form):
        said = moment.isoformat(timespec="seconds" if ":s" in form else "minutes")
    return format_html('<time datetime="{}">{}</time>', said, date_words(moment, form))


_DAY = re.compile(
    r"(?:(?P<y>\b[12][0-9]{3}) 年 )?(?P<m>\b[0-9]{1,2}) 月 (?P<d>[0-9]{1,2}) 日"
    r"|(?<![0-9-])(?P<iso>[12][0-9]{3}-[0-9]{2}-[0-9]{2})(?![0-9-])"
)


@register.filter
def days(sentence: object) -> SafeString:
    """The sentence, with each date in it readable by machines; one without its year is said so (HTML: a yearless date)."""

    def marked(found: re.Match[str]) -> str:
        year = f"{found['y']}-" if found["y"] else ""
        said = found["iso"] or f"{year}{int(found['m']):02}-{int(found['d']):02}"
        return f'<time datetime="{said}">{found[0]}</time>'

    text = conditional_escape("" if sentence is None else sentence)
    return mark_safe(text if "<time" in text else _DAY.sub(marked, text))


@register.filter
def groups4(digest):
    """A digest in groups of four, for reading aloud."""
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


@register.filter
def near(page) -> list[int]:
    """The numbers that a pager shows: the first, the last and those about this one; 0 where some are left out."""
    last = page.paginator.num_pages
    shown = sorted({1, last, *range(max(1, page.number - 2), min(last, page.number + 2) + 1)})
    return [
        n
        for before, here in zip([0, *shown], shown, strict=False)
        for n in ([0, here] if here > before + 1 else [here])
    ]
