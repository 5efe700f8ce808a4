"""作废: a sealed draw closed without a result, by two people, for everyone to see (七(二)-d, SSJ1 9.2). Addresses:
/desk/draws/…/abort/.
"""
