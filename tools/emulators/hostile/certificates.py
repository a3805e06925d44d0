"""Certificates that prove something, and such that do not."""

import os
import ssl
import subprocess


class Certificates:
    """Made anew at each start, with keys that nobody keeps."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._openssl("req", "-x509", *self._key("authority"), "-days", "2", "-subj", "/CN=Hostile Authority")

    def contexts(self) -> dict[str, ssl.SSLContext]:
        self._sign("good", "127.0.0.1", days="1")
        self._sign("wrong_host", "elsewhere.example", days="1")
        self._sign("expired", "127.0.0.1", days="-1")
        subject = ["-subj", "/CN=Nobody", "-addext", "subjectAltName=IP:127.0.0.1,DNS:self.example"]
        self._openssl("req", "-x509", *self._key("self_signed"), "-days", "2", *subject)
        old = self._context("good")
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1
        old.set_ciphers("ALL:@SECLEVEL=0")
        second = self._context("good")
        second.set_alpn_protocols(["h2", "http/1.1"])
        names = ["good", "wrong_host", "expired", "self_signed"]
        return {name: self._context(name) for name in names} | {"old": old, "second": second}

    def _sign(self, name: str, host: str, days: str) -> None:
        """Makes a certificate by the authority that ends so many days from now."""
        kind = "IP" if host[0].isdigit() else "DNS"
        extra = f",DNS:{name}.example" if kind == "IP" else ""
        extensions = self._path(name + ".extensions")
        with open(extensions, "w", encoding="utf-8") as file:
            file.write(f"subjectAltName={kind}:{host}{extra}\n")
        request = self._path(name + ".request")
        self._openssl("req", *self._key(name, out=request), "-subj", f"/CN={host}")
        authority = ["-CA", self._path("authority.pem"), "-CAkey", self._path("authority.key"), "-CAcreateserial"]
        made = ["-days", days, "-extfile", extensions, "-out", self._path(name + ".pem")]
        self._openssl("x509", "-req", "-in", request, *authority, *made)

    def _key(self, name: str, out: str | None = None) -> list[str]:
        made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        return [*made, "-keyout", self._path(name + ".key"), "-out", out or self._path(name + ".pem")]

    def _context(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._path(name + ".pem"), self._path(name + ".key"))
        return context

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
