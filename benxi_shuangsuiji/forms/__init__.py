"""What every form of the project shares: its key, its words, its fields, one page for one act, one way to decide.

`keys`: a form that is sent twice counts once. `kept`: what was typed outlives a lost sign-in. `words`: how a form complains.
`pages`: `act_page`, `press`, `decision_page`. `decision`: what one person asks for and another decides on.
"""
