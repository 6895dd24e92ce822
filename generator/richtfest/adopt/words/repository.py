"""What the repository and the image of an application should have, in words."""

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "secrets": (
            "These look like secrets, and git has them or would take them: {names}",
            "`git rm --cached {file}`, name it in .gitignore, take new secrets, and hand them over: "
            "bash scripts/secrets.sh production set NAME",
        ),
        "ignoring": (
            "Your .gitignore is kept, and lets git take what must never be committed or is only left behind",
            "Add to {file}, the most dangerous first:",
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
    },
    "de": {
        "secrets": (
            "Das sieht nach Geheimnissen aus, und git hat sie oder nähme sie auf: {names}",
            "`git rm --cached {file}`, tragt es in .gitignore ein, nehmt neue Geheimnisse und übergebt sie: "
            "bash scripts/secrets.sh production set NAME",
        ),
        "ignoring": (
            "Eure .gitignore bleibt, und git nähme auf, was nie committet werden darf oder nur übrig bleibt",
            "Ergänzt in {file}, das Gefährlichste zuerst:",
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
    },
}
