"""Asks who is there, and checks the answer: Basic, Digest (qop=auth) and Bearer."""

import base64
import hashlib
import json
import re
from typing import TYPE_CHECKING

from wire import Answer, Request

if TYPE_CHECKING:
    from answers import Query

LOGIN, PASSWORD, TOKEN, REALM, NONCE = "joe", "Geheim-1", "token-1", "hostile", "0123456789abcdef"


def answer(request: Request, query: "Query") -> Answer:
    offers = [offer for offer in query.text("offers", "basic").split(",") if offer]
    algorithm = query.text("algorithm", "MD5")
    given = request.header("Authorization")
    scheme = given.split(" ")[0].lower() if given else None
    if given and scheme in offers and scheme != query.text("reject") and is_right(request, given, algorithm):
        return Answer.json({"scheme": scheme, "body": request.body.decode("latin-1")})
    challenges = [challenge(offer, algorithm, query.text("qop", "auth")) for offer in offers]
    if query.text("combined"):
        challenges = [", ".join(challenges)]
    headers = [("WWW-Authenticate", text) for text in challenges]
    return Answer.text(query.number("status", 401), json.dumps({"given": given}), *headers)


def challenge(offer: str, algorithm: str, qop: str) -> str:
    match offer:
        case "basic":
            return f'Basic realm="{REALM}, with \\"Digest\\" in its name", charset="UTF-8"'
        case "digest":
            named = f', qop="{qop}"' if qop else ""
            return f'Digest realm="{REALM}", nonce="{NONCE}", algorithm={algorithm}{named}, opaque="o"'
        case "bearer":
            return f'Bearer realm="{REALM}", error="invalid_token"'
        case "unknown":
            return f'X-MobileMe-AuthToken realm="{REALM}, Basic"'
        case _:
            return offer


def is_right(request: Request, given: str, algorithm: str) -> bool:
    scheme, _, rest = given.partition(" ")
    match scheme.lower():
        case "basic":
            return base64.b64decode(rest).decode() == f"{LOGIN}:{PASSWORD}"
        case "bearer":
            return rest == TOKEN
        case "digest":
            return is_right_digest(request, rest, algorithm)
    return False


def is_right_digest(request: Request, text: str, algorithm: str) -> bool:
    found = re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', text)
    values = {name: quoted or bare for name, quoted, bare in found}
    make = hashlib.sha256 if algorithm.upper().startswith("SHA-256") else hashlib.md5

    def digest(*parts: str) -> str:
        return make(":".join(parts).encode()).hexdigest()

    nonce, once = values.get("nonce", ""), values.get("cnonce", "")
    first = digest(LOGIN, REALM, PASSWORD)
    if algorithm.lower().endswith("-sess"):
        first = digest(first, nonce, once)
    second = digest(request.method, request.target)
    if "qop" in values:
        expected = digest(first, nonce, values.get("nc", ""), once, values["qop"], second)
    else:
        expected = digest(first, nonce, second)
    names_right = values.get("username") == LOGIN and nonce == NONCE and values.get("uri") == request.target
    return names_right and values.get("response") == expected
