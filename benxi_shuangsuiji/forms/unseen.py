"""What nobody sees in a text and pasting brings along: two names that look alike would be two, and one would read backwards.

On a page both are taken out, for whoever typed sees the whole of it again (`web.middleware.CleanInput`). In a workbook, of which
a row is seen by nobody before it is read, what has no width is taken out and a cell that turns the direction is refused with
its place (`registry.imports.cells`): it can show one code and hold another.
"""

NO_WIDTH = "\u00ad\u200b-\u200d\u2060\ufeff"  # each as it stands within the brackets of a pattern
DIRECTION = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
