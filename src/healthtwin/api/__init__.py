"""HTTP over a house: routes, errors as problem+json, who may ask. No logic of its own.

::

    with serving(house, Listen(port=8000)) as url:
        ...
"""

from healthtwin.api.app import ServeSettings, create_app
from healthtwin.api.server import Addresses, Listen, keep_what_is_there, serve, serving
from healthtwin.api.trust import ServedAuthority

__all__ = [
    "Addresses",
    "Listen",
    "ServeSettings",
    "ServedAuthority",
    "create_app",
    "keep_what_is_there",
    "serve",
    "serving",
]
