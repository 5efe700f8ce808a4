"""检查人员: who may be drawn into a team, with certificates and absences (六(三)). Addresses: /desk/inspectors/.

`roster`: how the people of a unit stand on a day. `expiry`: certificates that end soon. `turnover`: changes of staff that
the registry has not followed yet.
"""
