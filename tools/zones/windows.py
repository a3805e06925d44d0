#!/usr/bin/env python3
"""Prints Sources/ICalendar/Zones/WindowsZones.swift from windowsZones.xml of CLDR.

    tools/zones/windows.py /usr/share/unicode/cldr/common/supplemental/windowsZones.xml

On Debian the file is in the package unicode-cldr-core. Only facts are taken: the name that Windows gives a zone, the
text that it shows for it, and the zone of the IANA database that CLDR names for the world (territory 001).
"""
import re
import sys

# Zones that only Microsoft has, with the zone whose clocks they show.
MICROSOFT_ONLY = [
    ("Kamchatka Standard Time", "(UTC+12:00) Petropavlovsk-Kamchatsky - Old", "Asia/Kamchatka"),
    ("Mid-Atlantic Standard Time", "(UTC-02:00) Mid-Atlantic - Old", "Etc/GMT+2"),
]

HEAD = '''// Made by tools/zones/windows.py from windowsZones.xml of the Unicode Common Locale Data Repository,
// © 1991-%s Unicode, Inc., under the Unicode licence. Change the script, not this file.

/// The names that Windows gives time zones, the texts that it shows for them, and the zones they are.
enum WindowsZones {
    /// One zone in a row: its name, what is shown, and the name in the IANA database.
    static let rows = """
'''


def main():
    text = open(sys.argv[1], encoding="utf-8").read()
    rows, shown = [], ""
    for line in text.splitlines():
        if comment := re.search(r"<!--\s*(\(UTC.*?)\s*-->", line):
            shown = comment[1].replace("&amp;", "&")
        if zone := re.search(r'<mapZone other="([^"]+)" territory="001" type="([^"]+)"', line):
            rows.append((zone[1], shown, zone[2].split()[0]))
    known = {row[0] for row in rows}
    rows += [row for row in MICROSOFT_ONLY if row[0] not in known]
    print(HEAD % "2022", end="")
    for row in sorted(rows):
        print("        " + "|".join(row))
    print('        """\n}')


main()
