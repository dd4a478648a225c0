"""What is kept for how long.

`going` what is old enough to go · `leaving` how it goes · `walk` one after the other · `surface` what an application
calls. The same walk counts in a dry run and takes for good, so that one tells what the other does.
"""
