"""Tests that there are none of, and pipelines of the team that release, too."""

import re
from collections.abc import Iterator

from richtfest.adopt.suggestion import Adoption, Suggestion
from richtfest.detect import sources
from richtfest.template import locate

DEPLOYS = re.compile(
    r"""^[ \t]*(?:-[ \t]*)?(?:(?:run|uses):[ \t]*)?[|>]?[ \t]*["']?(?:"""
    r"""(superfly/flyctl-actions|akhileshns/heroku-deploy|amondnet/vercel-action|digitalocean/app_action|"""
    r"""azure/webapps-deploy|google-github-actions/deploy-cloudrun|aws-actions/amazon-ecs-deploy\S*|burnett01/rsync-deployments|"""
    r"""cloudflare/wrangler-action)|"""
    r"""(?:[\w./]+ )*?((?:fly|flyctl) deploy|kubectl (?:apply|rollout|set image)|helm upgrade|kamal deploy|"""
    r"""cap (?:production|staging) deploy|git push (?:heroku|dokku)|vercel (?:deploy|--prod)|railway up|"""
    r"""gcloud run deploy|eb deploy|serverless deploy|ansible-playbook|terraform apply))""",
    re.MULTILINE | re.IGNORECASE,
)


def tests(adoption: Adoption) -> Iterator[Suggestion]:
    """The pipeline of the repository says the same in a warning."""
    known = adoption.habits.tests
    if known and not known(adoption.tree, adoption.found):
        yield Suggestion("tests")


def workflows(adoption: Adoption) -> Iterator[Suggestion]:
    """Those that were here before: the ones that release by name and line, the others by name."""
    if adoption.value("ci", "github") != "github":
        return
    every = adoption.tree.named(".github/workflows", "*.yml", "*.yaml")
    ours = {path.name.removesuffix(".jinja") for path in (locate().path / "templates/.github/workflows").iterdir()}
    theirs = [path for path in every if path.rpartition("/")[2] not in ours]
    # Ours release by scripts: what is found in a file of the same name is the team's.
    hits = {hit.path: hit for hit in reversed(list(sources.search(adoption.tree, every, DEPLOYS)))}
    if hits:
        first = hits[min(hits)]
        yield Suggestion("workflows_deploy", first.why, {"names": _names(sorted(hits))})
    elif theirs:
        yield Suggestion("workflows", None, {"names": _names(theirs)})


def _names(paths: list[str]) -> str:
    return ", ".join(path.rpartition("/")[2] for path in paths)
