#!/usr/bin/env python3
"""How names are folded, from Python's unicodedata.

names.py table > Sources/Matching/FoldingData.swift   writes the table that the program folds with
names.py fold                                         folds each line of standard input, to check the program by

The table says what becomes of one scalar; `fold` works on whole lines with unicodedata's own normal forms, so that
the two agree only if the table and the composing in Folding.swift are right.
"""
import sys
import unicodedata

# Marks that are decoration where they stand: Latin, Greek and Cyrillic accents, Hebrew points, Arabic and Syriac vowel
# signs, selectors of variants. Marks of other scripts are letters to their readers, and stay.
STRIPPED = [
    (0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5),
    (0x05C7, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC),
    (0x06DF, 0x06E4), (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x0711, 0x0711), (0x0730, 0x074A), (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0100, 0xE01EF),
]
# What stands for an apostrophe vanishes, so that O'Brien, O’Brien and OBrien are one.
APOSTROPHES = "'`´ʹʺʻʼʽʾʿˈˊˋ‘’‚‛′‵＇՚׳״ꞌꞋ"
# Letters that no normal form takes apart.
LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i",
    "ȷ": "j", "ĸ": "k", "ə": "e", "ƒ": "f", "ƀ": "b", "ɨ": "i", "ʉ": "u",
    # Persian and Urdu keyboards, and the letters that Arabic writes with or without dots.
    "ی": "ي", "ى": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا",
}
# Cyrillic letters of their own, although they can be taken apart: Андрей is not Андреи with an accent.
WHOLE = {("и", "\u0306"): "й", ("у", "\u0306"): "ў", ("і", "\u0308"): "ї"}
# So they go through the normal forms as scalars of private use.
SHELTERED = {}
for number, ((base, mark), whole) in enumerate(WHOLE.items()):
    for spelling in (whole, base + mark, whole.upper(), base.upper() + mark):
        SHELTERED[spelling] = chr(0xF800 + number)
UNSHELTERED = {chr(0xF800 + number): whole for number, whole in enumerate(WHOLE.values())}
VOICED = ("\u3099", "\u309A")


def is_stripped(scalar):
    return any(first <= ord(scalar) <= last for first, last in STRIPPED)


def is_ignorable(scalar):
    code = ord(scalar)
    return unicodedata.category(scalar) == "Cf" or code in (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)


def folded(text):
    """Case, accents and forms of a text, taken apart and put together again."""
    out = []
    for spelling, shelter in SHELTERED.items():
        text = text.replace(spelling, shelter)
    for scalar in text:
        if scalar in APOSTROPHES or is_ignorable(scalar):
            continue
        if unicodedata.category(scalar)[0] in "PSZC" and unicodedata.category(scalar) not in ("Cn", "Co"):
            out.append(" ")
        else:
            out.append(scalar)
    # The small iota below a vowel becomes a letter in capitals only, and modern Greek does without.
    apart = unicodedata.normalize("NFKD", "".join(out)).replace("\u0345", "")
    apart = unicodedata.normalize("NFKD", apart.casefold())
    kept = []
    for scalar in apart:
        if scalar in UNSHELTERED:
            kept.append(UNSHELTERED[scalar])
        elif kept and (kept[-1], scalar) in WHOLE:
            kept[-1] = WHOLE[kept[-1], scalar]
        elif scalar in APOSTROPHES or is_ignorable(scalar) or is_stripped(scalar):
            continue
        elif unicodedata.category(scalar)[0] in "PSZ":
            kept.append(" ")
        else:
            kept.append(LETTERS.get(scalar, scalar))
    return compose("".join(kept))


def compose(text):
    """Hangul syllables and voiced kana as one scalar each; all else stays apart."""
    out = []
    for scalar in text:
        if out:
            pair = unicodedata.normalize("NFC", out[-1] + scalar)
            if len(pair) == 1 and (scalar in VOICED or 0xAC00 <= ord(pair) <= 0xD7A3):
                out[-1] = pair
                continue
        out.append(scalar)
    return "".join(out)


def runs():
    """(first, count, kind, target) for all scalars that do not stay as they are, in order."""
    for code in range(0x80, 0x110000):
        if 0xAC00 <= code <= 0xD7A3 or 0xD800 <= code <= 0xDFFF:
            continue
        scalar = chr(code)
        if unicodedata.category(scalar) in ("Cn", "Co"):
            continue
        target = folded(scalar)
        if target == scalar:
            continue
        if target == "":
            yield code, "-", None
        elif target.strip() == "":
            yield code, "_", None
        elif len(target) == 1:
            yield code, ">", ord(target) - code
        else:
            yield code, ":", tuple(ord(part) for part in target)


def records():
    last_end, run = 0x80, None
    for code, kind, target in runs():
        if run and run[0] + run[1] == code and run[2] == kind and run[3] == target:
            run[1] += 1
            continue
        if run:
            yield spelled(run, last_end)
            last_end = run[0] + run[1]
        run = [code, 1, kind, target]
    yield spelled(run, last_end)


def spelled(run, last_end):
    first, count, kind, target = run
    text = f"{first - last_end:x}" + (f"*{count:x}" if count > 1 else "") + kind
    if kind == ">":
        text += f"{target:x}"
    elif kind == ":":
        text += ",".join(f"{part:x}" for part in target)
    return text


def orders():
    """(first, count, class) of the marks that stay and can be typed in two orders."""
    out = []
    for code in range(0x80, 0x20000):
        scalar = chr(code)
        number = unicodedata.combining(scalar)
        if number and not is_stripped(scalar):
            if out and out[-1][0] + out[-1][1] == code and out[-1][2] == number:
                out[-1][1] += 1
            else:
                out.append([code, 1, number])
    last_end = 0
    for first, count, number in out:
        yield f"{first - last_end:x}" + (f"*{count:x}" if count > 1 else "") + f"={number:x}"
        last_end = first + count


def pairs():
    for (base, mark), whole in WHOLE.items():
        yield f"{ord(base):x}+{ord(mark):x}={ord(whole):x}"
    for code in range(0x3040, 0x3100):
        for mark in VOICED:
            whole = unicodedata.normalize("NFC", chr(code) + mark)
            if len(whole) == 1:
                yield f"{code:x}+{ord(mark):x}={ord(whole):x}"


def literal(name, comment, words):
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 108:
            lines.append(line)
            line = ""
        line += (" " if line else "") + word
    lines.append(line)
    body = "\n".join("        " + line for line in lines)
    return f'    /// {comment}\n    static let {name} = """\n{body}\n        """\n'


def write_table():
    print(f"// Written by tools/unicode/names.py from Unicode {unicodedata.unidata_version}.")
    print("// FoldingTable.swift says how to read it.")
    print("\nenum FoldingData {")
    print(literal("scalars", "What becomes of single scalars.", records()))
    print(literal("orders", "Combining classes of the marks that stay.", orders()))
    print(literal("pairs", "A letter and a mark that are one letter.", pairs()), end="")
    print("}")


if __name__ == "__main__":
    if sys.argv[1:] == ["table"]:
        write_table()
    elif sys.argv[1:] == ["fold"]:
        sys.stdin.reconfigure(encoding="utf-8", newline="\n")
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        for row in sys.stdin:
            print(" ".join(folded(row.rstrip("\n")).split()))
    else:
        sys.exit(__doc__)
