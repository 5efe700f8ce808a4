"""企业办理: what the enterprise does with a check by the address on its notice, and how it is answered (七(五)-k, -q; N-10)."""
