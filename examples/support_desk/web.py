"""The desk as a web application: who logs in sees what is theirs, takes the next one, and answers it.

Logging in by name is for trying it out: put your own log-in here, and the desk's methods stay as they are.
"""

from collections.abc import Awaitable, Callable, Mapping

import pages
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from omnichannel import Inbox
from omnichannel.desk import Case
from omnichannel.errors import NotFound, OmnichannelError
from omnichannel.model.desk import Suggested, Writing
from omnichannel.toolbox import load_form

Handler = Callable[[Request, str], Awaitable[Response]]
POLICY = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"}


class Site:
    """The pages of one inbox's desk."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    def app(self) -> Starlette:
        """The application: the pages, and the door for webhooks below `/hooks`."""
        return Starlette(
            routes=[
                Route("/", self._known(self.queue)),
                Route("/login", self.login, methods=["POST"]),
                Route("/logout", self._known(self.logout), methods=["POST"]),
                Route("/next", self._known(self.take_next), methods=["POST"]),
                Route("/case/{id}", self._known(self.case)),
                Route("/case/{id}", self._known(self.act), methods=["POST"]),
                Mount("/hooks", self.inbox.asgi()),
            ]
        )

    def _known(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """Only for agents; what cannot be done is told on a page."""

        async def handle(request: Request) -> Response:
            names = [agent.name for agent in await self.inbox.agents()]
            name = request.cookies.get("agent", "")
            if name not in names:
                return _shown(pages.login(names))
            try:
                return await handler(request, name)
            except OmnichannelError as error:
                status = 404 if isinstance(error, NotFound) else 409
                return _shown(pages.page("That did not work", pages.escape(str(error))), status)

        return handle

    async def login(self, request: Request) -> Response:
        """Somebody is there."""
        name = load_form(await request.body()).get("name", "")
        try:
            await self.inbox.desk.agents.turn(name, "online")
        except NotFound:
            return RedirectResponse("/", 303)
        answer = RedirectResponse("/", 303)
        answer.set_cookie("agent", name, httponly=True, samesite="strict")
        return answer

    async def logout(self, _: Request, name: str) -> Response:
        """Somebody goes: what waits for their answer waits for anybody again."""
        await self.inbox.desk.agents.turn(name, "offline")
        answer = RedirectResponse("/", 303)
        answer.delete_cookie("agent")
        return answer

    async def queue(self, _: Request, name: str) -> Response:
        """What is theirs, the soonest due first, and what waits."""
        desk = self.inbox.desk
        mine = [await desk.case(one.id) for one in await self.inbox.conversations.open(assignee=name)]
        mine.sort(key=lambda one: (one.due_at is None, one.due_at))
        me = next(agent for agent in await self.inbox.agents() if agent.name == name)
        # What waited too long for a team stands in two queues.
        waiting = {one.conversation.id: one for team in me.teams for one in await desk.queue(team)}
        titled = [[await self._titled(one) for one in found] for found in (mine, waiting.values())]
        return _shown(pages.queue(name, *titled, self.inbox.clock.now()))

    async def _titled(self, case: Case) -> pages.Titled:
        return pages.titled(case, await self.inbox.conversations.messages(case.conversation.id))

    async def take_next(self, _: Request, name: str) -> Response:
        """Give them what stands first of what they can do."""
        taken = await self.inbox.desk.take_next(name)
        return RedirectResponse(f"/case/{taken.conversation.id}" if taken else "/", 303)

    async def case(self, request: Request, name: str) -> Response:
        """One conversation. Who opens what waits for an answer may be writing one: others who do are told."""
        desk, conversation = self.inbox.desk, request.path_params["id"]
        waits = (await desk.case(conversation)).asked_at is not None
        return await self._page(
            conversation, name, await desk.writing(conversation, name) if waits else Writing()
        )

    async def _page(
        self, conversation: str, name: str, writing: Writing, text: str = "", status: int = 200
    ) -> Response:
        """Everything that was ever said by this customer, and what could be answered."""
        desk = self.inbox.desk
        found = await desk.case(conversation)
        # Some platforms tell who that is only when they are asked, after the first message.
        customer = await self.inbox.customers.get(found.conversation.customer)
        said = await self.inbox.customers.timeline(customer.id)
        suggested: list[tuple[Suggested, str]] = []
        for one in await desk.answers.suggest(conversation, most=2):
            ready = await desk.answers.phrase(conversation, one.answer, name)
            suggested.append((one, ready.text))
        shown = pages.Shown(found, customer.name, said, suggested, writing, text)
        return _shown(pages.case(shown, self.inbox.clock.now()), status)

    async def act(self, request: Request, name: str) -> Response:
        """Answer, in their own words or in standard ones; or close."""
        conversation, form = request.path_params["id"], load_form(await request.body())
        if form.get("do") == "close":
            await self.inbox.desk.close(conversation, actor=name)
            return RedirectResponse("/", 303)
        return await self._answer(conversation, name, form)

    async def _answer(self, conversation: str, name: str, form: Mapping[str, str]) -> Response:
        """Send an answer, unless something was said that they did not see: it is shown, and their words are kept.

        `writing` tells what that is; `seen` sees to it that what comes before the sending stops it, too.
        """
        desk, seen, text = self.inbox.desk, form.get("seen", ""), form.get("text", "")
        writing = await desk.writing(conversation, name, seen=seen)
        if writing.newer:
            return await self._page(conversation, name, writing, text, 409)
        match form.get("do"):
            case "reply":
                await self.inbox.conversations.reply(conversation, text, agent=name, seen=seen)
            case "say":
                await desk.answers.say(conversation, form.get("answer", ""), name, seen=seen)
        return RedirectResponse(f"/case/{conversation}", 303)


def _shown(html: str, status: int = 200) -> Response:
    return HTMLResponse(html, status, headers=POLICY)
