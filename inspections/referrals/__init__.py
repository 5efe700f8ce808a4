"""移送: what another department, or the police, has to deal with (八(二)-f; 行政处罚法 27). Addresses: /desk/referrals/."""
