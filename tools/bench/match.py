#!/usr/bin/env python3
"""Measures matching beside rapidfuzz in one run.

match.py PROGRAM [PEOPLE [QUERIES]]   PROGRAM answers people and candidates on its standard input with a line of JSON

rapidfuzz has no index: `process.cdist` compares each name with each, in C++ and on all processors, which is its fastest
form. It gets QUERIES of the names, and only the work of the fuzzy rule, with names folded beforehand; the program gets
all candidates, all rules and the folding.
"""
import json
import random
import subprocess
import sys
import time

SYLLABLES = "an ber car da el fin go han il jo ka len mar ni or pe qui ros sa tom ul vi wen xa yor zel".split()


def invented(chance, count):
    """Words of two to four syllables, each once."""
    words = {}
    while len(words) < count:
        words["".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3, 3, 4)))).capitalize()] = True
    return list(words)


def mistyped(chance, name):
    place = chance.randrange(1, len(name))
    kind = chance.randrange(3)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return name[:place] + ("" if kind == 0 else letter) + name[place + (kind < 2):]


def data(count):
    chance = random.Random(20260301)
    firsts, families = invented(chance, 2000), invented(chance, 20000)
    # A few first names are everybody's, most are rare.
    weights = [1 / (place + 10) for place in range(len(firsts))]
    names = [f"{first} {chance.choice(families)}" for first in chance.choices(firsts, weights, k=count)]
    people = [(str(number), name, f"{name.replace(' ', '.').lower()}{number}@example.org")
              for number, name in enumerate(names)]
    candidates = []
    for number in range(count):
        person, kind = chance.choice(people), number % 10
        local, domain = person[2].split("@")
        if kind < 3:
            candidates.append((person[2], person[1]))
        elif kind < 4:
            candidates.append((f"{local}+news@{domain}", person[1]))
        elif kind < 6:
            candidates.append((f"x{number}@elsewhere.example", person[1]))
        elif kind < 8:
            candidates.append((f"x{number}@elsewhere.example", mistyped(chance, person[1])))
        else:
            candidates.append((f"x{number}@elsewhere.example", f"{chance.choice(firsts)} {chance.choice(families)}"))
    return people, candidates


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    queries = int(sys.argv[3]) if len(sys.argv) > 3 else 500
    people, candidates = data(count)
    lines = ["\t".join(("P", *person)) for person in people] + ["\t".join(("C", *one)) for one in candidates]
    answer = subprocess.run([program, "match"], input="\n".join(lines) + "\n", text=True, capture_output=True, check=True)
    ours = json.loads(answer.stdout)
    whole = ours["index_seconds"] + ours["verdict_seconds"]
    result = {"bench": "match", **ours, "seconds": whole}
    try:
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein
    except ImportError:
        print(json.dumps({**result, "rapidfuzz": None}))
        return
    names = [person[1].lower() for person in people]
    asked = [candidate[1].lower() for candidate in candidates[6::10]][:queries]
    begin = time.perf_counter()
    process.cdist(asked, names, scorer=Levenshtein.distance, score_cutoff=2, workers=-1, dtype="uint8")
    theirs = (time.perf_counter() - begin) / len(asked)
    print(json.dumps({**result, "rapidfuzz_seconds_per_name": theirs, "seconds_per_candidate": whole / len(candidates),
                      "ratio": theirs * len(candidates) / whole}))


main()
