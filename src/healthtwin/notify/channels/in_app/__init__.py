"""The portal itself: always there, done as soon as it is asked, with nothing to set and nothing to send."""

from healthtwin.notify.channels.channel import ChannelKind
from healthtwin.notify.channels.in_app.transport import PORTAL, InApp

__all__ = ["KIND", "PORTAL", "InApp"]

KIND = ChannelKind(open=lambda ports: InApp(ports.watchers))
