"""The portal: who needs me now, one person live, one alert with its evidence.

Server-rendered shells (Jinja), plain ES modules, one stylesheet, uPlot; no build step and nothing from
another host. Every page works under a Content-Security-Policy without inline scripts or styles.

::

    Application(all_of(WEB), ...)  # /, /house, /people/{id}, /alerts/{id}, /app/…, /static/…
"""

from healthtwin.web import app_pages, pages, sharing_page
from healthtwin.web.pages import failed_page, missing_page, reads_pages
from healthtwin.web.seen import alert_seen, alerts_seen, people_seen
from healthtwin.web.sign_in import Door, EnrolPage, ProviderButton, enrol_page, sign_in_page, way_back_page
from healthtwin.web.spoken import LANGUAGE_COOKIE, language_of
from healthtwin.web.trust_page import TRUST_STYLE, trust_page

WEB = (pages.routes, pages.static, app_pages.routes, sharing_page.routes)
"""The routes of all pages."""

__all__ = [
    "LANGUAGE_COOKIE",
    "TRUST_STYLE",
    "WEB",
    "Door",
    "EnrolPage",
    "ProviderButton",
    "alert_seen",
    "alerts_seen",
    "enrol_page",
    "failed_page",
    "language_of",
    "missing_page",
    "people_seen",
    "reads_pages",
    "sign_in_page",
    "trust_page",
    "way_back_page",
]
