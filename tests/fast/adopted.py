"""Small applications that are adopted, without anything that they should have, and what is told about them."""

from richtfest.adopt import look
from richtfest.detect import of_tree, offer
from richtfest.detect.tree import Tree
from tests.fast.trees import FASTAPI, MANAGE, POM, SPRING_MAIN, START, package, plant

SHOP = {"requirements.txt": "fastapi==0.115\nuvicorn==0.34\n", "app/main.py": FASTAPI}
ROUTER = "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n@router.get('/health')\ndef health(): ...\n"
DJANGO = {
    "requirements.txt": "django==5.2\ngunicorn==23\n",
    "manage.py": MANAGE,
    "shop/settings.py": 'ROOT_URLCONF = "shop.urls"\n',
}
EXPRESS = {"package.json": package("express", scripts=START), "package-lock.json": "{}"}
FASTIFY = {"package.json": package("fastify", scripts=START), "package-lock.json": "{}"}
NEST = {"package.json": package("@nestjs/core", scripts=START), "package-lock.json": "{}"}
NEXT = {"package.json": package("next", scripts={"start": "next start"}), "package-lock.json": "{}"}
ACTUATOR = POM.replace(
    "</project>",
    "<dependencies><dependency>\n<artifactId>spring-boot-starter-actuator</artifactId></dependency></dependencies></project>",
)
SPRING = {"pom.xml": POM, "src/main/java/shop/ShopApplication.java": SPRING_MAIN}
ROUTES = "Rails.application.routes.draw do\n%s\nend\n"
GO = 'package main\n\nimport "net/http"\n\nfunc main() {\n\tmux := http.NewServeMux()\n%s\n}\n'


def suggestions(folder, files, **answers):
    """What is told about an application, by kind."""
    tree = Tree(plant(folder, files))
    found = of_tree(tree).applications[0]
    return {one.kind: one for one in look(tree, found, offer.answers(found) | answers)}
