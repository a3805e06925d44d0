import Testing

@testable import ICalendar

@Suite struct MutationTests {
    static let texts = [
        """
        BEGIN:VCALENDAR
        VERSION:2.0
        X-WR-CALNAME:Team
        BEGIN:VEVENT
        UID:a@b.example
        DTSTART;TZID="Europe/Berlin":20260321T090000
        DURATION:PT1H30M
        RRULE:FREQ=WEEKLY;BYDAY=MO
        EXDATE;VALUE=DATE:20260322,20260323
        RDATE;VALUE=PERIOD:20260401T090000Z/PT1H
        ORGANIZER;CN="Doe: Jane":mailto:jane@b.example
        ATTENDEE;CN=John;PARTSTAT=ACCEPTED;X-NUM-GUESTS=2:MAILTO:john@b.example
        SUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Z=C3=BCrich=
        und mehr
        DESCRIPTION:Join https://zoom.us/j/1?pwd=a\\, or
          not\\n
        X-ALT-DESC;FMTTYPE=text/html:<p>a &amp; b</p>
        BEGIN:VALARM
        TRIGGER:-PT5M
        END:VALARM
        END:VEVENT
        BEGIN:VEVENT
        UID:a@b.example
        RECURRENCE-ID;RANGE=THISANDFUTURE:20260328T080000Z
        DTSTART:20260328T100000Z
        END:VEVENT
        END:VCALENDAR

        """,
        """
        BEGIN:VCARD
        VERSION:3.0
        N:Doe;Jane;Q.;;
        FN:Jane Doe
        item1.EMAIL;TYPE=INTERNET,pref:jane@b.example
        item1.X-ABLabel:_$!<Work>!$_
        TEL;CELL;QUOTED-PRINTABLE:+31=20
        NICKNAME:JJ\\,J,Jay
        END:VCARD

        """,
        """
        Name,Given Name,E-mail 1 - Label,E-mail 1 - Value,Notes
        "Doe, Jane",Jane,* Work,jane@b.example ::: j@c.example,"a ""quoted""
        note"

        """,
    ]

    @Test func `T15: damage to every kind of text does no harm`() {
        var chance = SeededChance(seed: 7)
        for number in 0..<6_000 {
            let damaged = Mutation.mutated([UInt8](Self.texts[number % 3].utf8), by: &chance)
            Everything.ofCalendar(damaged)
            Everything.ofContacts(damaged)
        }
    }

    @Test func `T15: every text that is cut anywhere does no harm`() {
        for text in Self.texts {
            let bytes = [UInt8](text.utf8)
            for length in 0...bytes.count {
                Everything.ofCalendar([UInt8](bytes[..<length]))
                Everything.ofContacts([UInt8](bytes[length...]))
            }
        }
    }
}
