"""The path that a release asks, and the figures that the application offers by itself."""

from collections.abc import Iterator

from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect import health
from richtfest.detect.habits import Endpoint


def look(adoption: Adoption) -> Iterator[Suggestion]:
    """Nothing when the path that is asked was found in the code, or when any page will do."""
    if not adoption.habits.needs_health or adoption.found.value("variant") == "pages":
        return
    told, asked = health.endpoints(adoption.tree, adoption.found), adoption.value("health_path", "/")
    if any(_is_asked(endpoint, asked.rstrip("/")) for endpoint in told):
        return
    if told:
        kind = "health_elsewhere" if told[0].sure else "health_maybe"
        yield Suggestion(kind, told[0].why, {"path": told[0].path, "asked": asked})
    elif not (code := adoption.habits.health(adoption.found)):
        yield Suggestion("health_unknown", None, {"asked": asked})
    else:
        path = adoption.habits.health_path if asked == "/" else asked
        code = code.replace(adoption.habits.health_path, path)
        yield Suggestion("health_missing", None, {"asked": asked, "path": path}, code)


def _is_asked(endpoint: Endpoint, asked: str) -> bool:
    """Whether a path is the one that a release asks; what may have a prefix, also with whatever stands before it."""
    path = endpoint.path.rstrip("/")
    return asked == path or (not endpoint.sure and asked.endswith(path))


def figures(adoption: Adoption) -> Iterator[Suggestion]:
    """Offered and not asked for, or not offered at all."""
    if adoption.value("metrics_path") or not adoption.habits.has_figures:
        return
    told = next(iter(adoption.habits.figures(adoption.tree, adoption.found)), None)
    if told:
        yield Suggestion("figures_found", told.why, {"path": told.path})
    elif adoption.habits.health(adoption.found):
        yield Suggestion("figures_missing")
