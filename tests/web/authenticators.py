"""Authenticators made of software, as Chromium offers them to tests (WebAuthn, section 11: virtual ones)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page


@dataclass
class Authenticator:
    """One that a page's browser has, and what it keeps."""

    cdp: CDPSession
    id: str

    def credentials(self) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return kept

    def set_count(self, count: int) -> None:
        """Let its only passkey say another count, as a copy of it would."""
        (credential,) = self.credentials()
        self.cdp.send(
            "WebAuthn.removeCredential",
            {"authenticatorId": self.id, "credentialId": credential["credentialId"]},
        )
        self.put({**credential, "signCount": count})

    def put(self, credential: dict[str, Any]) -> None:
        """Give it a passkey that another one made."""
        self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": credential})

    def verifies(self, *, yes: bool) -> None:
        """Whether the finger or face fits from now on."""
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": yes})

    def simulates_presence(self, *, yes: bool) -> None:
        """Whether somebody is there to touch it."""
        self.cdp.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self.id, "enabled": yes})


def authenticator_of(page: Page, *, synced: bool = False) -> Authenticator:
    """An authenticator for everything that this page does.

    Args:
        page: of a browser.
        synced: its passkeys are kept elsewhere too; else they cannot leave it.
    """
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    made = cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
                "defaultBackupEligibility": synced,
                "defaultBackupState": synced,
            }
        },
    )
    return Authenticator(cdp, made["authenticatorId"])
