"""The phone app's icons as PNG, from its two SVG drawings: run again whenever a drawing changes.

Usage: python tools/app_icons.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))
from tools.screenshots import CHROMIUM_FLAGS, chromium

ICONS: Final = Path(__file__).parent.parent / "src/healthtwin/web/static/app/icons"

SIZES: Final = (192, 512)
"""What a browser needs to offer the app for installation (Chromium's installability criteria)."""


def main() -> None:
    """Draw every icon at every size, transparent where the drawing is."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        for drawing in ("icon", "maskable"):
            svg = (ICONS / f"{drawing}.svg").read_text(encoding="utf-8")
            for size in SIZES:
                page = browser.new_page(viewport={"width": size, "height": size})
                page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{size}px}}</style>{svg}")
                path = ICONS / f"{drawing}-{size}.png"
                page.screenshot(path=path, omit_background=True)
                sys.stdout.write(f"{path} {path.stat().st_size}\n")
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
