"""The public site's own pages: home, latest news, data (/; 四(3), 八(二)).

`figures`: how the quarter goes. `bulletin`: what is new. `freshness`: the mark of a public page, and how long it may be kept.
"""
