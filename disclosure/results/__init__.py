"""结果公示: published results, of one enterprise or as open data (/results/; 八(二))."""
