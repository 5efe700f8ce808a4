"""What was typed is not lost when the sign-in ends before the button is pressed (ui.md 6.3, 7.3; reliability F09, F11).

Every form says, signed, for whom it was made. A form that arrives without a sign-in waits in the session until the same
person has signed in again, and is then offered once more; it never goes to somebody else, nor carried out by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django import forms
from django.core import signing
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.dateparse import parse_datetime

OWNER_FIELD = "form_owner"
SESSION_KEY = "kept_form"
KEPT_FOR = timedelta(minutes=30)  # after that the page it belongs to has likely moved on
OWNED_FOR = timedelta(hours=24)  # longer than any sign-in lasts
MOST_CHARACTERS = 200_000
TECHNICAL = {"form_key", "csrfmiddlewaretoken", OWNER_FIELD}
_signer = signing.TimestampSigner(salt="form owner")


@dataclass(frozen=True)
class KeptForm:
    """The fields of one form, whose it is, where it was going and where its page is."""

    owner: int
    path: str
    page: str
    fields: list[tuple[str, list[str]]]
    had_files: bool

    @property
    def inputs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.fields for value in values]


def owner_mark(user) -> str:
    return _signer.sign(str(user.pk))


def owner_of(request) -> int | None:
    """For whom the posted form was made; None when it does not say so truthfully."""
    try:
        return int(_signer.unsign(request.POST.get(OWNER_FIELD, ""), max_age=OWNED_FOR))
    except (signing.BadSignature, ValueError):
        return None


def posted_fields(request) -> list[tuple[str, list[str]]]:
    """Everything that was posted but technical fields and passwords; files are not kept either."""
    return [
        (name, values)
        for name, values in request.POST.lists()
        if name not in TECHNICAL and "password" not in name.lower()
    ]


def keep(request) -> bool:
    """Keep the posted form for its owner; False when it cannot be told whose it is, or it is too long."""
    fields = posted_fields(request)
    owner = owner_of(request)
    if owner is None or sum(len(value) for _, values in fields for value in values) > MOST_CHARACTERS:
        return False
    request.session[SESSION_KEY] = {
        "owner": owner,
        "path": request.get_full_path(),
        "page": page_of(request),
        "fields": fields,
        "files": bool(request.FILES),
        "at": timezone.now().isoformat(),
    }
    return True


def kept_of(request) -> KeptForm | None:
    """The form that waits in this session for this user; one that is too old or somebody else's is thrown away."""
    data = request.session.get(SESSION_KEY)
    if not data:
        return None
    age = timezone.now() - (parse_datetime(data["at"]) or timezone.now())
    if data["owner"] != request.user.pk or age > KEPT_FOR:
        drop(request)
        return None
    fields = [(name, list(values)) for name, values in data["fields"]]
    return KeptForm(data["owner"], data["path"], data["page"], fields, data["files"])


def drop(request) -> None:
    request.session.pop(SESSION_KEY, None)


def drop_if_sent(request) -> None:
    """The form has been carried out, so nothing of it waits any longer."""
    if request.session.get(SESSION_KEY, {}).get("path") == request.get_full_path():
        drop(request)


def page_of(request) -> str:
    """The page on which the form stood: where the browser came from, else the nearest readable address above."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and came_from.path.startswith(("/desk/", "/field/", "/admin/")):
        return came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return readable_above(request.path)


def readable_above(path: str) -> str:
    """The nearest address above this one that opens a page: a POST-only address lies below what it changes."""
    parts = path.strip("/").split("/")
    while len(parts := parts[:-1]) > 1:
        above = "/" + "/".join(parts) + "/"
        if "GET" in methods_at(above):
            return above
    return "/field/" if path.startswith("/field/") else "/desk/"


def methods_at(path: str) -> tuple[str, ...]:
    """The methods that the view at an address answers, HEAD wherever it answers GET; () where there is none."""
    try:
        view = resolve(path).func
    except Resolver404:
        return ()
    while view is not None:
        # What Django's `require_http_methods` was given; it keeps it nowhere else.
        names = view.__code__.co_freevars if hasattr(view, "__code__") else ()
        if "request_method_list" in names:
            return tuple(view.__closure__[names.index("request_method_list")].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return ("GET", "HEAD", "POST")


# What is shown of the fields: their labels and words, as the forms have them.


def shown_fields(path: str, fields: list[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    """(label, value) of what somebody typed or chose; hidden fields and empty ones say nothing to him."""
    candidates = _forms_at(path, {name for name, _ in fields})
    shown = []
    for name, values in fields:
        field, label = _field_of(name, candidates)
        words = "、".join(word for value in values if (word := _words(field, value)))
        if label and words:
            shown.append((label, words))
    return shown


def _forms_at(path: str, names: set[str]) -> list[type[forms.BaseForm]]:
    """The project's forms, those of the view's own package first, and first the one with most of these fields."""
    try:
        package = resolve(path.partition("?")[0]).func.__module__.rpartition(".")[0]
    except Resolver404:
        package = ""
    return sorted(
        project_forms(),
        key=lambda f: (f.__module__.rpartition(".")[0] != package, -len(names & set(f.base_fields)), f.__qualname__),
    )


def project_forms() -> Iterator[type[forms.BaseForm]]:
    """Every form class of the project that has been imported; the addresses import them all."""
    seen, waiting = set(), [forms.BaseForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            if form in seen:
                continue
            seen.add(form)
            waiting.append(form)
            if not form.__module__.startswith("django.") and hasattr(form, "base_fields"):
                yield form


def _field_of(name: str, candidates) -> tuple[forms.Field | None, str]:
    for form in candidates:
        if field := form.base_fields.get(name):
            return field, "" if field.widget.is_hidden else str(field.label or "")
    for form in candidates:
        # Fields that a form makes for each row are named by the form itself.
        if hasattr(form, "label_of") and (label := form.label_of(name)):
            return None, label
    return None, ""


def _words(field, value: str) -> str:
    if isinstance(field, forms.ModelChoiceField):
        # A key says nothing, and of whom it is not everybody may know; the names of units everybody does.
        units = field.queryset.model._base_manager if field.queryset.model._meta.label == "accounts.Unit" else None
        return str(units.filter(pk=value).first() or "") if units and value.isascii() and value.isdigit() else ""
    if isinstance(field, forms.ChoiceField) and not callable(field.choices):
        return str(dict(field.choices).get(value, ""))
    if isinstance(field, forms.BooleanField):
        return "是"
    return value.strip()
