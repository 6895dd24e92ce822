"""Certificates for a server whose edge cannot ask a certificate authority here."""

import subprocess
from pathlib import Path


class Certificates:
    """An authority of the test, and what it issued for localhost at last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "certificates"

    @property
    def authority(self) -> Path:
        """Whom everybody on the server trusts."""
        return self.folder / "authority.crt"

    @property
    def chain(self) -> Path:
        """The certificate of localhost."""
        return self.folder / "localhost.crt"

    @property
    def key(self) -> Path:
        """Its private key."""
        return self.folder / "localhost.key"

    def issue(self, *, days: int) -> None:
        """Issue a certificate that is good for so many days, in place of the one before."""
        made_for_tests = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            self._openssl(
                "req", "-x509", *made_for_tests, "-days", "90", "-subj", "/CN=authority of the test",
                "-keyout", self.folder / "authority.key", "-out", self.authority,
            )  # fmt: skip
        self._openssl(
            "req", "-x509", *made_for_tests, "-days", str(days), "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE",
            "-CA", self.authority, "-CAkey", self.folder / "authority.key", "-keyout", self.key, "-out", self.chain,
        )  # fmt: skip

    @staticmethod
    def _openssl(*arguments: object) -> None:
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
