"""How the system says no: one sentence, in Chinese, that says why and what to do."""


class Refused(Exception):
    """An expected refusal. Its text is shown to the person as it is."""


class NotNow(Refused):
    """A refusal that is over by itself, such as a storage that cannot be reached: what was kept on a phone comes again."""


SHORTEST_REASON = 4


def why_not_reason(text: str, what: str = "原因") -> str:
    """Why a written reason says too little; "" when it will do."""
    if len(text.strip()) < SHORTEST_REASON:
        return f"{what}写得太短，至少 {SHORTEST_REASON} 个字，让以后的人看得懂。"
    return ""


def why_not_paper_number(text: str, what: str = "编号") -> str:
    """Why a number of a paper is none: it has places, not words, and is copied, not explained."""
    if len(text.strip()) < SHORTEST_REASON:
        return f"{what}写得太短，至少 {SHORTEST_REASON} 位，照原件抄写完整。"
    return ""


def why_not_decided(opinion: str, *, approve: bool) -> str:
    """Of a decision that is never without an opinion: “同意” says enough; whoever does not agree says why."""
    if not approve:
        return why_not_reason(opinion, "意见")
    return "" if opinion.strip() else "写明意见。"


def refuse_if(reason: str) -> None:
    """Raise `Refused` when a rule gave a reason; an empty string means nothing stands in the way."""
    if reason:
        raise Refused(reason)


def why_no_opinion(opinion: str, what: str = "退回的意见") -> str:
    """Of every request that is not approved: who asked has to understand what to do otherwise."""
    return why_not_reason(opinion, what) if opinion.strip() else f"写明{what}，提出的人照着改。"
