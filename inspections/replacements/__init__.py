"""调整更换: the pages of 更换, and the dispatched checks that follow an approved one (七(二)-f). Addresses: /desk/draws/…/amend/,
/field/…/replace/.
"""
