"""Reading what somebody brought, in a process of its own: whatever it does to that, the house goes on."""

from healthtwin.sandbox.limits import Limits
from healthtwin.sandbox.parent import parsed

__all__ = ["Limits", "parsed"]
