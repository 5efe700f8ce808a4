"""Workbooks that people fill in and get back; knows columns and cells, not what they mean.

`reading`: what somebody has filled in, in a process of its own (`child`), since a file may be made to harm. `writing`: ours.
"""
