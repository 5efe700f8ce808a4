"""工作台: the quarter's steps for whoever has signed in (七(四)). Addresses: /desk/.

`home`: what the page says.
"""
