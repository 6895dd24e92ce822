"""What is suggested, in words: one headline each, and what to do, in English and German."""

from collections.abc import Mapping, Sequence
from typing import Any

from richtfest.adopt.suggestion import Suggestion

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "pinned_offered": (
            "{pinned} is pinned, and {taken} was taken",
            "Answer {question}={offered}, or change it there.",
        ),
        "pinned": (
            "{pinned} is pinned, and image and tests take {taken}",
            "Change it to what can be chosen ({question}: {offered}); or keep it, with a Dockerfile of your own and "
            "stack=docker.",
        ),
        "pinned_tests": (
            "{pinned} is pinned, and the tests take {taken}",
            "Change it to what can be chosen ({question}: {offered}); or answer stack=docker and test as you like.",
        ),
        "lock_needed": (
            "There is no {lock}, and the image cannot be built without one",
            "Make it with `{command}` and commit it.",
        ),
        "server_missing": (
            "{server} is not among the dependencies, and the image starts it",
            "Add {server} to them.",
        ),
        "lock_platform": (
            "The lock file does not name the platform {platform}, and Bundler stops in the image",
            "Run `{command}` and commit it.",
        ),
        "ruby_exact": (
            "Bundler wants Ruby {pinned} to the last digit, and the image has the newest {short}",
            'Write ruby "~> {short}.0" into the Gemfile.',
        ),
        "extensions": (
            "The image does not install what is required of PHP: {names}",
            "Write a Dockerfile of your own that does, beginning with the generated one, and answer "
            "own_dockerfile=true.",
        ),
        "node_build": (
            "The image has no Node, which the assets are built with",
            "Write a Dockerfile of your own that has it, beginning with the generated one, and answer "
            "own_dockerfile=true.",
        ),
        "node_build_kept": (
            "The image has no Node, and git does not keep what it builds ({folder})",
            "Let git keep {folder}; or write a Dockerfile of your own that builds it, beginning with the generated "
            "one, and answer own_dockerfile=true.",
        ),
        "loopback": (
            "It listens on {address}, where only its own container reaches it",
            "Let it listen on 0.0.0.0, port {port}.",
        ),
        "loopback_default": (
            "{program} listens on 127.0.0.1 unless it is told, where only its own container reaches it",
            "Add --host 0.0.0.0 (port {port}).",
        ),
        "port_low": (
            "It listens on port {port}, and is asked at {asked}",
            "Ports below 1024 are not for programs without rights: let it listen on {asked}.",
        ),
        "port_low_exposed": (
            "The image names port {port}, and is asked at {asked}",
            "Ports below 1024 are not for programs without rights: let it listen on {asked}.",
        ),
        "port_other": (
            "The image names port {port}, and is asked at {asked}",
            "Answer application_port={port}, or change the image.",
        ),
        "port_written": (
            "Port {port} is written into the code, and the application is asked at {asked}",
            "Answer application_port={port}, or read the variable PORT.",
        ),
        "hosts": (
            "It answers to the names in its settings only, and a release asks by others",
            "Add {wanted} to them, or read them from a variable of the environment.",
        ),
        "health_elsewhere": (
            "{path} seems to tell the health, and a release asks {asked}",
            "Answer health_path={path}.",
        ),
        "health_maybe": (
            "Is {path} the health check? A prefix, or a login, may stand before it",
            "If it answers 200 to everybody: health_path=… with its whole path. Now a release asks {asked}.",
        ),
        "health_missing": (
            "No health check was found in the code: a release asks {asked}, which must answer 200 to 399",
            "Add one that says whether it can serve, and answer health_path={path}:",
        ),
        "health_unknown": (
            "Which path tells the health? A release asks {asked}, which must answer 200 to 399",
            "A better one is an answer: health_path=/…",
        ),
        "database_none": (
            "It speaks to {database}, and none was ordered",
            "Answer database={database} for one on the server; or hand it the address of yours: "
            "bash scripts/secrets.sh production set DATABASE_URL",
        ),
        "database_started": (
            "Compose starts {database} here, and none was ordered",
            "Answer database={database} for one on the server; or hand it the address of yours: "
            "bash scripts/secrets.sh production set DATABASE_URL",
        ),
        "database_one_of": (
            "Does it use {database} in production? It can speak to {others}, too; none was ordered",
            "Answer database={database} for one on the server; or hand it the address of yours: "
            "bash scripts/secrets.sh production set DATABASE_URL",
        ),
        "database_other": (
            "It speaks to {database}, which the server does not run",
            "Run it elsewhere, and hand over its address: bash scripts/secrets.sh production set NAME",
        ),
        "database_other_started": (
            "Compose starts {database} here, which the server does not run",
            "Run it elsewhere, and hand over its address: bash scripts/secrets.sh production set NAME",
        ),
        "services": (
            "Compose starts {names} here, the server does not",
            "If production needs it: a service of its own in server/compose.yml, or one that is run for you.",
        ),
        "workers": (
            "These work beside the web application, and the server does not start them yet: {names}",
            'Add them to server/compose.yml: docs/operations.md, "Workers, and a database".',
        ),
        "migrations": (
            "There are migrations, and nothing was found that runs them",
            'Add the service migrate to server/compose.yml: docs/operations.md, "Workers, and a database".',
        ),
        "settings_differ": (
            "Migrations would run with {commands}, while the server takes {server}",
            "Put {variable} on the service migrate in server/compose.yml:",
        ),
        "sqlite": (
            "Its only database is SQLite: a file in the container is gone with the next release",
            "Move to PostgreSQL (database=postgres), or keep the file on a volume in server/compose.yml.",
        ),
        "uploads": (
            "Are uploaded files written to the disk? In the container they are gone with the next release",
            "Put them into object storage, or on a volume in server/compose.yml.",
        ),
        "secrets": (
            "These look like secrets, and git has them or would take them: {names}",
            "`git rm --cached {file}`, name it in .gitignore, take new secrets, and hand them over: "
            "bash scripts/secrets.sh production set NAME",
        ),
        "root_named": ("The image runs as root", "End the Dockerfile with USER 10001:10001."),
        "root": (
            "No USER in the Dockerfile: does the image run as root?",
            "Before CMD: USER 10001:10001. It may write to /tmp only.",
        ),
        "latest": (
            "{image} names no version: each build may take another image",
            "Name a version, best with its digest: FROM name:1.2@sha256:…",
        ),
        "dockerignore": (
            "No .dockerignore, and COPY takes the whole folder: .git and .env go into the image, too",
            "Write one, such as:",
        ),
        "workflows_deploy": (
            "Your own workflows release, too ({names})",
            "Take that out of them before the first push to main, or it is released twice.",
        ),
        "workflows": (
            "Your own workflows are still there ({names})",
            "See that nothing is released or tested twice.",
        ),
        "tests": (
            "No tests were found",
            "The pipeline warns of that and goes on. One that asks the health check is a good first one.",
        ),
        "lock_missing": (
            "No lock file: each build takes the versions that are newest that day",
            "Make {lock} with `{command}` and commit it.",
        ),
        "figures_found": (
            "It seems to offer figures at {path}, and Prometheus does not fetch them",
            "Answer metrics_path={path}; the edge then hides them from visitors.",
        ),
        "figures_missing": (
            "No figures of its own; latency, traffic and errors are measured without them",
            'When you want some: docs/application.md, "Figures of its own".',
        ),
        "title": ("Suggested changes, what would fail first at the top", ""),
        "of": ("Suggested changes in {folder}, what would fail first at the top", ""),
        "later": ("Answers are given with -d name=value: to richtfest new, and afterwards to richtfest update. "
                  "`richtfest detect` shows what is left.", ""),
        "each": ("What else they lack: `richtfest detect` in the folder of one of them", ""),
    },
    "de": {
        "pinned_offered": (
            "{pinned} ist festgelegt, genommen wurde {taken}",
            "Antwortet {question}={offered}, oder ändert es dort.",
        ),
        "pinned": (
            "{pinned} ist festgelegt, Image und Tests nehmen {taken}",
            "Ändert es auf etwas, das zur Wahl steht ({question}: {offered}); oder behaltet es, mit eigenem "
            "Dockerfile und stack=docker.",
        ),
        "pinned_tests": (
            "{pinned} ist festgelegt, die Tests nehmen {taken}",
            "Ändert es auf etwas, das zur Wahl steht ({question}: {offered}); oder antwortet stack=docker und "
            "testet, wie ihr wollt.",
        ),
        "lock_needed": (
            "{lock} fehlt, und ohne sie lässt sich das Image nicht bauen",
            "Legt sie mit `{command}` an und committet sie.",
        ),
        "server_missing": (
            "{server} ist keine Abhängigkeit, wird aber vom Image gestartet",
            "Nehmt {server} in die Abhängigkeiten auf.",
        ),
        "lock_platform": (
            "Die Lock-Datei nennt die Plattform {platform} nicht, und Bundler hält im Image an",
            "Führt `{command}` aus und committet sie.",
        ),
        "ruby_exact": (
            "Bundler verlangt Ruby {pinned} bis zur letzten Stelle, das Image hat das neueste {short}",
            'Schreibt ruby "~> {short}.0" in das Gemfile.',
        ),
        "extensions": (
            "Das Image installiert nicht, was von PHP verlangt wird: {names}",
            "Schreibt ein eigenes Dockerfile, das es tut, am besten aus dem erzeugten, und antwortet "
            "own_dockerfile=true.",
        ),
        "node_build": (
            "Das Image hat kein Node, mit dem die Assets gebaut werden",
            "Schreibt ein eigenes Dockerfile, das es hat, am besten aus dem erzeugten, und antwortet "
            "own_dockerfile=true.",
        ),
        "node_build_kept": (
            "Das Image hat kein Node, und git behält nicht, was es baut ({folder})",
            "Lasst git {folder} behalten; oder schreibt ein eigenes Dockerfile, das es baut, am besten aus dem "
            "erzeugten, und antwortet own_dockerfile=true.",
        ),
        "loopback": (
            "Sie lauscht auf {address}, wo nur ihr eigener Container sie erreicht",
            "Lasst sie auf 0.0.0.0 lauschen, Port {port}.",
        ),
        "loopback_default": (
            "{program} lauscht ohne Angabe auf 127.0.0.1, wo es nur sein eigener Container erreicht",
            "Ergänzt --host 0.0.0.0 (Port {port}).",
        ),
        "port_low": (
            "Sie lauscht auf Port {port}, gefragt wird sie auf {asked}",
            "Ports unter 1024 sind nichts für Programme ohne Rechte: lasst sie auf {asked} lauschen.",
        ),
        "port_low_exposed": (
            "Das Image nennt Port {port}, gefragt wird es auf {asked}",
            "Ports unter 1024 sind nichts für Programme ohne Rechte: lasst es auf {asked} lauschen.",
        ),
        "port_other": (
            "Das Image nennt Port {port}, gefragt wird es auf {asked}",
            "Antwortet application_port={port}, oder ändert das Image.",
        ),
        "port_written": (
            "Port {port} steht fest im Code, gefragt wird die Anwendung auf {asked}",
            "Antwortet application_port={port}, oder lest die Variable PORT.",
        ),
        "hosts": (
            "Sie antwortet nur auf die Namen in ihren Settings, und ein Release fragt unter anderen",
            "Ergänzt dort {wanted}, oder lest sie aus einer Variablen der Umgebung.",
        ),
        "health_elsewhere": (
            "{path} scheint zu sagen, ob sie gesund ist; ein Release fragt {asked}",
            "Antwortet health_path={path}.",
        ),
        "health_maybe": (
            "Ist {path} die Prüfung der Gesundheit? Davor kann noch ein Präfix oder eine Anmeldung stehen",
            "Wenn sie allen mit 200 antwortet: health_path=… mit ganzem Pfad. Jetzt fragt ein Release {asked}.",
        ),
        "health_missing": (
            "Keine Prüfung der Gesundheit im Code gefunden: ein Release fragt {asked}, dort muss 200 bis 399 kommen",
            "Ergänzt eine, die sagt, ob die Anwendung arbeiten kann, und antwortet health_path={path}:",
        ),
        "health_unknown": (
            "Welcher Pfad sagt, ob sie gesund ist? Ein Release fragt {asked}, dort muss 200 bis 399 kommen",
            "Ein besserer ist eine Antwort: health_path=/…",
        ),
        "database_none": (
            "Sie spricht mit {database}, bestellt ist keine",
            "Antwortet database={database} für eine auf dem Server; oder gebt ihr die Adresse eurer eigenen: "
            "bash scripts/secrets.sh production set DATABASE_URL",
        ),
        "database_started": (
            "Compose startet hier {database}, bestellt ist keine",
            "Antwortet database={database} für eine auf dem Server; oder gebt ihr die Adresse eurer eigenen: "
            "bash scripts/secrets.sh production set DATABASE_URL",
        ),
        "database_one_of": (
            "Nimmt sie in der Produktion {database}? Sie kann auch {others}; bestellt ist keine",
            "Antwortet database={database} für eine auf dem Server; oder gebt ihr die Adresse eurer eigenen: "
            "bash scripts/secrets.sh production set DATABASE_URL",
        ),
        "database_other": (
            "Sie spricht mit {database}, das der Server nicht betreibt",
            "Betreibt es anderswo, und übergebt die Adresse: bash scripts/secrets.sh production set NAME",
        ),
        "database_other_started": (
            "Compose startet hier {database}, das der Server nicht betreibt",
            "Betreibt es anderswo, und übergebt die Adresse: bash scripts/secrets.sh production set NAME",
        ),
        "services": (
            "Compose startet hier {names}, der Server nicht",
            "Wenn die Produktion das braucht: ein eigener Dienst in server/compose.yml, oder gemietet.",
        ),
        "workers": (
            "Das arbeitet neben der Webanwendung, und der Server startet es noch nicht: {names}",
            'Nehmt es in server/compose.yml auf: docs/operations.md, "Worker und eine Datenbank".',
        ),
        "migrations": (
            "Es gibt Migrationen, aber nichts gefunden, das sie ausführt",
            'Nehmt den Dienst migrate in server/compose.yml auf: docs/operations.md, "Worker und eine Datenbank".',
        ),
        "settings_differ": (
            "Migrationen liefen mit {commands}, der Server aber nimmt {server}",
            "Gebt dem Dienst migrate in server/compose.yml die Variable {variable}:",
        ),
        "sqlite": (
            "Ihre einzige Datenbank ist SQLite: eine Datei im Container ist mit dem nächsten Release weg",
            "Wechselt zu PostgreSQL (database=postgres), oder legt die Datei auf ein Volume in server/compose.yml.",
        ),
        "uploads": (
            "Werden Uploads auf die Platte geschrieben? Im Container sind sie mit dem nächsten Release weg",
            "Legt sie in einen Object Storage, oder auf ein Volume in server/compose.yml.",
        ),
        "secrets": (
            "Das sieht nach Geheimnissen aus, und git hat sie oder nähme sie auf: {names}",
            "`git rm --cached {file}`, tragt es in .gitignore ein, nehmt neue Geheimnisse und übergebt sie: "
            "bash scripts/secrets.sh production set NAME",
        ),
        "root_named": ("Das Image läuft als root", "Beendet das Dockerfile mit USER 10001:10001."),
        "root": (
            "Kein USER im Dockerfile: läuft das Image als root?",
            "Vor CMD: USER 10001:10001. Schreiben darf es nur nach /tmp.",
        ),
        "latest": (
            "{image} nennt keine Version: jeder Bau kann ein anderes Image nehmen",
            "Nennt eine Version, am besten mit Digest: FROM name:1.2@sha256:…",
        ),
        "dockerignore": (
            "Keine .dockerignore, und COPY nimmt den ganzen Ordner: auch .git und .env landen im Image",
            "Legt eine an, zum Beispiel:",
        ),
        "workflows_deploy": (
            "Auch eure eigenen Workflows veröffentlichen ({names})",
            "Nehmt das vor dem ersten Push auf main heraus, sonst läuft es doppelt.",
        ),
        "workflows": (
            "Eure eigenen Workflows sind noch da ({names})",
            "Achtet darauf, dass nichts doppelt läuft.",
        ),
        "tests": (
            "Es wurden keine Tests gefunden",
            "Die Pipeline warnt davor und macht weiter. Ein guter erster fragt die Prüfung der Gesundheit ab.",
        ),
        "lock_missing": (
            "Keine Lock-Datei: jeder Bau nimmt die Versionen, die an dem Tag die neuesten sind",
            "Legt {lock} mit `{command}` an und committet sie.",
        ),
        "figures_found": (
            "Unter {path} scheint sie Werte anzubieten, und Prometheus holt sie nicht",
            "Antwortet metrics_path={path}; vor Besuchern werden sie dann verborgen.",
        ),
        "figures_missing": (
            "Keine eigenen Werte; Latenz, Verkehr und Fehler werden auch so gemessen",
            'Wenn ihr welche wollt: docs/application.md, "Eigene Werte".',
        ),
        "title": ("Vorgeschlagene Änderungen; oben steht, was zuerst scheitern würde", ""),
        "of": ("Vorgeschlagene Änderungen in {folder}; oben steht, was zuerst scheitern würde", ""),
        "later": ("Antworten gebt ihr mit -d name=wert: bei richtfest new, danach bei richtfest update. "
                  "`richtfest detect` zeigt, was noch offen ist.", ""),
        "each": ("Was ihnen sonst fehlt: `richtfest detect` im Ordner einer von ihnen", ""),
    },
}  # fmt: skip


