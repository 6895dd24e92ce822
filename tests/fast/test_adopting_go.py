"""Applications in Go that are adopted: routes of the usual routers, ports, programs, migrations, images."""

import pytest

from richtfest.adopt import words
from richtfest.detect import of_tree, offer
from richtfest.detect.tree import Tree
from tests.fast.adopted import GO, suggestions
from tests.fast.trees import GO_MAIN, GO_MODULE, plant

MODULE = {"go.mod": GO_MODULE}


def program(*lines: str, imports: str = "net/http") -> dict[str, str]:
    """A module with one program."""
    body = "\n".join(f"\t{line}" for line in lines)
    return MODULE | {"main.go": f'package main\n\nimport "{imports}"\n\nfunc main() {{\n{body}\n}}\n'}


ROUTES = {
    "net/http": (program('http.HandleFunc("/healthz", health)'), "/healthz", True),
    "net/http, with a method": (
        program("mux := http.NewServeMux()", 'mux.Handle("GET /healthz", health)'), "/healthz", True),
    "net/http, nothing below it": (
        program("mux := http.NewServeMux()", 'mux.HandleFunc("GET /health/{$}", health)'), "/health/", True),
    "chi": (program("r := chi.NewRouter()", 'r.Get("/healthz", health)'), "/healthz", True),
    "chi, by its method": (
        program("r := chi.NewRouter()", 'r.Method(http.MethodGet, "/healthz", health)'), "/healthz", True),
    "chi, by what it brings": (
        program("r := chi.NewRouter()", 'r.Use(middleware.Heartbeat("/ping"))'), "/ping", True),
    "chi, below a path": (
        program("r := chi.NewRouter()", 'r.Route("/api", func(r chi.Router) {', 'r.Get("/healthz", health)', "})"),
        "/healthz", False),
    "gin": (program("r := gin.Default()", 'r.GET("/healthz", health)'), "/healthz", True),
    "gin, in a group": (
        program("r := gin.New()", 'api := r.Group("/api")', 'v1 := api.Group("/v1")', 'v1.GET("/health", health)'),
        "/api/v1/health", True),
    "gin, in a group of what is made elsewhere": (
        program('api := r.Group("/api")', 'api.GET("/health", health)'), "/api/health", False),
    "gin, as a part of something": (
        program("s := &Server{router: gin.New()}", 's.router.GET("/healthz", health)'), "/healthz", True),
    "echo": (program("e := echo.New()", 'e.GET("/healthz", health)'), "/healthz", True),
    "fiber": (program("app := fiber.New()", 'app.Get("/healthz", health)'), "/healthz", True),
    "fiber, by what it brings": (program("app := fiber.New()", "app.Use(healthcheck.New())"), "/readyz", True),
    "fiber 3, by what it brings": (
        program("app := fiber.New()", "app.Get(healthcheck.LivenessEndpoint, healthcheck.New())"), "/livez", True),
    "gorilla": (
        program("r := mux.NewRouter()", 'r.HandleFunc("/healthz", health).Methods("GET")'), "/healthz", True),
    "gorilla, by its path": (
        program("r := mux.NewRouter()", 'r.Methods("GET").Path("/healthz").HandlerFunc(health)'), "/healthz", True),
    "gorilla, in a group": (
        program("r := mux.NewRouter()", 'api := r.PathPrefix("/api").Subrouter()', 'api.HandleFunc("/health", health)'),
        "/api/health", True),
}  # fmt: skip
"""How the usual routers are told of a path, and whether it is certainly answered there."""


@pytest.mark.parametrize(("files", "path", "sure"), ROUTES.values(), ids=ROUTES)
def test_the_health_check_of_every_usual_router_is_found(tmp_path, files, path, sure):
    found = of_tree(Tree(plant(tmp_path, files))).applications[0]
    assert offer.answers(found).get("health_path") == (path if sure else None)
    told = suggestions(tmp_path, {}, health_path="/other")
    assert told["health_elsewhere" if sure else "health_maybe"].values["path"] == path


def test_what_a_client_asks_of_others_is_no_route(tmp_path):
    assert "health_missing" in suggestions(tmp_path, program('answer, err := client.Get("/healthz")'))


