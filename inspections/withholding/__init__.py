"""依法不公开: a reviewed result for which a law forbids publication; asked for by one, approved by another (二-b, 八(二)).

Without it a result is published or late; there is no third way, and a year is not closed over one that is neither.
"""
