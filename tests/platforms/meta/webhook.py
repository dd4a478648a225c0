"""How Meta proves that a webhook is its own, from its documentation: for the contracts of all its channels."""

from __future__ import annotations

import hashlib
import hmac

from omnichannel.channel import Delivery

VERIFY_TOKEN = "a-verify-token-made-up"


class MetaWebhook:
    """Signs what is delivered, and asks what Meta asks when a webhook is set up."""

    def sign(self, delivery: Delivery, secret: str) -> Delivery:
        """Hexadecimal HMAC-SHA256 over the raw body (Graph API, Webhooks, "Validating payloads")."""
        mac = hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
        header = ("x-hub-signature-256", f"sha256={mac}")
        return delivery.model_copy(update={"headers": (*delivery.headers, header)})

    def challenge(self, text: str, secret: str) -> Delivery:  # noqa: ARG002 - it is not signed
        """The question with our word in it (Graph API, Webhooks, "Verification requests")."""
        query = f"hub.mode=subscribe&hub.verify_token={VERIFY_TOKEN}&hub.challenge={text}"
        return Delivery(method="GET", url=f"https://hook.example/meta?{query}")
