"""Somebody at a screen, the same for both ways of looking at it: over HTTP, and by clicking in a real browser."""

import tempfile
from itertools import takewhile
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from django.test import Client

from tests.factories import PASSWORD
from tests.journeys import forms


class OverHttp:
    """A person with a client of his own. The forms carry their tokens, because the client insists on them."""

    def __init__(self, user=None, *, by_form=False):
        self.user = user
        self.client = Client(enforce_csrf_checks=True)
        self.answer = None
        if user is not None and by_form:
            self.open("/desk/").press("登录", username=user.username, password=PASSWORD)
        elif user is not None:
            self.client.force_login(user)

    def open(self, path):
        self.answer = self.client.get(path, follow=True)
        return self

    def press(self, button, **changes):
        self.answer = forms.submit(self.client, self.answer, button, **changes)
        return self

    def follow(self, words):
        return self.open(urljoin(self.path, self.page.link_with(words)))

    def post(self, path, **data):
        """What somebody sends who knows the address though the page offers no button: with valid tokens."""
        page = self.client.get("/desk/")
        form = next(f for f in forms.page_of(page).forms if f.control("form_key"))
        tokens = {name: form.control(name)[0].values[0] for name in ("csrfmiddlewaretoken", "form_key")}
        self.answer = self.client.post(path, {**tokens, **data}, follow=True)
        return self

    def download(self, words) -> bytes:
        answer = self.client.get(urljoin(self.path, self.page.link_with(words)))
        assert answer.status_code == 200
        return answer.getvalue()

    @property
    def page(self):
        return forms.page_of(self.answer)

    @property
    def text(self):
        return self.page.text

    @property
    def status(self):
        return self.answer.status_code

    @property
    def path(self):
        return self.answer.request["PATH_INFO"]

    def names(self, beginning) -> list[str]:
        return list(dict.fromkeys(c.name for f in self.page.forms for c in f.controls if c.name.startswith(beginning)))

    def sees(self, *words):
        for word in words:
            assert word in self.text, f"{word} is not on {self.path} ({self.status}):\n{self.text[:3000]}"
        return self

    def leaves_for(self, words):
        """The page that the press leads to says this."""
        return self.sees(words)

    def does_not_see(self, *words):
        for word in words:
            assert word not in self.answer.content.decode(), f"{word} is on {self.path}"
        return self


class InBrowser:
    """A person who clicks. `page` belongs to a context of his own: size of the screen, script or none."""

    def __init__(self, page, user=None):
        self.page, self.user = page, user
        page.set_default_timeout(20_000)
        if user is not None:
            self.open("/desk/").press("登录", username=user.username, password=PASSWORD)

    def open(self, path):
        self.page.goto(path)
        return self

    def press(self, button, **changes):
        for name, value in changes.items():
            self._change(self.page.locator(f'[name="{name}"]'), value)
        exact = self.page.get_by_role("button", name=button, exact=True)
        (exact if exact.count() else self.page.get_by_role("button", name=button)).click()
        self.page.wait_for_load_state()
        return self

    @staticmethod
    def _unfold(field):
        """Open what is folded over a field, from the outside in, as a person does: by its summary."""
        folded = field.locator("xpath=ancestor::details[not(@open)]")
        while folded.count():
            folded.first.locator("xpath=./summary").click()

    def _change(self, field, value):
        kind = field.first.evaluate("e => e.tagName == 'SELECT' ? 'select' : e.type")
        if kind not in ("checkbox", "radio", "hidden"):
            self._unfold(field.first)
        if kind == "file":
            name, content = value
            field.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
        elif kind == "checkbox" and isinstance(value, bool):
            self._unfold(field)
            field.set_checked(value)
        elif kind in ("checkbox", "radio"):
            wanted = {str(v) for v in value} if isinstance(value, list | tuple) else {str(value)}
            for box in field.all():
                # The words beside a button are pressed, as a finger would: the button itself may be drawn over.
                if (box.get_attribute("value") in wanted) != box.is_checked() and (
                    kind == "checkbox" or box.get_attribute("value") in wanted
                ):
                    self._unfold(box)
                    box.locator("xpath=ancestor::label").click()
        elif kind == "select":
            field.select_option(str(value))
        else:
            field.fill(str(value))

    def follow(self, words):
        exact = self.page.get_by_role("link", name=words, exact=True)
        (exact if exact.count() else self.page.get_by_role("link", name=words)).first.click()
        self.page.wait_for_load_state()
        return self

    def download(self, words) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=words).click()
        with tempfile.TemporaryDirectory() as folder:
            waiting.value.save_as(Path(folder) / "file")
            return (Path(folder) / "file").read_bytes()

    @property
    def text(self):
        return forms.spaced(self.page.locator("body").inner_text())

    @property
    def path(self):
        return urlsplit(self.page.url).path

    def names(self, beginning) -> list[str]:
        found = self.page.locator(f'[name^="{beginning}"]').evaluate_all("all => all.map(e => e.name)")
        return list(dict.fromkeys(found))

    def sees(self, *words):
        for word in words:
            assert word in forms.read(self.page.content()).text, (
                f"{word} is not on {self.page.url}:\n{self.text[:3000]}"
            )
        return self

    def leaves_for(self, words):
        """Wait for the page that the press leads to: the phone keeps what was written before it goes on."""
        self.page.get_by_text(words).first.wait_for()
        return self

    def does_not_see(self, *words):
        for word in words:
            assert word not in self.page.content(), f"{word} is on {self.page.url}"
        return self


