"""What a screen reader goes by on a page: its headings, landmarks, names of fields, captions, where its ids lead (ui.md 9)."""

import re
from html.parser import HTMLParser

VOID = {
    "area",
    "base",
    "br",
    "col",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
    "use",
    "path",
    "rect",
    "circle",
}
A_DAY = re.compile(r"\d{4}-\d\d(-\d\d([T ]\d\d:\d\d.*)?)?$|\d\d-\d\d$|\d\d:\d\d$")
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.path: list[tuple[str, dict]] = []  # the open elements
        self.seen: list[tuple[str, dict]] = []
        self.words: dict[int, str] = {}  # what stands inside of an element, by its number
        self.open: list[int] = []
        self.inside: dict[int, list[str]] = {}  # the tags around an element

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.inside[len(self.seen)] = [t for t, _ in self.path]
        self.seen.append((tag, known))
        self.words[len(self.seen) - 1] = known.get("aria-label") or known.get("alt") or ""
        if tag not in VOID:
            self.path.append((tag, known))
            self.open.append(len(self.seen) - 1)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        self.inside[len(self.seen) - 1] = [t for t, _ in self.path]
        self.words[len(self.seen) - 1] = ""

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self.path and self.path[-1][0] == tag, f"</{tag}> closes <{self.path[-1][0] if self.path else ''}>"
        self.path.pop()
        self.open.pop()

    def handle_data(self, data):
        for n in self.open:
            self.words[n] += data


def faults(html: str) -> list[str]:
    """What somebody who hears the page would stumble over."""
    reader = _Reader()
    reader.feed(html)
    seen, words = reader.seen, {n: text.strip() for n, text in reader.words.items()}
    of = lambda *tags: [n for n, (tag, _) in enumerate(seen) if tag in tags]  # noqa: E731
    found = [] if seen[0][0] == "html" and seen[0][1].get("lang") == "zh-CN" else ["no language"]
    found += [f"<{tag}> × {len(of(tag))}" for tag in ("title", "h1", "main") if len(of(tag)) != 1]
    feet = [n for n in of("footer") if "section" not in reader.inside[n]]  # of the page; a section may have its own
    found += [] if len(feet) == 1 else [f"{len(feet)} feet"]
    found += [f"nobody reads <{seen[n][0]}>" for n in of("title", "h1", "h2", "h3", "a", "button") if not words[n]]
    levels = [int(seen[n][0][1]) for n in of("h1", "h2", "h3", "h4")]
    steps = zip([0, *levels], levels, strict=False)
    found += [f"h{b} follows h{a}" for a, b in steps if b > a + 1]
    first = seen[of("a")[0]][1]
    found += [] if first.get("href") == "#main" else ["the first link does not skip to the text"]
    ids = [known["id"] for _, known in seen if "id" in known]
    found += [f"id {i} twice" for i in {i for i in ids if ids.count(i) > 1}]
    for tag, known in seen:
        for name in REFERENCES:
            found += [f"{name}={i} leads nowhere" for i in (known.get(name) or "").split() if i not in ids]
        if tag == "a" and (href := known.get("href") or "").startswith("#") and href[1:] not in ids:
            found.append(f"{href} leads nowhere")
        if known.get("role") == "region" and not (known.get("aria-label") or known.get("aria-labelledby")):
            found.append(f"region without a name: <{tag}>")
    labels = {known.get("for") for tag, known in seen if tag == "label"}
    for n in of("input", "select", "textarea"):
        known = seen[n][1]
        if known.get("type") != "hidden" and not known.get("aria-label") and known.get("id") not in labels:
            found.append(f"field without a name: {known.get('name')}")
    found += ["table without a caption"] * (len(of("table")) - len(of("caption")))
    found += [f"th without a scope: {words[n]}" for n in of("th") if "scope" not in seen[n][1]]
    navs = [seen[n][1].get("aria-label") for n in of("nav")]
    found += ["navigations of the same name, or of none"] if None in navs or len(set(navs)) < len(navs) else []
    for n in of("time"):
        when = seen[n][1].get("datetime") or words[n]
        found += [] if A_DAY.match(when) else [f"<time> says no time: {when}"]
    found += ["picture without words"] * sum("alt" not in seen[n][1] for n in of("img"))
    return found
