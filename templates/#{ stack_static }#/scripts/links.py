"""Looks for links between the pages of a site that lead nowhere. Addresses of others are not asked.

python3 scripts/links.py <folder>
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Links(HTMLParser):
    """What a page names in `href` and `src`."""

    def __init__(self, page: Path) -> None:
        """Reads a page."""
        super().__init__()
        self.found: list[str] = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps the links of one element."""
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def leads_somewhere(link: str, page: Path, site: Path) -> bool:
    """Whether a link is one of somebody else, or a file of the site is behind it, as the Caddyfile looks for it."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path:
        return True
    place = site / unquote(parts.path).lstrip("/") if parts.path.startswith("/") else page.parent / unquote(parts.path)
    return any(path.is_file() for path in (place, place.with_name(place.name + ".html"), place / "index.html"))


def main() -> int:
    """Tells every link that leads nowhere; exit code 1 when there is one, or no page."""
    site = Path(sys.argv[1])
    pages = sorted(site.rglob("*.html"))
    dead = [f"{page}: {link}" for page in pages for link in Links(page).found if not leads_somewhere(link, page, site)]
    print("\n".join(dead) or f"{len(pages)} pages, every link leads somewhere.")
    return 1 if dead or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
