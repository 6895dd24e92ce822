"""Pipelines that are there already: they are kept and reported."""

from richtfest.detect.findings import Fact, Why
from richtfest.detect.tree import Tree

FILES = {
    ".gitlab-ci.yml": "gitlab",
    ".circleci/config.yml": "circleci",
    "azure-pipelines.yml": "azure",
    "bitbucket-pipelines.yml": "bitbucket",
    "Jenkinsfile": "jenkins",
    ".travis.yml": "travis",
    ".drone.yml": "drone",
    ".woodpecker.yml": "woodpecker",
    ".buildkite/pipeline.yml": "buildkite",
}
FOLDERS = {
    ".github/workflows": "github",
    ".forgejo/workflows": "forgejo",
    ".gitea/workflows": "gitea",
    ".woodpecker": "woodpecker",
}


def find(tree: Tree) -> list[Fact]:
    """The systems that run pipelines here, each with one of its files."""
    found = []
    for folder, system in FOLDERS.items():
        files = tree.named(folder, "*.yml", "*.yaml")
        if files:
            found.append(Fact(system, Why(files[0], None, f"({len(files)})" if len(files) > 1 else "")))
    return found + [Fact(system, Why(file)) for file, system in FILES.items() if tree.has(file)]
