"""The portal: who needs me now, one person live, one alert with its evidence.

Server-rendered shells (Jinja), plain ES modules, one stylesheet, uPlot; no build step and nothing from
another host. Every page works under a Content-Security-Policy without inline scripts or styles.

::

    app = FastAPI()
    mount(app, house, access)  # /, /people/{id}, /alerts/{id}, /app/…, /static/…
"""

from healthtwin.web.pages import mount
from healthtwin.web.sign_in import sign_in_page
from healthtwin.web.trust_page import TRUST_STYLE, trust_page

__all__ = ["TRUST_STYLE", "mount", "sign_in_page", "trust_page"]
