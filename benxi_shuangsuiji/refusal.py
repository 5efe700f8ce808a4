"""How the system says no: one sentence, in Chinese, that says why and what to do."""


class Refused(Exception):
    """An expected refusal. Its text is shown to the person as it is."""


def refuse_if(reason: str) -> None:
    """Raise `Refused` when a rule gave a reason; an empty string means nothing stands in the way."""
    if reason:
        raise Refused(reason)
