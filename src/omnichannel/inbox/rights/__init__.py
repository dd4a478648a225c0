"""The rights of those who write: to get what is kept of them, to be erased, to be left alone (GDPR, Art. 15 to 22).

`surface` what an application calls · `belongings` what is somebody's, `sorting` whose items a raw delivery holds,
`cutting` how one person's items are cut out of it · `exporting` and `archive` the export · `erasing` (`dropping`) the
erasure and its proof · `forgetting` what was erased stays erased · `freezing` kept, and not used.
"""
