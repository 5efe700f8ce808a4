"""检查频次: how often a place was entered this year, by whom, and the caps on it (一-d, 七(一)4-c). Addresses: /desk/frequency/.

`counts`: visits as they count. `caps`: the upper limits in force.
"""
