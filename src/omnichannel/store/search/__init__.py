"""The index of words: `documents` are what is in it, `looking` how it is asked, `progress` how far it is.

It only narrows down where to look: whether a text answers a query is told by the text itself
(`omnichannel.desk.search`), so that both engines find the same.
"""
