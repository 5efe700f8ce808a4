"""导入: workbooks of facilities and inspectors, checked line by line, then written at once (六(二)-a, 六(三)-a).

Addresses: /desk/objects/import/, /desk/inspectors/import/. `checking`: what is wrong with a line. `cells`: a cell as a value. `copying`: many rows at a time.
"""
