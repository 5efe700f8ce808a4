"""签名: whoever was in charge there, and the inspectors, sign what they have read, or it is noted why not (N-10; domain.md 3).

Addresses: /field/…/sign/, …/refuse/, …/paper/.
"""
