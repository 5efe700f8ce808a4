"""全过程留痕: every event of one check in order of time, with person, device, address, files and the links of the trail (七(五)-n).

Address: /desk/tasks/…/trace/.
"""
