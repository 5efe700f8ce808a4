"""现场检查审批: a place on the 正面清单 is entered only with the leader's approval (七(三)-b, -c). Addresses: /field/…/onsite/,
/desk/tasks/…/onsite/.
"""