def tell(suggestions: Sequence[Suggestion], language: str, folder: str = ".") -> list[str]:
    """The section of a report: a headline with its place, and indented what to do; empty when all is well."""
    if not suggestions:
        return []
    told = WORDS[language]
    title = told["title"][0] if folder == "." else told["of"][0].format(folder=folder)
    lines = [f"{title}:"]
    for suggestion in suggestions:
        headline, todo = sentences(suggestion, language)
        lines += [f"- {headline}", f"    {todo}"]
        lines += [f"      {line}".rstrip() for line in suggestion.code.splitlines()]
    return [*lines, told["later"][0]]


def sentences(suggestion: Suggestion, language: str) -> tuple[str, str]:
    """The headline, with the place behind it, and what to do."""
    headline, todo = (text.format(**suggestion.values) for text in WORDS[language][suggestion.kind])
    return (f"{headline} ({suggestion.why})" if suggestion.why else headline), todo


def as_list(suggestions: list[Suggestion], language: str = "en") -> list[dict[str, Any]]:
    """For a program."""
    told = [(suggestion, sentences(suggestion, language)) for suggestion in suggestions]
    return [_as_dict(suggestion, *texts) for suggestion, texts in told]


def _as_dict(suggestion: Suggestion, headline: str, todo: str) -> Mapping[str, Any]:
    return {
        "kind": suggestion.kind,
        "where": str(suggestion.why or ""),
        "values": dict(suggestion.values),
        "headline": headline,
        "todo": todo,
        "code": suggestion.code,
    }
