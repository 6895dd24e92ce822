"""Small made-up repositories for the tests of detection, each a dict of path -> text, named for what it teaches.

CERTAIN and ASKED tell what must be found, the likeliest first; NOTHING which languages are there, and no application.
"""

import json
from pathlib import Path


def plant(folder: Path, files: dict[str, str]) -> Path:
    """Write the files into a folder, with the folders that they need."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def plant_many(folder: Path) -> None:
    """20,000 empty sources, half of them of the application, half of what it uses."""
    for number in range(200):
        place = folder / ("node_modules" if number % 2 else "shop") / f"part{number}" / "inner"
        place.mkdir(parents=True)
        for file in range(100):
            (place / f"module{file}.{'js' if number % 2 else 'py'}").touch()


def package(*dependencies: str, **more: object) -> str:
    """A package.json with these dependencies."""
    return json.dumps({"name": "shop", "private": True, "dependencies": dict.fromkeys(dependencies, "^1.0.0")} | more)


FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n"
MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
MANAGE_BY_ENVIRONMENT = "from django.core.management import execute_from_command_line\n"
LIBRARY = '[project]\nname = "shop"\ndependencies = ["{needs}"]\n[build-system]\nrequires = []\n'
START = {"start": "node server.js"}
GO_MAIN = 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":8080", nil)\n}\n'
GO_MODULE = "module example.com/shop\n\ngo 1.24\n"
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
  </parent>
</project>
"""
SPRING_MAIN = "package shop;\n\n@SpringBootApplication\npublic class ShopApplication {}\n"
WEB_PROJECT = '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>\n'
GRADLE = "plugins {\n    id 'org.springframework.boot' version '3.5.0'\n}\n"

LARAVEL = '{"require": {"php": "^8.3", "laravel/framework": "^12.0"}}'
RAILS = {"Gemfile": 'gem "rails", "~> 8.0"\n', "config/application.rb": "module Shop\nend\n"}

