"""Searching messages and customers.

`surface` is what an application calls, `looking` finds, `filtering` narrows it down, `customers` finds those;
`indexing` is the step that keeps the index, in `tokens` of the workspace.
"""
