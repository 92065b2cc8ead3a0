"""Tests walk through all floors from outside; the folders mirror the code."""
