"""企业说明: what an enterprise says to its own public result, in its own words, beside it (四(3)-f; PNG 03, 18a).

Addresses: /e/<token>/words/ and /desk/statements/…. Looked at only for personal data and trade secrets, never changed.
"""
