"""随机抽取: lists sealed, public values typed twice, the draw computed, names opened (七(二), SSJ1). Addresses: /desk/draws/.

`ssj1`: the draw itself, pure Python, the same file that is offered for download. `frames`: the lists that are sealed.
`attempts`: refused acts that are kept. `staffing`: why a team stays open. `bundles`: all documents of a draw.
`withdrawals`: what a sealed list holds still in the registry.
"""
