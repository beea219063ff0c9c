"""Draw the book's icons, and the card that social networks show for it. This needs Chromium.

python book/tools/icons.py      writes book/_static/icon-32.png, icon-180.png and card.png
"""

import base64
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parents[1] / "_static"
CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])))
CARD = """<style>
body {{ margin: 0; width: 1200px; height: 630px; background: #f7f7f4; color: #24292f;
  font-family: "DejaVu Sans", sans-serif; display: grid; align-content: center; gap: 44px; }}
header {{ display: flex; gap: 36px; align-items: center; padding: 0 80px; }}
svg {{ width: 150px; height: 150px; }}
h1 {{ margin: 0; font-size: 72px; letter-spacing: -2px; }}
p {{ margin: 6px 0 0; font-size: 31px; color: #5d646c; }}
.hero {{ height: 330px; background: url(data:image/png;base64,{hero}) center / 1160px; }}
</style>
<header>{logo}<div><h1>One Pixel at a Time</h1>
<p>Build PixelCNN, from the mask to the drawn picture</p></div></header>
<div class="hero" style="image-rendering: pixelated"></div>"""


def draw(page, html, width, height, name):
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(f"<style>body {{ margin: 0 }}</style>{html}")
    page.screenshot(path=STATIC / name, omit_background=True)


def main():
    logo = (STATIC / "logo.svg").read_text(encoding="utf-8")
    hero = base64.b64encode((STATIC / "hero.png").read_bytes()).decode()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        draw(page, logo.replace("<svg", '<svg width="32"'), 32, 32, "icon-32.png")
        apple = f'<div style="background: #f7f7f4; padding: 18px; height: 144px">{logo}</div>'
        draw(page, apple, 180, 180, "icon-180.png")
        draw(page, CARD.format(logo=logo, hero=hero), 1200, 630, "card.png")
        browser.close()


if __name__ == "__main__":
    main()
