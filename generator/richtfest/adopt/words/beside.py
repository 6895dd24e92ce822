"""What an application needs beside itself, and what a release would lose or run twice, in words."""

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
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
        "workers_unbuilt": (
            "These are programs beside the web application, and neither image nor server has them yet: {names}",
            "Write a Dockerfile of your own that builds them, too, beginning with the generated one, answer "
            "own_dockerfile=true, and add them to server/compose.yml: docs/operations.md, "
            '"Workers, and a database".',
        ),
        "migrations": (
            "There are migrations, and nothing was found that runs them",
            'Add the service migrate to server/compose.yml: docs/operations.md, "Workers, and a database".',
        ),
        "migrations_two_ways": (
            "There are migrations, and nothing was found that runs them",
            'Add the service migrate to server/compose.yml: docs/operations.md, "Workers, and a database". Two '
            "commands can do it: one of the program, with the files embedded; or that of their tool, such as goose, "
            "from a Dockerfile of your own that brings it and the files (own_dockerfile=true).",
        ),
        "migrations_elsewhere": (
            "What runs the migrations today is nothing that the server starts",
            'Add the service migrate to server/compose.yml: docs/operations.md, "Workers, and a database".',
        ),
        "migrations_at_start": (
            "Every container runs the migrations when it starts, also two at the same time",
            "Move that into the service migrate in server/compose.yml, which runs once per release and before it "
            'serves: docs/operations.md, "Workers, and a database". Delete it from the start: an ENTRYPOINT runs '
            "before the command of a service, too, and would migrate twice.",
        ),
        "migrations_twice": (
            "Migrations run by the service migrate, and again in every container that starts",
            "Take that out of the start: the service migrate in server/compose.yml runs once per release and before it "
            'serves (docs/operations.md, "Workers, and a database").',
        ),
        "migrations_in_code": (
            "Does the program migrate whenever it starts? In a release two of them run at the same time",
            "If so, let it do that by a command only, and give that to the service migrate in server/compose.yml: "
            'docs/operations.md, "Workers, and a database".',
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
    },
    "de": {
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
        "workers_unbuilt": (
            "Das sind Programme neben der Webanwendung, die weder Image noch Server schon haben: {names}",
            "Schreibt ein eigenes Dockerfile, das auch sie baut, am besten aus dem erzeugten, antwortet "
            "own_dockerfile=true und nehmt sie in server/compose.yml auf: docs/operations.md, "
            '"Worker und eine Datenbank".',
        ),
        "migrations": (
            "Es gibt Migrationen, aber nichts gefunden, das sie ausführt",
            'Nehmt den Dienst migrate in server/compose.yml auf: docs/operations.md, "Worker und eine Datenbank".',
        ),
        "migrations_two_ways": (
            "Es gibt Migrationen, aber nichts gefunden, das sie ausführt",
            'Nehmt den Dienst migrate in server/compose.yml auf: docs/operations.md, "Worker und eine Datenbank". Zwei '
            "Befehle können das: einer des Programms, mit eingebetteten Dateien; oder der ihres Werkzeugs, etwa goose, "
            "aus einem eigenen Dockerfile, das es und die Dateien mitbringt (own_dockerfile=true).",
        ),
        "migrations_elsewhere": (
            "Was die Migrationen heute ausführt, startet der Server nicht",
            'Nehmt den Dienst migrate in server/compose.yml auf: docs/operations.md, "Worker und eine Datenbank".',
        ),
        "migrations_at_start": (
            "Jeder Container führt beim Start die Migrationen aus, auch zwei zur gleichen Zeit",
            "Verlegt das in den Dienst migrate in server/compose.yml, der einmal je Release läuft, bevor es antwortet: "
            'docs/operations.md, "Worker und eine Datenbank". Löscht es aus dem Start: ein ENTRYPOINT läuft auch vor '
            "dem Befehl eines Dienstes und würde zweimal migrieren.",
        ),
        "migrations_twice": (
            "Die Migrationen führt der Dienst migrate aus, und jeder Container beim Start noch einmal",
            "Nehmt das aus dem Start: der Dienst migrate in server/compose.yml läuft einmal je Release, bevor es "
            'antwortet (docs/operations.md, "Worker und eine Datenbank").',
        ),
        "migrations_in_code": (
            "Führt das Programm bei jedem Start die Migrationen aus? In einem Release laufen zwei zur gleichen Zeit",
            "Wenn ja: lasst es das nur auf Befehl tun, und gebt den Befehl dem Dienst migrate in server/compose.yml: "
            'docs/operations.md, "Worker und eine Datenbank".',
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
    },
}
