"""正面清单: who stands on it, and who has to leave it (七(三)-d, -e). Addresses: /desk/objects/positive/.

`exits`: who is to leave, and why.
"""
