"""报送和备案: plans and draws handed to the lead office, which signs or gives back (七(六)-a, 七(二)-j). Addresses: /desk/filings/,
/desk/justice/.
"""
