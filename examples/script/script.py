"""The inbox from synchronous code: no event loop in sight."""

from email.message import EmailMessage

from omnichannel import Inbox
from omnichannel.channels.email import Email
from omnichannel.emulators.mail import MailServer

with MailServer({"help@shop.example": "secret"}) as server:
    inbox = Inbox("sqlite:///:memory:", [Email("support", **server.settings("help@shop.example"))])

    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Kim <kim@home.example>", "help@shop.example", "Opening hours"
    mail["Message-ID"] = "<question-1@home.example>"
    mail.set_content("Hello, when are you open?\n")
    server.write(mail.as_bytes(), to="help@shop.example", sender="kim@home.example")

    with inbox.sync() as box:
        print(f"{box.poll()} new mail")  # every source once; a server uses `await inbox.run()`
        box.work()
        [conversation] = box.conversations.open()
        box.conversations.reply(conversation.id, "Every day from nine to five.")
        box.conversations.close(conversation.id)
        box.work()
        for message in box.conversations.messages(conversation.id):
            print(f"{message.direction}: {message.text}")
    print(f"sent to {server.outbox[-1].recipients}")
