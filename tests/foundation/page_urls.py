"""The project's addresses and a page of each pattern, for the tests of the patterns."""

from django import forms
from django.urls import path

from benxi_shuangsuiji import urls
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.forms.pages import Confirm, act_page, press
from benxi_shuangsuiji.refusal import Refused

DONE = []  # what the act was given, in the order of the acts
TEMPLATE = "accounts/account_form.html"


class WordForm(forms.Form):
    word = forms.CharField(label="一个词", max_length=10)


class FileForm(WordForm):
    paper = forms.FileField(label="一份文件")


def act(word, **_):
    if word == "不行":
        raise Refused("这个词不行。")
    DONE.append(word)
    return word


def consequences(word, **_):
    return [] if word == "小事" else [f"写下“{word}”以后不能撤回", f"已经写过 {len(DONE)} 个"]


CONFIRM = Confirm("写下一个词", "确认写下", consequences)


def page(form_class=WordForm, **options):
    @requires()
    def view(request):
        form = form_class(request.POST or None, request.FILES or None)
        said = {"heading": "写一个词", "button": "写下"}
        back, done = (lambda word: f"/desk/log/?q={word}"), (lambda word: f"已写下 {word}")
        return act_page(
            request, TEMPLATE, form, act, back, done, facts=lambda: {"text": f"已有 {len(DONE)} 个"}, **said, **options
        )

    return view


@requires()
def closed(request):
    return act_page(request, TEMPLATE, None, act, "/desk/", "", heading="写一个词", obstacle="现在不能写。")


@requires()
def button(request):
    return press(request, lambda: act(request.POST["word"]), "/desk/log/", "已写下")


urlpatterns = [
    path("desk/test/word/", page()),
    path("desk/test/at-field/", page(refusals_at="word")),
    path("desk/test/fresh/", page(fresh=True)),
    path("desk/test/confirm/", page(confirm=CONFIRM)),
    path("desk/test/both/", page(fresh=True, confirm=CONFIRM)),
    path("desk/test/file/", page(FileForm, confirm=CONFIRM)),
    path("desk/test/closed/", closed),
    path("desk/test/button/", button),
    *urls.urlpatterns,
]