SERVE = 'http.ListenAndServe(":"+port, nil)'
OTHERWISE = 'if port == "" {\n\t\tport = "8080"\n\t}'
IMAGE = "FROM golang:1.26 AS build\nFROM gcr.io/distroless/static:nonroot\n"
PORTS = {
    "written out": (program('http.ListenAndServe(":8080", nil)'), "port_written_image"),
    "in a name": (program('addr := ":8080"', "http.ListenAndServe(addr, nil)"), "port_written_image"),
    "in a name, for a server": (program('const addr = ":8080"', "s := http.Server{Addr: addr}"), "port_written_image"),
    "by default": (program('port := os.Getenv("PORT")', OTHERWISE, SERVE), "port_default"),
    "by default, on one line": (program('port := cmp.Or(os.Getenv("PORT"), "8080")', SERVE), "port_default"),
    "by default, by a function": (program('port := getEnv("PORT", "8080")', SERVE), "port_default"),
    "by default, in a tag": (program('c := struct{Port int `env:"PORT" envDefault:"8080"`}{}', SERVE), "port_default"),
    "by default, of viper": (program('viper.SetDefault("PORT", 8080)', SERVE), "port_default"),
    "by a flag": (program('addr := flag.String("addr", ":8080", "")', "http.ListenAndServe(*addr, nil)"), None),
    "by default, and it is asked there": (program('port := cmp.Or(os.Getenv("PORT"), "8000")', SERVE), None),
    "the default of another variable": (program('mail := cmp.Or(os.Getenv("MAIL_PORT"), "8080")', SERVE), None),
}  # fmt: skip


@pytest.mark.parametrize(("files", "kind"), PORTS.values(), ids=PORTS)
def test_another_port_than_the_image_is_asked_at_is_told(tmp_path, files, kind):
    told = suggestions(tmp_path, files | {"Dockerfile": IMAGE}, application_port=8000)
    assert {one for one in told if one.startswith("port")} == ({kind} if kind else set())
    assert not kind or (told[kind].values["port"], told[kind].why.file) == ("8080", "main.go")


@pytest.mark.parametrize("line", ["EXPOSE 8000", "ENV PORT=8000", 'CMD ["/shop", "-addr", ":8000"]'])
def test_what_the_image_says_of_its_port_counts_more_than_the_code(tmp_path, line):
    for number, (files, _) in enumerate(PORTS.values()):
        told = suggestions(tmp_path / str(number), files | {"Dockerfile": f"{IMAGE}{line}\n"}, application_port=8000)
        assert not [one for one in told if one.startswith("port")]


def test_the_generated_image_sets_the_port(tmp_path):
    files, _ = PORTS["by default"]
    assert not [one for one in suggestions(tmp_path, files, application_port=8000) if one.startswith("port")]


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("FROM scratch", True),
        ("FROM gcr.io/distroless/static-debian12", True),
        ("FROM gcr.io/distroless/static-debian12:nonroot", False),
        ("FROM gcr.io/distroless/base:debug-nonroot", False),
        ("FROM cgr.dev/chainguard/static", False),
        ("FROM scratch\nUSER 10001", False),
        ("FROM scratch\nUSER nobody:nobody", False),
    ],
)
def test_an_image_of_nothing_but_the_program_runs_as_root_too(tmp_path, last, told):
    image = f"FROM golang:1.26 AS build\nUSER 1000\n{last}\nCOPY --from=build /shop /shop\n"
    assert ("root" in suggestions(tmp_path, program("serve()") | {"Dockerfile": image})) == told


QUIET = "package main\n\nfunc main() {}\n"
WAITS = 'package main\n\nimport "os/signal"\n\nfunc main() {\n\tsignal.NotifyContext(nil, nil)\n}\n'
PROGRAMS = MODULE | {
    "cmd/shop/main.go": GO_MAIN, "cmd/mail-worker/main.go": QUIET, "cmd/ingest/main.go": WAITS,
    "cmd/seed/main.go": WAITS, "cmd/report/main.go": QUIET, "tools/worker/main.go": QUIET,
}  # fmt: skip


def test_programs_that_work_beside_the_web_application_are_named_and_tools_are_not(tmp_path):
    told = suggestions(tmp_path, PROGRAMS)["workers_unbuilt"]
    assert told.values["names"] == "ingest, mail-worker"
    assert told.why.file.startswith("cmd/")
    other = suggestions(tmp_path, {}, go_package="./cmd/ingest")["workers_unbuilt"]
    assert other.values["names"] == "shop, mail-worker"
    assert "workers_unbuilt" not in suggestions(tmp_path, {"Dockerfile": "FROM scratch\nUSER 1\n"})
    assert "mail-worker" in suggestions(tmp_path, {})["workers"].values["names"]


def test_one_program_has_nothing_beside_it(tmp_path):
    assert not [kind for kind in suggestions(tmp_path, program("serve()")) if kind.startswith("workers")]


