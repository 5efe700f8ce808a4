"""年度办结: a year of the whole city is closed once all its results are public, or a law forbids it (二-b).

The lead office asks, the leader of the city team approves; what was counted then is kept, and goes into the year's volume.
"""
