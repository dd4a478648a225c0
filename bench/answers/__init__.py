"""Suggested answers and the apology check, on labelled questions and messages, beside the obvious ways.

`sets` reads what is labelled, `rivals` are the obvious ways, `score` counts.
"""