class FromHome(InBrowser):
    """Somebody who types no address but the first: whatever is opened is reached from the home, by clicking (issue 16).

    As a person does, he follows of all links the one that is most like what he looks for; `clicks`: what was opened, and how many
    clicks from the home it lay.
    """

    MOST = 3

    def __init__(self, page, user, *, home="/desk/"):
        super().__init__(page)
        self.user, self.home, self.clicks = user, home, {}
        page.goto(home)
        self.press("登录", username=user.username, password=PASSWORD)

    def open(self, path):
        if path == self.home:
            return self._home()
        if path in self._links():  # from where he stands
            return self._click(path)
        self._home()
        for clicks in range(1, self.MOST + 1):
            links = self._links()
            assert links, f"nothing to click on {self.path}"
            self._click(path if path in links else max(links, key=lambda link: _alike(link, path)))
            if self.path == path:
                self.clicks[path] = clicks
                return self
        raise AssertionError(
            f"{path} is not reached from {self.home} in {self.MOST} clicks, but {self.path}:\n{self.text[:2000]}"
        )

    def sign(self, name):
        """With a finger, in the field that waits for this name."""
        pad = self.page.locator("form", has=self.page.locator(f"button:has-text('{name}签好了')"))
        box = pad.locator("[data-pad]").bounding_box()
        mouse = self.page.mouse
        mouse.move(box["x"] + 20, box["y"] + 30)
        mouse.down()
        mouse.move(box["x"] + 100, box["y"] + 60, steps=5)
        mouse.up()
        pad.locator("[data-pad-done]").click()
        # The phone keeps the stroke before it goes on: only the page without this field is the next one, and the next
        # finger drawn before that would be drawn on the page that is left.
        pad.wait_for(state="detached")
        self.page.wait_for_load_state()

    def _home(self):
        if self.path != self.home:
            self._click(self.home)
        return self

    def _links(self) -> set[str]:
        found = self.page.locator("a[href]:visible").evaluate_all("all => all.map(a => a.pathname)")
        return {link for link in found if link != self.path}

    def _click(self, path):
        link = self.page.locator("a[href]:visible")
        places = link.evaluate_all("all => all.map(a => a.pathname)")
        assert path in places, f"no link to {path} on {self.path}, but to {sorted(set(places))}:\n{self.text[:2000]}"
        link.nth(places.index(path)).click()
        self.page.wait_for_load_state()
        return self


def _alike(link: str, path: str) -> tuple[int, int]:
    same = sum(1 for _ in takewhile(bool, map(str.__eq__, link.split("/"), path.split("/"))))
    return same, -len(link)
