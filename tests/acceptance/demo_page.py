"""The demo run by itself, and its page as somebody in a browser uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.acceptance.programs import Program, free_port, started, until

CHROMIUM = "/usr/bin/chromium"
SOON = 15_000  # ms


@contextmanager
def running_demo(folder: Path) -> Iterator[Program]:
    """Run the demo on a free port, with its data in a folder."""
    port = free_port()
    arguments = ("demo", "--port", str(port), "--data", str(folder / "data"))
    with started(folder / "demo.log", *arguments, port=port) as demo:
        until(lambda: demo.answers() and "演示已就绪" in demo.said(), "the demo is up")
        yield demo


def choose_person(page: Page, name: str) -> None:
    page.locator("#people .person", has_text=name).first.click()
    expect(page.locator("#subtitle")).to_contain_text(name)


def say(page: Page, text: str, answer: str) -> Locator:
    """Say something and return the new answer that holds those words."""
    answers = page.locator("#bubbles .row:not(.mine)", has_text=answer)
    before = answers.count()
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")
    expect(answers).to_have_count(before + 1, timeout=SOON)
    expect(page.locator("#bubbles .row.mine").last).to_contain_text(text)
    return answers.last
