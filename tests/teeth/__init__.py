"""Teeth: single faults planted in a copy of the tree, each with the tests that must turn red (reliability.md §H)."""
