"""How a request finds its answer: declared routes, the gate before them, and errors as problems.

::

    routes = Routes("/api/people/{person_id}", tag="people")


    @routes.get(
        "/profile",
        need=Need.READ,
        kind=Kind.PROFILE,
        answer=ProfileView,
        summary="How their readings are judged",
    )
    def profile(house: House, person_id: str) -> ProfileView:
        return house.people.profile(person_id)


    app = Application(all_of([routes]), {"house": house, "authenticator": authenticator}, ...)
"""

from healthtwin.access import Kind, Need
from healthtwin.routing.application import Application
from healthtwin.routing.ask import Ask
from healthtwin.routing.declaration import About, Routes, WronglyDeclared, all_of
from healthtwin.routing.description import Description
from healthtwin.routing.request_authenticator import RequestAuthenticator

__all__ = [
    "About",
    "Application",
    "Ask",
    "Description",
    "Kind",
    "Need",
    "RequestAuthenticator",
    "Routes",
    "WronglyDeclared",
    "all_of",
]
