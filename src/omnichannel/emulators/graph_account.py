"""What the Graph API of every emulated account does: strangers, scripted faults, and errors in Meta's envelope."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from omnichannel.emulators.graph import Fault
from omnichannel.emulators.graph_api import GraphError, answer_of, fields_of

Doing = Callable[[str, dict[str, object], bytes], dict[str, object]]
"""What is done to a node, with the fields and the file of the request; raises GraphError."""


class AccountApi(ABC):
    """One account's side of the Graph API."""

    @property
    @abstractmethod
    def token(self) -> str:
        """The one token that is accepted."""

    @property
    @abstractmethod
    def faults(self) -> list[Fault]:
        """What becomes of the next sends."""

    @abstractmethod
    def told(self, request: Request) -> dict[str, object]:
        """The answer to a question; raises GraphError."""

    @abstractmethod
    def paced(self, request: Request, fields: dict[str, object]) -> None:
        """Raises GraphError for more than Meta takes in that time."""

    async def look(self, request: Request) -> Response:
        """Everything that is asked and not done."""
        try:
            self._authorise(request)
            return JSONResponse(self.told(request))
        except GraphError as error:
            return error.response()

    async def done(self, request: Request, do: Doing) -> Response:
        """Everything that is done, with the next fault."""
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and not fault.taken:
            return answer_of(fault)
        try:
            self._authorise(request)
            fields, content = await fields_of(request)
            self.paced(request, fields)
            answer = do(request.path_params["node"], fields, content or b"")
        except GraphError as error:
            return error.response()
        return answer_of(fault) if fault is not None else JSONResponse(answer)

    def _authorise(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
