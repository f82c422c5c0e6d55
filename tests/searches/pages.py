"""What tests of the search pages share: photos made in memory, and reading what a page says."""

import html
import io
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(colour: str = "teal", size: tuple[int, int] = (60, 40), kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


def upload(name: str = "blue_mug.png", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if data is None else data, "image/png")


def text_of(response) -> str:
    """The page's words, as a reader sees them: no tags, blanks made one."""
    page = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def titles_of(response) -> list[str]:
    """The offers' titles, in the order of the rows."""
    return [html.unescape(title) for title in re.findall(r'id="offer-\d+"[^>]*>([^<]*)<', response.content.decode())]


def hidden(response, name: str) -> str:
    """The value of a hidden field; "" when the page has none."""
    found = re.search(rf'<input type="hidden" name="{name}"[^>]*value="([^"]*)"', response.content.decode())
    return html.unescape(found[1]) if found else ""


def kept(response) -> list[str]:
    """The ids of the photos that the form of a new search keeps, ticked."""
    return re.findall(r'<input type="checkbox" name="kept_image" value="(\d+)" checked', response.content.decode())


def bytes_of(image) -> bytes:
    with image.file.open() as file:
        return file.read()


def version(response) -> str:
    """Which state of the results the page shows, as it says when it polls."""
    found = response.content.decode().partition('{"X-Results-Seen": "')[2]
    return found.partition('"')[0]
