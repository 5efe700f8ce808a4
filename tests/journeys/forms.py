"""What a browser without script would send: the forms of a page, read from its HTML with the standard library."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.browsing import untimed

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
MULTIPART = "multipart/form-data"


@dataclass
class Control:
    """One input, select or textarea; `choices` are the values that it can take, None where any text can be typed."""

    name: str
    kind: str
    values: list[str]
    choices: list[str] | None = None
    disabled: bool = False


@dataclass
class Button:
    text: str
    name: str
    value: str


@dataclass
class Form:
    id: str
    method: str
    action: str
    enctype: str
    controls: list[Control] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def control(self, name: str) -> list[Control]:
        return [c for c in self.controls if c.name == name and not c.disabled]


@dataclass
class Page:
    """A page as it is read: its forms, its links and its words."""

    forms: list[Form]
    links: list[tuple[str, str]]
    text: str

    def form_with(self, button: str) -> tuple[Form, Button]:
        """The form that this button sends: the one whose words are these, else the only one that contains them."""
        pairs = [(f, b) for f in self.forms for b in f.buttons]
        for fits in (lambda b: b.text == button, lambda b: button in b.text):
            found = [(f, b) for f, b in pairs if fits(b)]
            if len(found) == 1:
                return found[0]
            assert not found, f"{len(found)} buttons say {button}: {[b.text for _, b in found]}"
        raise AssertionError(f"no button says {button}; there are {[b.text for _, b in pairs]}\n{self.text[:1500]}")

    def link_with(self, words: str) -> str:
        """The address of the first link that says exactly this, else of the first that contains it."""
        for fits in (lambda t: t == words, lambda t: words in t):
            for text, href in self.links:
                if fits(text):
                    return href
        raise AssertionError(f"no link says {words}; there are {[t for t, _ in self.links]}\n{self.text[:1500]}")


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms: dict[str, Form] = {}
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.inside: list[str] = []  # ids of the open forms
        self.open: list[tuple[str, list[str], object]] = []  # texts being collected
        self.select: Control | None = None
        self.silent = 0

    def _form(self, attrs) -> Form | None:
        name = attrs.get("form") or (self.inside[-1] if self.inside else None)
        if name is None:
            return None
        return self.forms.setdefault(name, Form(name, "get", "", ""))

    def handle_starttag(self, tag, attrs):
        attrs = {k: v if v is not None else "" for k, v in attrs}
        if tag in ("script", "style", "svg", "title"):
            self.silent += 1
        if tag == "form":
            name = attrs.get("id") or f"form-{len(self.forms)}"
            form = self.forms.setdefault(name, Form(name, "get", "", ""))
            form.method, form.action = attrs.get("method", "get").lower(), attrs.get("action", "")
            form.enctype = attrs.get("enctype", "")
            self.inside.append(name)
        elif tag == "a" and "href" in attrs:
            self.open.append(("a", [], attrs["href"]))
        elif tag == "input":
            self._input(attrs)
        elif tag == "textarea":
            self.open.append(("textarea", [], attrs))
        elif tag == "select":
            self.select = Control(attrs.get("name", ""), "select", [], [], "disabled" in attrs)
            if form := self._form(attrs):
                form.controls.append(self.select)
        elif tag == "option":
            self.open.append(("option", [], attrs))
        elif tag == "button" and attrs.get("type", "submit") == "submit" and "disabled" not in attrs:
            self.open.append(("button", [], (self._form(attrs), attrs)))

    def _input(self, attrs):
        form, kind, name = self._form(attrs), attrs.get("type", "text"), attrs.get("name", "")
        if form is None:
            return
        if kind == "submit":
            form.buttons.append(Button(attrs.get("value", ""), name, attrs.get("value", "")))
            return
        if not name:
            return
        if kind in ("checkbox", "radio"):
            value = attrs.get("value", "on")
            control = next((c for c in form.controls if (c.name, c.kind) == (name, kind)), None)
            if control is None:
                form.controls.append(control := Control(name, kind, [], [], "disabled" in attrs))
            control.choices.append(value)
            if "checked" in attrs:
                control.values.append(value)
        else:
            values = [] if kind == "file" else [attrs.get("value", "")]
            form.controls.append(Control(name, kind, values, None, "disabled" in attrs))

    def handle_endtag(self, tag):
        if tag in ("script", "style", "svg", "title"):
            self.silent -= 1
        if tag == "form":
            self.inside.pop()
        elif tag == "select" and self.select is not None:
            if not self.select.values and self.select.choices:
                self.select.values = self.select.choices[:1]  # a browser shows the first one
            self.select = None
        if self.open and self.open[-1][0] == tag:
            self._close(*self.open.pop())

    def _close(self, tag, pieces, about):
        text = "".join(pieces)
        if tag == "a":
            self.links.append((spaced(text), about))
        elif tag == "textarea" and (form := self._form(about)) and about.get("name"):
            text = text.removeprefix("\n")
            form.controls.append(Control(about["name"], "textarea", [text], None, "disabled" in about))
        elif tag == "option" and self.select is not None:
            value = about.get("value", text)
            self.select.choices.append(value)
            if "selected" in about:
                self.select.values.append(value)
        elif tag == "button" and about[0] is not None:
            form, attrs = about
            form.buttons.append(Button(spaced(text), attrs.get("name", ""), attrs.get("value", "")))

    def handle_data(self, data):
        if self.silent:
            return
        self.words.append(data)
        for _, pieces, _ in self.open:
            pieces.append(data)


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(untimed(html))
    reader.close()
    return Page(list(reader.forms.values()), reader.links, spaced(" ".join(reader.words)))


def page_of(response) -> Page:
    return read(response.content.decode())


def values_of(form: Form, button: Button, changes: dict) -> list[tuple[str, object]]:
    """Every pair that the browser sends for this button, after somebody has changed these fields.

    A field that the form does not have, or a choice that it does not offer, is a mistake of the test or of the page.
    """
    changed = {}
    for name, value in changes.items():
        assert form.control(name), f"the form has no field {name}; it has {sorted({c.name for c in form.controls})}"
        changed[name] = value
    pairs: list[tuple[str, object]] = []
    for control in form.controls:
        if control.disabled:
            continue
        values = control.values
        if control.name in changed:
            values = _chosen(control, changed[control.name])
        pairs += [(control.name, v) for v in values]
    if button.name:
        pairs.append((button.name, button.value))
    return pairs


def _chosen(control: Control, value) -> list:
    if control.kind == "file":
        name, content = value
        return [SimpleUploadedFile(name, content)]
    if value is True or value is False:
        assert control.kind == "checkbox", f"{control.name} is no checkbox"
        return control.choices if value else []
    values = [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]
    if control.choices is not None:
        assert set(values) <= set(control.choices), f"{control.name} offers {control.choices}, not {values}"
    return values


def submit(client, response, button: str, **changes):
    """Press a button of the page, with the named fields changed, and return the answer, redirects followed."""
    form, pressed = page_of(response).form_with(button)
    pairs = values_of(form, pressed, changes)
    here = response.request["PATH_INFO"] + (f"?{q}" if (q := response.request.get("QUERY_STRING")) else "")
    there = urljoin(here, form.action) if form.action else here
    if form.method == "get":
        return client.get(there.partition("?")[0] + "?" + urlencode(pairs), follow=True)
    if form.enctype == MULTIPART:
        data: dict[str, list] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        return client.post(there, data, follow=True)
    plain = [(n, v.name if isinstance(v, SimpleUploadedFile) else v) for n, v in pairs]
    return client.post(there, urlencode(plain), content_type="application/x-www-form-urlencoded", follow=True)
