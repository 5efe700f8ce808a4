"""覆盖: who is not reached yet this quarter, this year or this cycle, and why (七(一)1-b, 七(一)2-b, 六(一)2-g).

Addresses: /desk/tasks/unfinished/, /desk/tasks/coverage/. `gaps`: the lists of who is left. `pace`: how far the checks should
be by now. `steps`: the deadlines of coverage, which the lists name.
"""
