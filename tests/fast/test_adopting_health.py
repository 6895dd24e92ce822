"""The path that a release asks: found in the code, asked about, or shown how to make; in the words of each stack."""

import pytest

from richtfest.adopt import words
from richtfest.detect import of_tree, offer
from richtfest.detect.tree import Tree
from tests.fast.adopted import (
    ACTUATOR,
    DJANGO,
    EXPRESS,
    FASTIFY,
    GO,
    NEST,
    NEXT,
    ROUTER,
    ROUTES,
    SHOP,
    SPRING,
    suggestions,
)
from tests.fast.trees import FASTAPI, GO_MODULE, GRADLE, LARAVEL, RAILS, SPRING_MAIN, WEB_PROJECT, plant

HEALTHY = {
    "fastapi, on the object": (
        SHOP | {"app/main.py": FASTAPI + '\n@app.get("/healthz")\ndef health(): ...\n'}, "/healthz app/main.py:5"),
    "fastapi, on a router that is included with a prefix": (
        SHOP | {"app/health.py": ROUTER, "app/main.py": "from fastapi import FastAPI\nfrom app.health import router\n\n"
                "app = FastAPI()\napp.include_router(router, prefix='/api')\n"}, "/api/health app/health.py:5"),
    "django": (
        DJANGO | {"shop/urls.py": 'urlpatterns = [\n    path("up/", view),\n    path("health/", view),\n]\n'},
        "/health/ shop/urls.py:3"),
    "django, in an included module": (
        DJANGO | {"shop/urls.py": 'urlpatterns = [path("api/", include("api.urls"))]\n',
                  "api/urls.py": 'urlpatterns = [path("health", view)]\n'}, "/api/health api/urls.py:1"),
    "django-health-check": (
        DJANGO | {"shop/urls.py": 'urlpatterns = [path("health/", include("health_check.urls"))]\n'},
        "/health/ shop/urls.py:1"),
    "django, in a middleware": (
        DJANGO | {"shop/middleware.py": 'def asked(request):\n    if request.path == "/healthz":\n        ...\n'},
        "/healthz shop/middleware.py:2"),
    "express": (
        EXPRESS | {"server.js": "const app = express();\napp.get('/healthz', (q, r) => r.send('ok'));\n"},
        "/healthz server.js:2"),
    "fastify": (
        FASTIFY | {"server.ts": 'const server = fastify({});\nserver.get("/health", async () => "ok");\n'},
        "/health server.ts:2"),
    "nest, with its prefix": (
        NEST | {"src/main.ts": "app.setGlobalPrefix('api');\n",
                "src/health.controller.ts": "@Controller('health')\nexport class A {\n  @Get()\n  get() {}\n}\n"},
        "/api/health src/health.controller.ts:1"),
    "next, by a route": (
        NEXT | {"src/app/(internal)/healthz/route.ts": "export const GET = 1;\n"},
        "/healthz src/app/(internal)/healthz/route.ts"),
    "next, by a page of the api": (NEXT | {"pages/api/health.ts": ""}, "/api/health pages/api/health.ts"),
    "go": ({"go.mod": GO_MODULE, "main.go": GO % '\tmux.HandleFunc("GET /healthz", health)'}, "/healthz main.go:7"),
    "rails": (RAILS | {"config/routes.rb": ROUTES % '  get "up" => "rails/health#show"'}, "/up config/routes.rb:2"),
    "rails, in a name space": (
        RAILS | {"config/routes.rb": ROUTES % "  namespace :api do\n    get 'health', to: 'a#b'\n  end"},
        "/api/health config/routes.rb:3"),
    "laravel": ({"composer.json": LARAVEL, "artisan": "", "bootstrap/app.php": "<?php\n  health: '/up',\n"},
                "/up bootstrap/app.php:2"),
    "laravel, on one line as it is advised": (
        {"composer.json": LARAVEL, "artisan": "",
         "bootstrap/app.php": "<?php\n->withRouting(web: __DIR__.'/../routes/web.php', health: '/up')\n"},
        "/up bootstrap/app.php:2"),
    "spring with the actuator": (SPRING | {"pom.xml": ACTUATOR}, "/actuator/health pom.xml:7"),
    "spring with the actuator below a path": (
        SPRING | {"pom.xml": ACTUATOR, "src/main/resources/application.yml": "server:\n  servlet:\n"
                  "    context-path: /shop\nmanagement.endpoints.web.base-path: /manage\n"},
        "/shop/manage/health pom.xml:7"),
    "spring whose actuator has another name for it": (
        SPRING | {"pom.xml": ACTUATOR, "src/main/resources/application.properties":
                  "management.endpoints.web.base-path=/\nmanagement.endpoints.web.path-mapping.health=healthz\n"},
        "/healthz pom.xml:7"),
    "dotnet": ({"Shop.csproj": WEB_PROJECT, "Program.cs": 'var app = 1;\napp.MapHealthChecks("/healthz");\n'},
               "/healthz Program.cs:2"),
    "a HEALTHCHECK of the team's own image": (
        {"Dockerfile": "FROM rust:1.80\nHEALTHCHECK --interval=5s \\\n  CMD curl -f http://localhost:8080/alive\n"},
        "/alive Dockerfile:3"),
}  # fmt: skip
"""For each the path that `new` takes, and where it stands."""

