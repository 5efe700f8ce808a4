"""抽取公示: every draw with its documents, tickets and proof, and what of it is public when (/draws/, /verify/; 四(3), 一-f)."""
