"""结果公示: published results, of one enterprise or as open data (八(二)). Addresses: /results/, /enterprises/.

`exports`: all of them as a table.
"""