QUESTIONS = {
    "a router whose prefix is a setting": (
        SHOP | {"app/health.py": ROUTER, "app/main.py": "from fastapi import FastAPI\nfrom app.health import router\n\n"
                "app = FastAPI()\napp.include_router(router, prefix=settings.API)\n"}),
    "a router of express": EXPRESS | {"routes.js": "router.get('/health', handler);\n"},
    "a group of gin": {
        "go.mod": GO_MODULE, "main.go": GO % '\tapi := r.Group("/api")\n\tapi.GET("/health", health)'},
    "next below a path": NEXT | {"next.config.js": "module.exports = { basePath: '/x' }", "app/health/route.ts": ""},
    "the actuator behind spring security": SPRING | {
        "pom.xml": ACTUATOR.replace("<dependencies>", "<dependencies><!-- --><dependency>"
                                    "<artifactId>spring-boot-starter-security</artifactId></dependency>")},
    "the health of a part": DJANGO | {"shop/urls.py": 'urlpatterns = [path("mail/health", view)]\n'},
    "the defaults of Aspire": {"Shop.slnx": '<S><Project Path="src/Web/Web.csproj"/></S>',
                               "src/Web/Web.csproj": WEB_PROJECT,
                               "src/ServiceDefaults/Extensions.cs": 'app.MapHealthChecks("/health");\n'},
}  # fmt: skip

NO_HEALTH = {
    "fastapi": (SHOP, '@app.get("/healthz")'),
    "fastapi that only mentions it": (
        SHOP | {"app/a.py": '# @app.get("/health")\nurl = "http://other/health"\n'}, "@app"),
    "django": (DJANGO | {"shop/urls.py": "urlpatterns = []\n"}, 'path("healthz"'),
    "express": (EXPRESS | {"test/app.test.js": "app.get('/health')\n"}, 'app.get("/healthz"'),
    "express with it in a comment": (
        EXPRESS | {"server.js": "const app = express();\n// app.get('/health', answer);\n"}, "app"),
    "nest": (NEST, '@Controller("healthz")'),
    "next": (NEXT, "app/healthz/route.ts"),
    "go": ({"go.mod": GO_MODULE, "main.go": GO % ""}, "GET /healthz"),
    "rails": (RAILS, 'get "up"'),
    "laravel": ({"composer.json": LARAVEL, "artisan": ""}, "health: '/up'"),
    "spring by maven": (SPRING, "<artifactId>spring-boot-starter-actuator"),
    "spring by gradle": (
        {"build.gradle": GRADLE, "src/main/java/A.java": SPRING_MAIN}, "implementation 'org.springframework.boot"),
    "dotnet": ({"Shop.csproj": WEB_PROJECT, "Program.cs": ""}, 'MapHealthChecks("/healthz")'),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), HEALTHY.values(), ids=HEALTHY)
def test_a_health_check_that_is_there_becomes_the_answer(tmp_path, files, expected):
    path, place = expected.split()
    found = of_tree(Tree(plant(tmp_path, files))).applications[0]
    assert offer.answers(found)["health_path"] == path
    assert str(found.facts["health"][0].why).startswith(place)
    assert not [kind for kind in suggestions(tmp_path, {}) if kind.startswith("health")]


@pytest.mark.parametrize("files", QUESTIONS.values(), ids=QUESTIONS)
def test_what_may_have_something_before_it_is_a_question_and_no_answer(tmp_path, files):
    found = of_tree(Tree(plant(tmp_path, files))).applications[0]
    assert "health_path" not in offer.answers(found)
    headline, _ = words.sentences(suggestions(tmp_path, {})["health_maybe"], "en")
    assert headline.startswith("Is /") and "?" in headline


def test_a_question_that_was_answered_with_the_whole_path_is_asked_no_more(tmp_path):
    files = QUESTIONS["a group of gin"]
    assert "health_maybe" in suggestions(tmp_path, files, health_path="/other")
    assert not [kind for kind in suggestions(tmp_path, {}, health_path="/api/health") if kind.startswith("health")]


@pytest.mark.parametrize(("files", "line"), NO_HEALTH.values(), ids=NO_HEALTH)
def test_without_a_health_check_a_few_lines_in_the_words_of_the_stack_are_shown(tmp_path, files, line):
    told = suggestions(tmp_path, files)["health_missing"]
    assert line in told.code
    assert told.values["path"].strip("/") in told.code


def test_the_lines_answer_the_path_that_was_answered(tmp_path):
    told = suggestions(tmp_path, SHOP, health_path="/alive")["health_missing"]
    assert '@app.get("/alive")' in told.code


def test_pages_need_no_health_check(tmp_path):
    assert suggestions(tmp_path, {"index.html": "<h1>"}) == {}


def test_a_path_that_was_answered_and_is_elsewhere_is_told(tmp_path):
    files, _ = HEALTHY["fastapi, on the object"]
    assert suggestions(tmp_path, files, health_path="/")["health_elsewhere"].values["path"] == "/healthz"
