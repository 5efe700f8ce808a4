"""Numbers of the plan changed by data: proposed by one, approved by another, in force from a day to come (附-b).

Addresses: /desk/calendar/rules/.
"""
