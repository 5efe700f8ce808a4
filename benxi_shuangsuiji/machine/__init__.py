"""How the system runs on a machine that nobody has prepared; of this the container holds `standalone` and `processes` only.

`standalone`: what a process needs before Django starts. `devdb`: a database server of its own. `equipment`: libraries, fonts
and a browser. `processes`: children that end with their parent. `suite`: `manage.py test` and `check_all`.
"""
