"""What keeps a first release from being built, from starting or from being reached, in words."""

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
        "variables": (
            "It does not start without these variables, which have no default: {names}",
            "Hand them over: bash scripts/secrets.sh production set NAME. Tests that read them know no .env: export "
            "them in scripts/test.sh.",
        ),
        "variables_server": (
            "It does not start without these variables, which have no default: {names}",
            "Hand them over: bash scripts/secrets.sh production set NAME. That is not seen from here: name them in "
            "server/compose.yml, if only in a comment, and this is told no more.",
        ),
        "variables_example": (
            "It does not start without these variables, which have no default: {names}",
            "Hand them over: bash scripts/secrets.sh production set NAME. Tests that read them know no .env: export "
            "in scripts/test.sh what {file} says.",
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
        "port_written_image": (
            "Port {port} is written into the code, and the image is asked at {asked}",
            "Answer application_port={port}, or change it there.",
        ),
        "port_default": (
            "It listens on port {port} unless PORT says otherwise, and is asked at {asked}",
            "Answer application_port={port}, or put ENV PORT={asked} into the Dockerfile.",
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
        "variables": (
            "Ohne diese Variablen startet sie nicht, und sie haben keinen Vorgabewert: {names}",
            "Übergebt sie: bash scripts/secrets.sh production set NAME. Tests, die sie lesen, kennen keine .env: "
            "exportiert sie in scripts/test.sh.",
        ),
        "variables_server": (
            "Ohne diese Variablen startet sie nicht, und sie haben keinen Vorgabewert: {names}",
            "Übergebt sie: bash scripts/secrets.sh production set NAME. Das ist von hier aus nicht zu sehen: nennt sie "
            "in server/compose.yml, und sei es in einem Kommentar, dann steht das hier nicht mehr.",
        ),
        "variables_example": (
            "Ohne diese Variablen startet sie nicht, und sie haben keinen Vorgabewert: {names}",
            "Übergebt sie: bash scripts/secrets.sh production set NAME. Tests, die sie lesen, kennen keine .env: "
            "exportiert in scripts/test.sh, was in {file} steht.",
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
        "port_written_image": (
            "Port {port} steht fest im Code, gefragt wird das Image auf {asked}",
            "Antwortet application_port={port}, oder ändert ihn dort.",
        ),
        "port_default": (
            "Sie lauscht auf Port {port}, wenn PORT nichts anderes sagt, gefragt wird sie auf {asked}",
            "Antwortet application_port={port}, oder schreibt ENV PORT={asked} in das Dockerfile.",
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
    },
}
