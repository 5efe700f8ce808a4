"""法律依据: what items rest on, their changes, and the question bank (六(一)1-b, 三-o5). Addresses: /desk/bases/, /desk/items/bank/.

`citations`: articles as lists quote them.
"""
