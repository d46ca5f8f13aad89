"""Accounts: how people prove who they are; what they may do stands on the grant beneath each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from healthtwin.faces import face

if TYPE_CHECKING:
    from healthtwin.access.accounts.accounts import NEVER_MS, Account, Accounts, Added
    from healthtwin.access.accounts.own import PENDING_MS, OwnAccount
    from healthtwin.access.accounts.passwords import PasswordHashes
    from healthtwin.access.accounts.sign_in import Enrolment, Proof, SignedIn, SignIn

__all__ = [
    "NEVER_MS",
    "PENDING_MS",
    "Account",
    "Accounts",
    "Added",
    "Enrolment",
    "OwnAccount",
    "PasswordHashes",
    "Proof",
    "SignIn",
    "SignedIn",
]

__getattr__ = face(
    __name__,
    accounts="NEVER_MS Account Accounts Added",
    own="PENDING_MS OwnAccount",
    passwords="PasswordHashes",
    sign_in="Enrolment Proof SignIn SignedIn",
)
