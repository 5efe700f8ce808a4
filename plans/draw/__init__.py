"""抽取 (SSJ1): pure Python without Django; ssj1.py is also the public verifier."""
