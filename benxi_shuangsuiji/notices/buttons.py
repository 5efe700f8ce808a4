"""What the button of a message is called: always with what it opens (ui.md 4, issue 16)."""

from django.urls import Resolver404, resolve

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.web import frame

from . import agenda
from .models import Message


def of_message(message: Message, waits: bool) -> str:
    """What the duty itself is called where it is the reader's turn; who is above, or comes later, only looks at it.

    `waits`: whether it is still to be done.
    """
    if not message.url:
        return "标为已读"
    if waits and message.duty and message.turn:
        return agenda.button_of(message.duty)
    return f"查看{_noun(message)}"


def _noun(message: Message) -> str:
    """As the step calls what it is about; of what announced no duty the list behind which its page stands."""
    if message.duty:
        step = subjects.house().steps.get(message.duty.rule)
        return (step and step.noun) or message.duty.name
    try:
        path = message.url.partition("?")[0].partition("#")[0]
        found = resolve(path)
    except Resolver404:
        return "详情"
    return frame.door_of(found.view_name, path) or "详情"
