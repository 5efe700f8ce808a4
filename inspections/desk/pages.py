"""The day of an inspector on his home (desk.md A3)."""

from datetime import date

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import Calendar
from inspections.visits import pages as visits


def tasks_of(user, today: date, calendar: Calendar) -> list[dict]:
    """An inspector's checks, those of today first, as `components/agenda.html` shows them; each view is recorded (desk.md A3)."""
    if not user.units_with(Permission.FIELD_WORK):
        return []
    cards = [card for card in visits.tasks_of(user, today, calendar) if not card["done"]]
    groups = [
        {"title": title, "items": [_task(card) for card in cards if card["today"] is now]}
        for title, now in (("今天的检查", True), ("以后的检查", False))
    ]
    return [group | {"count": len(group["items"])} for group in groups if group["items"]]


def _task(card: dict) -> dict:
    due = card["due"]
    return {
        "date": due.title.partition("（")[0].partition("前")[0] if due else "",
        "day": "",
        "title": card["name"],
        "text": f"{card['words']}　{card['plan']}　{card['address']}",
        "due": {"text": due.text, "state": due.state, "title": due.title} if due else None,
        "action": {"label": "打开检查", "url": card["go"], "primary": card["today"] and card["ready"]},
    }
