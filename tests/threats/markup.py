"""HTML of a stranger's before an agent's eyes, and text that becomes HTML."""

from __future__ import annotations

from tests.threats.cases import threat
from tests.threats.mime import opened, with_a_module


@threat("T51", "a page that came in is rendered on the server", with_a_module("import weasyprint\n"))
def rendered_here() -> bool:
    """Nothing of ours draws pages: a renderer fetches what they name, and reads files for them."""
    return bool(opened())
