"""Small servers on loopback that behave on the wire as the platforms do: for tests, demo, offline work."""

from importlib.util import find_spec

for _needed in ("starlette", "uvicorn"):
    if find_spec(_needed) is None:
        raise ModuleNotFoundError(
            f"{_needed} is not installed, and emulated platforms need it: pip install 'omnichannel[demo]'",
            name=_needed,
        )
