"""What is wrong with the HTML of a page, of the kinds that a browser mends in silence: nesting, names, references (HTML, WHATWG).

Not the whole standard: a validator of other people (vnu, which needs Java) was asked of every page of the demo for that.
"""

from collections import Counter
from html.parser import HTMLParser


def _tags(words: str) -> frozenset[str]:
    return frozenset(words.split())


VOID = _tags("area base br col embed hr img input link meta source track wbr use path circle rect line")
# What begins a paragraph of its own, and what may hold words alone.
BLOCKS = _tags(
    "address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav"
    " ol p pre section table ul"
)
PHRASES = _tags(
    "p h1 h2 h3 h4 h5 h6 span b strong em i small code label button abbr time sub sup pre legend summary q mark kbd"
)
TRANSPARENT = frozenset(("a", "ins", "del", "noscript", "object"))
PRESSED = frozenset(("a", "button", "select", "textarea", "label", "details"))
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"th", "td"},
    "select": {"option", "optgroup", "hr"},
}
PARENTS = {"li": {"ul", "ol", "menu"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "th": {"tr"}, "td": {"tr"}, "tr": {"thead", "tbody", "tfoot", "table"}}  # fmt: skip
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list", "form")
LABELLED = frozenset(("input", "select", "textarea", "button", "output", "meter", "progress"))


def faults(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.all()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: list[str] = []
        self.ids: Counter[str] = Counter()
        self.tags: dict[str, str] = {}
        self.asked: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attributes):
        names = Counter(name for name, _ in attributes)
        self.found += [f"<{tag}> has {name} twice" for name, n in names.items() if n > 1]
        given = dict(attributes)
        if name := given.get("id"):
            self.ids[name] += 1
            self.tags.setdefault(name, tag)
        self.asked += [(what, name) for what in REFERENCES for name in (given.get(what) or "").split()]
        if tag == "img" and "alt" not in given:
            self.found.append("<img> without alt")
        self._place(tag, given)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.found.append(f"</{tag}> ends <{self.open[-1] if self.open else ''}>")
            if tag not in self.open:
                return
            while self.open[-1] != tag:
                self.open.pop()
        self.open.pop()

    def _place(self, tag, given):
        if "svg" in self.open:
            return
        parent = self.open[-1] if self.open else ""
        if tag not in ("script", "template") and parent in CHILDREN and tag not in CHILDREN[parent]:
            self.found.append(f"<{tag}> in <{parent}>")
        if tag in PARENTS and parent not in PARENTS[tag]:
            self.found.append(f"<{tag}> in <{parent}>")
        holder = next((name for name in reversed(self.open) if name not in TRANSPARENT), "")
        if tag in BLOCKS and holder in PHRASES and not (holder in ("summary", "legend") and tag.startswith("h")):
            self.found.append(f"<{tag}> in <{holder}>")
        hidden = tag == "input" and given.get("type") == "hidden"
        if (tag in PRESSED or (tag == "input" and not hidden)) and {"a", "button"} & {*self.open}:
            self.found.append(f"<{tag}> can be pressed inside what is pressed")
        if tag == "form" and "form" in self.open:
            self.found.append("<form> in <form>")
        if tag == "label" and "label" in self.open:
            self.found.append("<label> in <label>")

    def all(self) -> list[str]:
        found = list(self.found)
        found += [f"<{tag}> is not closed" for tag in self.open]
        found += [f"id {name} {n} times" for name, n in self.ids.items() if n > 1]
        found += [f"{what}={name} leads nowhere" for what, name in self.asked if name not in self.ids]
        found += [
            f"for={name} names a <{self.tags[name]}>"
            for what, name in self.asked
            if what == "for" and self.tags.get(name, "input") not in LABELLED
        ]
        return found
