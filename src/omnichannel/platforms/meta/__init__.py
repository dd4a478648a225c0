"""Meta's Graph API, as Messenger, Facebook, Instagram and WhatsApp share it.

admit ── challenge and signature     answers ── errors and rate limits     settings ── ids, secrets, hosts
envelope, files ── what holds items  messaging ── Messenger's and Instagram's messages
upload ── files on their way out     link ── asking the Graph API, fetching files, what was before
"""