CERTAIN = {
    "fastapi in requirements": ({"requirements.txt": "fastapi==0.115\n", "app/main.py": FASTAPI}, ".=fastapi"),
    "fastapi of a project": (
        {"pyproject.toml": '[project]\ndependencies = ["FastAPI[standard]>=0.1"]\n', "main.py": FASTAPI},
        ".=fastapi",
    ),
    "fastapi of poetry": (
        {
            "pyproject.toml": '[tool.poetry]\nname = "fastapi-shop"\n[tool.poetry.dependencies]\nfastapi = "*"\n',
            "a.py": FASTAPI,
        },
        ".=fastapi",
    ),
    "fastapi in an included list": (
        {"requirements.txt": "-r requirements/base.txt\n", "requirements/base.txt": "fastapi\n", "main.py": FASTAPI},
        ".=fastapi",
    ),
    "fastapi made by a function": (
        {
            "requirements.txt": "fastapi\n",
            "app/main.py": "def make() -> FastAPI:\n    return FastAPI()\n\napp = make()\n",
        },
        ".=fastapi",
    ),
    "fastapi made by a function of another module": (
        {
            "pyproject.toml": LIBRARY.format(needs="fastapi"),
            "src/app/core/setup.py": "def make() -> FastAPI:\n    return FastAPI()\n",
            "src/app/main.py": "from .core.setup import make\n\napp = make()\n",
        },
        ".=fastapi",
    ),
    "django": ({"requirements.txt": "Django>=5\n", "manage.py": MANAGE}, ".=django"),
    "django whose settings the environment names": (
        {"requirements.txt": "django\n", "manage.py": MANAGE_BY_ENVIRONMENT},
        ".=django",
    ),
    "django with its code in src": (
        {"pyproject.toml": '[project]\ndependencies = ["django"]\n', "src/manage.py": MANAGE},
        ".=django",
    ),
    "django with pages of node below": (
        {"requirements.txt": "django\n", "manage.py": MANAGE, "frontend/package.json": package("next", scripts=START)},
        ".=django frontend=node",
    ),
    "express with a start": ({"package.json": package("express", scripts=START)}, ".=node"),
    "next": ({"package.json": package("next", "react", scripts={"start": "next start"})}, ".=node"),
    "nuxt among the packages for development": (
        {
            "package.json": package(
                devDependencies={"nuxt": "^3"},
                scripts={"build": "nuxt build", "start": "node .output/server/index.mjs"},
            )
        },
        ".=node",
    ),
    "rails with its packages of node": (
        RAILS | {"package.json": package("esbuild", scripts={"build": "esbuild"})},
        ".=rails",
    ),
    "go with its program in cmd": ({"go.mod": GO_MODULE, "cmd/shop/main.go": GO_MAIN}, ".=go"),
    "go with its program in cmd of another folder": (
        {
            "go.mod": GO_MODULE,
            "backend/cmd/migrate/main.go": "package main\n\nfunc main() {}\n",
            "backend/cmd/shop/main.go": GO_MAIN,
            "frontend/package.json": package(devDependencies={"vite": "^7"}, scripts={"build": "vite build"}),
            "frontend/index.html": "<p>",
        },
        ".=go frontend=node",
    ),
    "a server of node with a manifest that is no browser's": (
        {"package.json": package("express", scripts=START), "manifest.json": '{"manifest_version": "0.2"}'},
        ".=node",
    ),
    "laravel with its packages of node": (
        {
            "composer.json": LARAVEL,
            "artisan": "#!/usr/bin/env php\n",
            "package.json": package("vite", scripts={"build": "vite build"}),
        },
        ".=laravel",
    ),
    "spring by maven": ({"pom.xml": POM, "src/main/java/shop/ShopApplication.java": SPRING_MAIN}, ".=spring"),
    "spring by gradle": ({"build.gradle": GRADLE, "src/main/java/shop/ShopApplication.java": SPRING_MAIN}, ".=spring"),
    "spring in a package called demo": (
        {"pom.xml": POM, "src/main/java/com/example/demo/DemoApplication.java": SPRING_MAIN},
        ".=spring",
    ),
    "spring by gradle in kotlin, named in the catalogue": (
        {
            "build.gradle.kts": "plugins {\n    alias(libs.plugins.spring.boot)\n}\n",
            "gradle/libs.versions.toml": '[plugins]\nspring-boot = { id = "org.springframework.boot" }\n',
            "src/main/kotlin/shop/Application.kt": "@SpringBootApplication\nclass Application\n",
        },
        ".=spring",
    ),
    "spring beside its pages of node": (
        {
            "pom.xml": POM,
            "src/main/java/A.java": SPRING_MAIN,
            "package.json": package("webpack", scripts={"build": "webpack"}),
        },
        ".=spring",
    ),
    "the one project for the web of a solution": (
        {
            "Shop.sln": "",
            "src/Web/Web.csproj": WEB_PROJECT,
            "src/Core/Core.csproj": '<Project Sdk="Microsoft.NET.Sdk"/>',
        },
        "src/Web=dotnet",
    ),
    "a program with the framework for the web": (
        {
            "Shop.sln": "",
            "Server/Server.csproj": '<Project Sdk="Microsoft.NET.Sdk">'
            "<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>"
            '<ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App"/></ItemGroup></Project>',
        },
        "Server=dotnet",
    ),
    "dotnet with a Dockerfile in the root": (
        {"Shop.sln": "", "src/Web/Web.csproj": WEB_PROJECT, "Dockerfile": "FROM scratch\n"},
        "src/Web=dotnet .=docker",
    ),
    "pages": ({"index.html": "<p>hello</p>", "style.css": ""}, ".=static"),
    "flask with a Dockerfile": ({"requirements.txt": "flask\n", "Dockerfile": "FROM python\n"}, ".=docker"),
    "go without a module": ({"main.go": GO_MAIN, "Dockerfile": "FROM golang\n"}, ".=docker"),
    "rust with a Dockerfile": ({"Cargo.toml": "[package]\n", "Dockerfile": "FROM rust\n"}, ".=docker"),
    "fastapi with a Dockerfile": (
        {"requirements.txt": "fastapi\n", "main.py": FASTAPI, "Dockerfile": "FROM python\n"},
        ".=fastapi",
    ),
}

