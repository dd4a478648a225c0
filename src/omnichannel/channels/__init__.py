"""The channels that come with omnichannel: one folder each, independent of each other.

They import exactly what a third-party channel may: `omnichannel.channel`, `.model`, `.errors`, `.toolbox`.
"""
