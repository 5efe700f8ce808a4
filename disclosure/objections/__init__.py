"""更正与申诉: anybody says what is wrong with something public, and reads what came of it (四(3)-f, 八(二)-c).

Addresses: /corrections/… and /desk/corrections/…. Who asks is kept apart from what is asked: public pages read the second alone.
What is changed of a publication is changed by `disclosure.revisions`, on one approval (docs/decisions/0043).
"""