CHANGE = "CREATE TABLE a (b int);\n"
MIGRATIONS = {
    "golang-migrate": {"internal/db/migrations/000001_a.up.sql": CHANGE},
    "goose": {"migrations/00001_a.sql": f"-- +goose Up\n{CHANGE}"},
    "dbmate": {"db/migrations/1_a.sql": f"-- migrate:up\n{CHANGE}"},
    "atlas": {"migrations/1_a.sql": CHANGE, "migrations/atlas.sum": "h1:x\n"},
    "tern": {"migrations/001_a.sql": f"{CHANGE}---- create above / drop below ----\nDROP TABLE a;\n"},
}


@pytest.mark.parametrize("files", MIGRATIONS.values(), ids=MIGRATIONS)
def test_migrations_of_every_usual_tool_are_found(tmp_path, files):
    told = suggestions(tmp_path, program("serve()") | files)["migrations_two_ways"]
    assert told.why.file == next(iter(files))
    assert "migrations_two_ways" not in suggestions(tmp_path, {"server/compose.yml": "services:\n  migrate: {}\n"})


def test_both_ways_to_migrate_are_told_where_no_command_is_known(tmp_path):
    told = suggestions(tmp_path, program("serve()") | MIGRATIONS["goose"])["migrations_two_ways"]
    for language, ways in {"en": ("files embedded", "brings it"), "de": ("eingebetteten", "mitbringt")}.items():
        assert all(way in words.sentences(told, language)[1] for way in (*ways, "goose", "own_dockerfile=true"))


def test_statements_that_are_no_migrations_are_not_called_so(tmp_path):
    assert "migrations_two_ways" not in suggestions(
        tmp_path, program("serve()") | {"internal/db/query.sql": "SELECT 1;\n"}
    )


def test_a_program_that_migrates_by_itself_is_a_question(tmp_path):
    code = program("goose.Up(db, folder)", imports="github.com/pressly/goose/v3")
    told = suggestions(tmp_path, code | MIGRATIONS["goose"])
    assert str(told["migrations_in_code"].why) == "main.go:6 goose.Up(db, folder)"
    assert not {"migrations", "migrations_two_ways"} & told.keys()
    embedded = 'package main\n\nimport _ "embed"\n\n//go:embed migrations/*.sql\nvar files embed.FS\n'
    told = suggestions(tmp_path, program("serve()") | {"files.go": embedded})
    assert str(told["migrations_in_code"].why) == "files.go:5 //go:embed migrations/*.sql"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('if len(os.Args) > 1 && os.Args[1] == "migrate" { goose.Up(db, folder) }', "command: [/application, migrate]"),
        ('if os.Getenv("RUN_MIGRATIONS") != "" { goose.Up(db, folder) }', ""),
    ],
)
def test_a_program_that_migrates_when_it_is_asked_to_is_told_to_be_asked_by_the_service(tmp_path, line, code):
    files = program(line, imports="github.com/pressly/goose/v3") | MIGRATIONS["goose"]
    assert suggestions(tmp_path, files)["migrations" if code else "migrations_two_ways"].code == code


def test_a_program_of_its_own_that_migrates_is_what_the_server_does_not_start(tmp_path):
    migrate = QUIET + "// pressly/goose\nvar _ = goose.Up(nil, nil)\n"
    files = MODULE | MIGRATIONS["goose"] | {"cmd/shop/main.go": GO_MAIN, "cmd/migrate/main.go": migrate}
    told = suggestions(tmp_path, files)["migrations_elsewhere"]
    assert told.why.file == "cmd/migrate/main.go"


def test_a_script_of_the_image_that_calls_a_tool_migrates_at_the_start(tmp_path):
    script = '#!/bin/sh\nmigrate -path /migrations -database "$DATABASE_URL" up\nexec /shop\n'
    files = program("serve()") | MIGRATIONS["golang-migrate"] | {
        "entrypoint.sh": script, "Dockerfile": 'FROM alpine:3.22\nUSER 1\nENTRYPOINT ["/entrypoint.sh"]\n'}  # fmt: skip
    assert suggestions(tmp_path, files)["migrations_at_start"].why.line == 2


def test_figures_of_go_are_still_found_behind_a_group(tmp_path):
    files = MODULE | {"main.go": GO % '\tops := mux.Group("/ops")\n\tops.Handle("/metrics", promhttp.Handler())'}
    assert suggestions(tmp_path, files)["figures_found"].values["path"] == "/ops/metrics"
