"""Calls that this house makes: to judged addresses only, never long, never read without an end."""

from healthtwin.egress.fetching import Fetched, Unreachable, fetch
from healthtwin.egress.outside_address import AddressRefused, judged_address, require_outside, resolve

__all__ = [
    "AddressRefused",
    "Fetched",
    "Unreachable",
    "fetch",
    "judged_address",
    "require_outside",
    "resolve",
]