ASKED = {
    "fastapi without its object": ({"requirements.txt": "fastapi\n", "start.py": "app = None\n"}, ".=fastapi"),
    "fastapi that only a function makes": (
        {
            "pyproject.toml": LIBRARY.format(needs="fastapi"),
            "shop/main.py": "def make() -> FastAPI:\n    app = FastAPI()\n    return app\n",
            "Dockerfile": "FROM python\n",
        },
        ".=fastapi",
    ),
    "a backend and a frontend": (
        {
            "backend/requirements.txt": "fastapi\n",
            "backend/main.py": FASTAPI,
            "frontend/package.json": package("next", scripts=START),
        },
        "backend=fastapi frontend=node",
    ),
    "the members of a workspace": (
        {
            "package.json": package(workspaces=["apps/*", "packages/**"], scripts={"start": "turbo run start"}),
            "apps/web/package.json": package("next", scripts=START),
            "apps/api/package.json": package("@nestjs/core", scripts=START),
            "packages/a/ui/package.json": package("react", scripts={"test": "jest"}),
        },
        "apps/api=node apps/web=node",
    ),
    "pages that vite builds without a script": (
        {
            "backend/requirements.txt": "django\n",
            "backend/manage.py": MANAGE,
            "frontend/package.json": package("react", devDependencies={"vite": "^7"}),
            "frontend/vite.config.ts": "",
            "frontend/index.html": "<p>",
        },
        "backend=django frontend=node",
    ),
    "pages below a package that only calls others": (
        {
            "package.json": '{"name": "shop", "main": "index.js", "scripts": {"dev": "concurrently"}}',
            "back/requirements.txt": "fastapi\n",
            "back/main.py": FASTAPI,
            "front/package.json": package("react", devDependencies={"vite": "^7"}, scripts={"build": "vite build"}),
            "front/index.html": "<p>",
        },
        "back=fastapi front=node",
    ),
    "a workspace of python": (
        {
            "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi"]\n',
            "apps/orders/pyproject.toml": '[project]\nname = "orders"\ndependencies = ["fastapi"]\n',
            "apps/orders/main.py": FASTAPI,
            "apps/stock/pyproject.toml": '[project]\nname = "stock"\ndependencies = ["fastapi"]\n',
            "apps/stock/main.py": FASTAPI,
        },
        "apps/orders=fastapi apps/stock=fastapi",
    ),
    "pages below packages without a name": (
        {
            "package.json": '{"dependencies": {"react": "^19"}}',
            "docker/Dockerfile.backend": "FROM python\n",
            "frontend/package.json": package("react", devDependencies={"vite": "^7"}, scripts={"build": "vite build"}),
            "frontend/index.html": "<p>",
        },
        ".=docker frontend=node",
    ),
    "a framework of node that only its image starts": (
        {
            "api/package.json": package("@nestjs/core", scripts={"build": "tsc"}),
            "web/package.json": json.dumps({"dependencies": {"next": "^16"}, "scripts": {"build": "next build"}}),
        },
        "api=node web=node",
    ),
    "an application in the folder that its image is around": (
        {
            "services/php/Dockerfile": "FROM php\n",
            "services/php/src/artisan": "",
            "services/php/src/composer.json": LARAVEL,
        },
        "services/php/src=laravel services/php=docker",
    ),
    "a member of a workspace, and what is in another language": (
        {
            "package.json": package(workspaces=["apps/*"]),
            "apps/web/package.json": package("next", scripts=START),
            "apps/api/requirements.txt": "fastapi\n",
            "apps/api/main.py": FASTAPI,
        },
        "apps/api=fastapi apps/web=node",
    ),
    "a workspace of pnpm, deeper than two levels": (
        {
            "clients/package.json": package(),
            "clients/pnpm-workspace.yaml": "packages:\n  - apps/*\n",
            "clients/apps/web/package.json": package("next", scripts=START),
            "server/requirements.txt": "fastapi\n",
            "server/main.py": FASTAPI,
        },
        "server=fastapi clients/apps/web=node",
    ),
    "pages that a bundler builds": (
        {
            "package.json": package("react", devDependencies={"vite": "^7"}, scripts={"build": "vite build"}),
            "index.html": "<p>",
        },
        ".=node",
    ),
    "pages that webpack builds for production": (
        {
            "package.json": package(
                "react", devDependencies={"webpack-cli": "^5"}, scripts={"build:prod": "webpack --mode production"}
            ),
            "public/index.html": "<p>",
        },
        ".=node",
    ),
    "pages beside code that an image serves": (
        {"index.html": "<p>", "package.json": package(), "Dockerfile": "FROM php\n"},
        ".=docker .=static",
    ),
    "a service of node without a script": (
        {"package.json": '{"dependencies": {"@grpc/grpc-js": "^1"}}', "index.js": "", "Dockerfile": "FROM node\n"},
        ".=node .=docker",
    ),
    "a command in go": ({"go.mod": GO_MODULE, "main.go": "package main\n\nfunc main() {}\n"}, ".=go"),
    "pages of a generator": ({"_config.yml": "title: shop\n", "index.html": "---\n---\n"}, ".=static"),
    "pages without an index": ({"shop.html": "<p>", "shop.css": ""}, ".=static"),
    "an image of a library": ({"setup.py": "", "Dockerfile": "FROM python\n"}, ".=docker"),
    "a tool in a library of go": (
        {"go.mod": GO_MODULE, "shop.go": 'package shop\n\nimport "net/http"\n', "migrate/main.go": GO_MAIN},
        ".=go",
    ),
    "projects of a solution, deeper than two levels": (
        {
            "src/Shop.slnx": '<S><Project Path="Host/Api/Api.csproj"/><Project Path="Host/Web/Web.csproj"/></S>',
            "src/Host/Api/Api.csproj": WEB_PROJECT,
            "src/Host/Web/Web.csproj": WEB_PROJECT,
        },
        "src/Host/Api=dotnet src/Host/Web=dotnet",
    ),
    "a Dockerfile elsewhere": ({"Cargo.toml": "[package]\n", "docker/Dockerfile": "FROM rust\n"}, ".=docker"),
    "an image around an application below": (
        {"Dockerfile": "FROM python\n", "backend/requirements.txt": "django\n", "backend/manage.py": MANAGE},
        "backend=django .=docker",
    ),
}

