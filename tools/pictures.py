"""Take the pictures of the guides from the demo itself: `make pictures`.

The demo is started, a few things are said, and what is seen is kept in docs/pictures/,
with few colours so that each is small. It needs the system's Chromium; Chinese is drawn
with the fonts of the cards, so that the pictures are the same on every machine.
"""

import os
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright
from pylopdf_fonts_zh_cn import sans_path

from tests.acceptance.demo_page import (
    CHROMIUM,
    SOON,
    choose_person,
    running_demo,
    say,
)

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
LINK = "/console/"
DESKTOP, PHONE = {"width": 1200, "height": 760}, {"width": 390, "height": 720}
COLOURS = 96
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{}</dir><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<cachedir>{}</cachedir></fontconfig>"""


def main() -> int:
    """Take all pictures; 2 where there is no browser."""
    if not Path(CHROMIUM).exists():
        sys.stderr.write(f"{CHROMIUM} is missing: apt-get install chromium\n")
        return 2
    PICTURES.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        running_demo(Path(folder)) as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--force-color-profile=srgb", "--lang=zh-CN"],
            env={**os.environ, "FONTCONFIG_FILE": _write_fonts(Path(folder))},
        )
        _take_all(browser, f"{demo.url}/simulator")
        browser.close()
    return 0


def _write_fonts(folder: Path) -> str:
    path = folder / "fonts.conf"
    path.write_text(FONTS.format(Path(sans_path()).parent, folder / "fonts"), "utf-8")
    return str(path)


def _take_all(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=DESKTOP, locale="zh-CN")  # type: ignore[arg-type]
    page.goto(address)
    choose_person(page, "赵敏")
    say(page, "通知全体党员：周三下午两点在301开支部大会，选项 能参加/请假", "【预览】")
    say(page, "确认", "正在发")
    for name, button in (("陈静", "能参加"), ("刘洋", "请假"), ("王芳", "能参加")):
        choose_person(page, name)
        card = page.locator("#bubbles .card", has_text="301开支部大会").last
        card.get_by_role("button", name=button).click(timeout=SOON)
    choose_person(page, "赵敏")
    say(page, "谁没回复", "还没回复")
    _keep(page.screenshot(), "demo")
    link = say(page, "打开后台", LINK).locator(f"a[href*='{LINK}']").last
    _take_console(browser, str(link.get_attribute("href")))
    _take_phone(browser, address)
    choose_person(page, "王芳")
    say(page, "我的贺卡", "贺卡")
    drawn = page.locator("#bubbles .row img").last
    expect(drawn).to_be_visible(timeout=SOON)
    source = str(drawn.evaluate("image => image.src"))
    _keep(page.request.get(source).body(), "card", width=420)


def _take_console(browser: Browser, link: str) -> None:
    page = browser.new_page(viewport=DESKTOP, locale="zh-CN")  # type: ignore[arg-type]
    page.goto(link)
    page.locator("form button").first.click()
    page.wait_for_load_state()
    _keep(page.screenshot(), "console")
    page.get_by_role("link", name="通知", exact=True).first.click()
    page.locator("main a", has_text="301开支部大会").first.click()
    page.wait_for_load_state()
    _keep(page.screenshot(), "console-notice")


def _take_phone(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    page.goto(address)
    page.get_by_role("button", name="知道了").click()
    choose_person(page, "王芳")
    expect(page.locator("#bubbles .card").last).to_be_visible(timeout=SOON)
    _keep(page.screenshot(), "phone")


def _keep(taken: bytes, name: str, width: int = 0) -> None:
    picture = Image.open(BytesIO(taken)).convert("RGB")
    if width:
        picture.thumbnail((width, width * 4))
    path = PICTURES / f"{name}.png"
    picture.quantize(COLOURS).save(path, optimize=True)
    size = path.stat().st_size // 1024
    sys.stdout.write(f"{path.relative_to(ROOT)}  {size} KB\n")


if __name__ == "__main__":
    sys.exit(main())
