"""A simulated week of a company, through the real inbox: `python -m bench week --seed 1`.

Twenty people in five teams and three cities answer 50,000 messages on six channels, on a clock that is cranked by
hand. Customers write in bursts, again, elsewhere and in public; people come and go, hand over, put aside; one leaves
for good, one vanishes. What the simulated world did is written into a log, and a judge holds the library to it: is
every assignment explained, and fit; has everything that waits an owner or a place in a queue, at every look; does
nothing overtake its like; is the load spread among equals; are promises kept and missed those that the log counts, by
a reckoning of working time of its own. One seed is one week. `--faults` plants mistakes and sees that they are found.

`company` is what it is, `crowd` who writes, `presence` and `staff` who answers; `world` lets it go by, `screen` shows
it, `log` is what was done. `walls` and `promises` count again, `judge` compares, `report` tells.
"""
