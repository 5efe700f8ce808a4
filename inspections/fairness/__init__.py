"""公平性监测: was the draw even, who was replaced and by whom, what was found, how long a visit took (八(一)-a, ui-2.md 20).

From released draws and published results alone, for every reader the same (decisions.md 3). `people` tells of single
inspectors and is for the city supervisor and the unit's own leader.
"""