NOTHING = {
    "nothing": ({}, []),
    "words": ({"README.md": "fastapi\n"}, []),
    "a comment": ({"requirements.txt": "# fastapi would be nice\nflask\n"}, ["python"]),
    "a package with a similar name": ({"requirements.txt": "fastapi-utils==1\n", "main.py": FASTAPI}, ["python"]),
    "a list for those who develop": (
        {"requirements-dev.txt": "fastapi\n", "setup.py": "", "main.py": FASTAPI},
        ["python"],
    ),
    "a list for the documentation": ({"requirements/docs.txt": "fastapi\n", "x.py": FASTAPI}, ["python"]),
    "a group for those who develop": (
        {"pyproject.toml": '[project]\nname = "x"\n[dependency-groups]\ndev = ["fastapi"]\n', "x.py": FASTAPI},
        ["python"],
    ),
    "fastapi itself": (
        {"pyproject.toml": '[project]\nname = "fastapi"\n[build-system]\n', "fastapi/applications.py": ""},
        ["python"],
    ),
    "a library for fastapi": (
        {
            "pyproject.toml": '[project]\nname = "users"\ndependencies = ["fastapi"]\n[build-system]\nrequires = []\n',
            "fastapi_users/router.py": "from fastapi import APIRouter\n",
            "examples/main.py": FASTAPI,
        },
        ["python"],
    ),
    "a library for django with its documentation": (
        {
            "pyproject.toml": '[project]\nname = "drf"\ndependencies = ["django"]\n[build-system]\n',
            "mkdocs.yml": "site_name: drf\n",
        },
        ["python"],
    ),
    "a library for django with a project to test it": ({"setup.py": "", "tests/manage.py": MANAGE}, ["python"]),
    "a library for django with a project that shows it": (
        {"pyproject.toml": LIBRARY.format(needs="django"), "manage.py": MANAGE.replace("shop", "demo")},
        ["python"],
    ),
    "the pages of a library in python": (
        {
            "pyproject.toml": LIBRARY.format(needs="flask"),
            "desk/package.json": package("vue", devDependencies={"vite": "^7"}, scripts={"build": "vite build"}),
            "desk/index.html": "<p>",
        },
        ["python", "javascript"],
    ),
    "what shows a library, and its tools": (
        {
            "pom.xml": "<project><artifactId>gson</artifactId></project>",
            "playground/package.json": package("next", scripts=START),
            "tools/keys/pom.xml": POM,
            "tools/keys/src/main/java/Keys.java": SPRING_MAIN,
        },
        ["java"],
    ),
    "what was unpacked into a folder of something else": (
        {"index.php": "<?php\n", "js/tree-master/package.json": package("express", scripts=START)},
        ["php"],
    ),
    "a library for fastapi that makes an object": (
        {"pyproject.toml": LIBRARY.format(needs="fastapi"), "shop/main.py": "def make():\n    return FastAPI()\n"},
        ["python"],
    ),
    "notebooks with an image to read them in": ({"a.ipynb": "{}", "docker/Dockerfile": "FROM jupyter\n"}, ["python"]),
    "examples of go that the go command leaves out": (
        {"go.mod": GO_MODULE, "chi.go": 'package chi\n\nimport "net/http"\n', "_examples/rest/main.go": GO_MAIN},
        ["go"],
    ),
    "packages that are bundled, not built into pages": (
        {"package.json": package(devDependencies={"vite": "^7"}, scripts={"build": "vite build"})},
        ["javascript"],
    ),
    "tools of go for something in python": ({"go.mod": GO_MODULE, "setup.py": ""}, ["python"]),
    "notebooks": ({"requirements.txt": "jupyter\n", "01_start.ipynb": "{}"}, ["python"]),
    "a package of node that others install": (
        {"package.json": '{"name": "got", "files": ["dist"], "dependencies": {"ws": "^8"}}', "index.js": ""},
        ["javascript"],
    ),
    "components of pages that others install": (
        {
            "package.json": '{"name": "ui", "module": "dist/index.js", "devDependencies": {"react-scripts": "^5"}, '
            '"scripts": {"build": "react-scripts build"}}',
        },
        ["javascript"],
    ),
    "an extension of a browser": (
        {
            "package.json": package(devDependencies={"@vue/cli-service": "^5"}, scripts={"build": "vue-cli-service"}),
            "src/manifest.json": '{"manifest_version": 3}',
        },
        ["javascript"],
    ),
    "an application for the desktop": (
        {
            "package.json": package("express", devDependencies={"electron": "^30"}, scripts=START),
            "src/page/index.html": "<p>",
        },
        ["javascript"],
    ),
    "what only develops with express": (
        {"package.json": package(devDependencies={"express": "^5"}, scripts={"test": "jest"})},
        ["javascript"],
    ),
    "a gem that is tested against rails": (
        {"Gemfile": 'gemspec\ngem "rails"\n', "devise.gemspec": "", "test/rails_app/config/application.rb": ""},
        ["ruby"],
    ),
    "rails among the gems for tests": (
        {"Gemfile": 'group :test do\n  gem "rails"\nend\n', "config/application.rb": "x\n"},
        ["ruby"],
    ),
    "a gem with pages in it": (
        {"Gemfile": "gemspec\n", "jekyll.gemspec": "", "lib/template/index.html": "<p>"},
        ["ruby"],
    ),
    "a module of go without a program": ({"go.mod": GO_MODULE, "shop.go": "package shop\n"}, ["go"]),
    "a program of go that is left out": (
        {"go.mod": GO_MODULE, "shop.go": "package shop\n", "make.go": "//go:build ignore\n\n" + GO_MAIN},
        ["go"],
    ),
    "a program of go that only tests": (
        {"go.mod": GO_MODULE, "shop.go": "package shop\n", "examples/main.go": GO_MAIN, "main_test.go": GO_MAIN},
        ["go"],
    ),
    "a package for laravel": ({"composer.json": '{"require": {"illuminate/support": "^12.0"}}'}, ["php"]),
    "symfony": (
        {"composer.json": '{"require": {"symfony/framework-bundle": "^7"}}', "public/index.php": "<?php\n"},
        ["php"],
    ),
    "java without spring": ({"pom.xml": "<project><artifactId>gson</artifactId></project>"}, ["java"]),
    "a library for spring": ({"pom.xml": POM, "src/main/java/A.java": "class A {}\n"}, ["java"]),
    "spring switched off in gradle": (
        {
            "build.gradle": "// id 'org.springframework.boot'\nplugins { id 'org.springframework.boot' apply false }\n",
            "src/main/java/A.java": SPRING_MAIN,
        },
        ["java"],
    ),
    "an application for android": (
        {"settings.gradle.kts": "", "gradle.properties": "android.useAndroidX=true\n"},
        ["java"],
    ),
    "a library for dotnet": ({"X.sln": "", "src/X/X.csproj": '<Project Sdk="Microsoft.NET.Sdk"/>'}, ["dotnet"]),
    "tests for the web": ({"X.sln": "", "Web.Tests/Web.Tests.csproj": WEB_PROJECT}, ["dotnet"]),
    "a game": ({"Game/Assets/Player.cs.meta": "", "Game/Assets/Player.cs": ""}, ["dotnet"]),
    "examples under a longer name": ({"pyproject.toml": "", "docker-example/Dockerfile": "FROM python\n"}, ["python"]),
    "applications of others": (
        {
            "vendor/shop/go.mod": GO_MODULE,
            "vendor/shop/main.go": GO_MAIN,
            "node_modules/x/package.json": package("express", scripts=START),
            "docs/package.json": package("next", scripts=START),
        },
        [],
    ),
}
