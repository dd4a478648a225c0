"""The mail server that `python -m bench mail` reads from, in a process of its own: our emulator, with mail in it.

`python -m bench.mail.server MAILS` prints its address when all is there, and serves until its input ends.
"""

from __future__ import annotations

import sys

from bench.mail.bodies import US, mail
from omnichannel.emulators.mail import MailServer

PASSWORD = "secret"

if __name__ == "__main__":
    with MailServer({US: PASSWORD}) as server:
        for number in range(int(sys.argv[1])):
            server.write(mail("5 KB", number), to=US)
        print(server.imap_url, flush=True)
        sys.stdin.read()
