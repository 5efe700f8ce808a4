"""抽取公示: every draw with its documents, tickets and proof, and what of it is public when (/draws/, /verify/; 四(3), 一-f).

`documents`: what is public now. `announcements`: a draw that is only planned. `tickets`: where everybody stands by his number.
`panel`: what the reader's own device checks. `downloads`: the documents as files. `quota_words`: why just so many.
`coverage`: how many of everybody the draws have reached.
"""
