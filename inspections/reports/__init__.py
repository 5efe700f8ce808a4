"""工作报告: a quarter's results and a year's work, sent to the city team and on to the province (七(六)-b, -c, 八(一)-c).

Addresses: /desk/reports/, /desk/city/years/, /desk/city/provincial/. `periods`: what a report is about. `figures`: its numbers.
"""
