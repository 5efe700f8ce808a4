"""开奖日程: when each public lottery draws and which issue a draw will take (六(一)2-f, 七(二)-c). Addresses: /desk/lottery/.

`schedule`: days, issues and breaks.
"""
