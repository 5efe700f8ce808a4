"""The frame that every page stands in, and what lists of every subject have in common.

`frame`: navigation, unit and quarter of the desk. `chips`: short words that narrow a list. `views`: pages of no subject.
"""
