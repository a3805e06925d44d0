#!/usr/bin/env python3
"""Checks a proof that Daybook wrote, after docs/proofs.md and nothing else.

    python3 verify.py PROOF.json [--key VERIFIER_KEY]

Prints one line and ends with 0 if the proof holds, else with 1. Without --key it can only say that the proof agrees
with the key that it brings along.
"""

import base64
import hashlib
import json
import re
import sys


class Refused(Exception):
    pass


def want(condition, problem):
    if not condition:
        raise Refused(problem)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# How things are written


def from_base64(text, what):
    want(isinstance(text, str), f"{what} is not a text")
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Refused(f"{what} is not base64") from None
    want(base64.b64encode(value).decode() == text, f"{what} is not base64")
    return value


def from_hexadecimal(text, what):
    want(isinstance(text, str) and re.fullmatch("[0-9a-f]{64}", text), f"{what} is not a hash")
    return bytes.fromhex(text)


def utf8(text, what):
    want(isinstance(text, str), f"{what} is not a text")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(f"{what} is not UTF-8") from None


def number(value, what, least):
    want(type(value) is int and least <= value < 2**63, f"{what} is not a number that it can be")
    return value


# Ed25519, RFC 8032 section 5.1: coordinates are extended, (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(factor, point):
    result = NEUTRAL
    while factor:
        if factor & 1:
            result = add(result, point)
        point = add(point, point)
        factor >>= 1
    return result


def is_same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def x_of(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def point(encoded):
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = x_of(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signed(public_key, message, signature):
    if len(signature) != 64 or len(public_key) != 32:
        return False
    key, r, s = point(public_key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= ORDER or is_same(multiply(8, key), NEUTRAL):
        return False
    hashed = hashlib.sha512(signature[:32] + public_key + message).digest()
    factor = int.from_bytes(hashed, "little") % ORDER
    return is_same(multiply(s, BASE), add(r, multiply(factor, key)))


# The leaf


def long(value):
    return value.to_bytes(8, "big", signed=True)


def sized(value):
    return len(value).to_bytes(4, "big") + value


def commitment(personal):
    want(isinstance(personal, dict), "personal is not an object")
    if personal.keys() == {"commitment"}:
        return from_hexadecimal(personal["commitment"], "the commitment")
    want(personal.keys() == {"salt", "text"}, "personal shows neither a commitment nor a salt and a text")
    salt = from_base64(personal["salt"], "the salt")
    want(len(salt) == 16, "the salt is not of 16 bytes")
    return sha256(b"daybook personal 1", salt, utf8(personal["text"], "the personal text"))


def leaf_hash(entry):
    position = number(entry.get("position"), "the position", 1)
    cause, key, personal = entry.get("cause"), entry.get("key"), entry.get("personal")
    return position, sha256(
        b"\x00",
        b"daybook entry 1",
        long(position),
        sized(utf8(entry.get("stream"), "the stream")),
        long(number(entry.get("version"), "the version", 1)),
        sized(utf8(entry.get("type"), "the type")),
        sized(utf8(entry.get("owner"), "the owner")),
        long(number(entry.get("at"), "the time", -(2**63))),
        long(0 if cause is None else number(cause, "the cause", 1)),
        sized(utf8(entry.get("actor"), "the actor")),
        b"\x00" if key is None else b"\x01" + sized(from_base64(key, "the key")),
        sized(utf8(entry.get("data"), "the data")),
        b"\x00" if personal is None else b"\x01" + commitment(personal),
    )


# The tree


def is_included(leaf, index, size, path, root):
    if index >= size:
        return False
    f, s, r = index, size - 1, leaf
    for p in path:
        if s == 0:
            return False
        if f & 1 or f == s:
            r = sha256(b"\x01", p, r)
            while f & 1 == 0 and f != 0:
                f, s = f >> 1, s >> 1
        else:
            r = sha256(b"\x01", r, p)
        f, s = f >> 1, s >> 1
    return s == 0 and r == root


# The checkpoint


def verifier_key(text):
    want(isinstance(text, str) and text.count("+") >= 2, "the verifier key is not whole")
    name, key_hash, key = text.split("+", 2)
    key = from_base64(key, "the verifier key")
    want(name and not re.search(r"\s", name) and len(key) == 33 and key[0] == 1, "the verifier key is not whole")
    expected = sha256(utf8(name, "the name of the key"), b"\n", key)[:4]
    want(expected.hex() == key_hash, "the hash of the verifier key is wrong")
    return name, expected, key[1:]


def checkpoint(note, key):
    name, key_hash, public_key = key
    note_bytes = utf8(note, "the checkpoint")
    want(all(byte >= 0x20 or byte == 0x0A for byte in note_bytes), "the checkpoint holds a control character")
    text, gap, signatures = note.rpartition("\n\n")
    want(gap and signatures.endswith("\n"), "the checkpoint is not a signed note")
    text += "\n"
    holds = False
    for line in signatures[:-1].split("\n"):
        parts = line.split(" ")
        want(len(parts) == 3 and parts[0] == "\u2014", "the checkpoint is not a signed note")
        signature = from_base64(parts[2], "a signature")
        if parts[1] == name and signature[:4] == key_hash:
            want(is_signed(public_key, text.encode(), signature[4:]), "the signature of the checkpoint does not hold")
            holds = True
    want(holds, "the checkpoint is not signed with the key of the proof")
    lines = text.split("\n")
    want(len(lines) >= 4 and lines[0] == name, "the origin of the checkpoint is not the name of the key")
    want(re.fullmatch("0|[1-9][0-9]{0,18}", lines[1], re.ASCII), "the size of the checkpoint is not a number")
    root = from_base64(lines[2], "the root of the checkpoint")
    want(len(root) == 32, "the root of the checkpoint is not a hash")
    return int(lines[1]), root


# The file


def verify(proof, trusted):
    want(isinstance(proof, dict) and proof.get("kind") == "daybook.proof", "this is not a proof of Daybook")
    want(type(proof.get("schema_version")) is int, "the proof has no version")
    want(proof["schema_version"] == 1, "the proof is of a version that this verifier does not know")
    want(isinstance(proof.get("entry"), dict) and isinstance(proof.get("path"), list), "the proof is not whole")
    want(trusted is None or proof.get("verifier_key") == trusted, "the proof is of another key than the trusted one")
    key = verifier_key(proof.get("verifier_key"))
    size, root = checkpoint(proof.get("checkpoint"), key)
    position, leaf = leaf_hash(proof["entry"])
    path = [from_hexadecimal(item, "a hash of the path") for item in proof["path"]]
    want(is_included(leaf, position - 1, size, path, root), "the path does not lead from the entry to the root")
    return f"entry {position} of {key[0]}, in its tree of {size}"


def main(arguments):
    if len(arguments) not in (1, 3) or (len(arguments) == 3 and arguments[1] != "--key"):
        print("usage: verify.py PROOF.json [--key VERIFIER_KEY]", file=sys.stderr)
        return 2
    trusted = arguments[2] if len(arguments) == 3 else None
    try:
        with open(arguments[0], "rb") as file:
            proof = json.loads(file.read().decode("utf-8"))
        found = verify(proof, trusted)
    except Refused as refusal:
        print(f"refused: {refusal}")
        return 1
    except (OSError, ValueError, RecursionError):
        print("refused: the file cannot be read as JSON")
        return 1
    print(f"ok: {found}" + ("" if trusted else ", by the key that the proof brings along"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
