"""The trail in words; every room's nameplate says its own. A test compares them with every verb the code records."""

from benxi_shuangsuiji import subjects


def words_for(entry) -> str:
    house = subjects.house()
    words = house.verbs.get(entry.verb, entry.verb)
    told = house.told.get(entry.verb)
    return f"{words}：{entry.details[told]}" if told in entry.details else words
