"""人员名单核对: the registry of inspectors held against the office's list of staff (六(三)-b). Addresses: /desk/inspectors/staff/.

`comparison`: who is on one list only.
"""
