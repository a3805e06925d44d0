import Testing

@testable import ICalendar

@Suite struct ComponentTextTests {
    static func text(_ lines: [String], break: String = "\r\n") -> ComponentText {
        ComponentText([UInt8]((lines.joined(separator: `break`) + `break`).utf8))
    }

    static func property(_ line: String) -> Property? {
        let bytes = [UInt8]("BEGIN:VEVENT\r\n\(line)\r\nEND:VEVENT\r\n".utf8)
        return ComponentText(bytes).roots.first?.properties.first
    }

    static func property(bytes line: [UInt8]) -> Property? {
        let bytes = [UInt8]("BEGIN:VEVENT\r\n".utf8) + line + [UInt8]("\r\nEND:VEVENT\r\n".utf8)
        return ComponentText(bytes).roots.first?.properties.first
    }

    // MARK: Lines

    @Test(arguments: ["\r\n", "\n", "\r", "\r\r\n"], [" ", "\t"])
    func `check 82: lines end and fold as they will`(_ end: String, _ fold: String) {
        let text = Self.text(
            ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "SUMMARY:one", "\(fold) two", "END:VEVENT", "END:VCALENDAR"], break: end
        )
        #expect(text.isWhole)
        #expect(text.roots.first?.children.first?.first("SUMMARY")?.text == "one two")
        #expect(text.roots.first?.children.first?.line == 2)
    }

    @Test func `check 82: a fold in the middle of a character leaves the character whole`() {
        let plain = [UInt8]("SUMMARY:Zürich 🚀".utf8)
        for cut in 9..<plain.count {
            let folded = plain[..<cut] + [13, 10, 32] + plain[cut...]
            #expect(Self.property(bytes: [UInt8](folded))?.text == "Zürich 🚀")
        }
    }

    @Test func `check 82: a fold may stand anywhere, also in a name and between BEGIN and its colon`() {
        let plain = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a1\nDTSTART:20260321\nEND:VEVENT\nEND:VCALENDAR\n"
        let bytes = [UInt8](plain.utf8)
        for cut in 1..<bytes.count - 1 where bytes[cut] != 10 && bytes[cut - 1] != 10 {
            let text = ComponentText([UInt8](bytes[..<cut] + [10, 32] + bytes[cut...]))
            #expect(text.isWhole, "\(cut)")
            let event = text.roots.first?.children.first
            #expect(event?.first("DTSTART")?.text == "20260321", "\(cut)")
            #expect(event?.uid == "a1", "\(cut)")
        }
    }

    @Test func `check 82: a byte order mark is no part of the first line, and UTF-16 is read`() {
        let plain = "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Zürich\r\nEND:VCALENDAR\r\n"
        let little = plain.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = plain.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for bytes in [
            [0xEF, 0xBB, 0xBF] + [UInt8](plain.utf8), [0xFF, 0xFE] + little, [0xFE, 0xFF] + big, little, big,
        ] {
            let text = ComponentText(bytes)
            #expect(text.isWhole)
            #expect(text.roots.first?.first("X-WR-CALNAME")?.text == "Zürich")
            #expect(text.serialised == bytes)
        }
    }

    @Test func `blank lines are nothing, within and behind`() {
        let text = Self.text([
            "", "BEGIN:VCALENDAR", "", "BEGIN:VEVENT", "", "UID:a", "", "END:VEVENT", "END:VCALENDAR", "", " ", "",
        ])
        #expect(text.isWhole)
        #expect(text.flaws.isEmpty)
        #expect(text.roots.first?.children.first?.properties.count == 1)
    }

    // MARK: Properties

    @Test func `check 83: names are read in any case`() {
        let text = Self.text(["begin:vcalendar", "Begin:vEvent", "summary:x", "end:VEVENT", "End:VCalendar"])
        #expect(text.isWhole)
        #expect(text.roots.first?.children.first?.kind == .event)
        #expect(text.roots.first?.children.first?.first("SUMMARY")?.text == "x")
    }

    @Test func `check 83: quotes protect, and RFC 6868 is undone`() {
        let property = Self.property(#"ATTENDEE;CN="Smith: J; the ^'first^'^n^^";DIR="ldap://x":mailto:j@x.example"#)
        #expect(property?.parameter("CN") == "Smith: J; the \"first\"\n^")
        #expect(property?.text == "mailto:j@x.example")
        #expect(Self.property("X-A;B=a^xb^:v")?.parameter("B") == "a^xb^")
    }

    @Test func `check 83: a colon in a name without quotes does not part it`() {
        let property = Self.property("ATTENDEE;CN=Smith: J;PARTSTAT=ACCEPTED:MAILTO:j@x.example")
        #expect(property?.parameter("CN") == "Smith: J")
        #expect(property?.parameter("PARTSTAT") == "ACCEPTED")
        #expect(property?.text == "MAILTO:j@x.example")
        #expect(Self.property("ATTENDEE:mailto:a@b.example")?.text == "mailto:a@b.example")
        #expect(Self.property("ATTENDEE;CN=x:/principals/1")?.text == "/principals/1")
    }

    @Test func `check 83: quotes that never end hide no value`() {
        #expect(Self.property(#"SUMMARY;X="a:b"#)?.text == "b")
    }

    @Test(arguments: [
        (#"a\nb\Nc"#, "a\nb\nc"), (#"a\, b\; c\\ d"#, "a, b; c\\ d"), ("a, b; c", "a, b; c"), (#"end\"#, "end"),
        ("a\u{0}b\u{7}c", "abc"), ("tab\tstays", "tab\tstays"),
    ])
    func `check 83: backslashes are undone, and so is nothing else`(_ written: String, _ text: String) {
        #expect(Self.property("SUMMARY:\(written)")?.text == text)
    }

    @Test func `parameters are listed in lists and again`() {
        let property = Self.property("EMAIL;TYPE=home,work;type=\"cell,x\";HOME:a@b.example")
        #expect(property?.parameterValues("TYPE") == ["home", "work", "cell,x"])
        #expect(property?.bareParameters == ["HOME"])
        #expect(property?.parameter("PREF") == nil)
    }

    // MARK: Characters

    @Test func `check 84: bytes that are no UTF-8 are read as Windows-1252, and that is flagged`() {
        var isGuessed = false
        let property = Self.property(bytes: [UInt8]("SUMMARY:Z".utf8) + [0xFC] + [UInt8]("rich ".utf8) + [0x80, 0x96])
        #expect(property?.text(guessing: &isGuessed) == "Zürich €–")
        #expect(isGuessed)
    }

    @Test func `check 84: what is UTF-8 is not flagged`() {
        var isGuessed = false
        #expect(Self.property("SUMMARY:Zürich €")?.text(guessing: &isGuessed) == "Zürich €")
        #expect(!isGuessed)
    }

    @Test func `vCalendar 1.0: QUOTED-PRINTABLE with a character set, over several rows`() {
        let value = "SUMMARY;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Z=FCrich=0D=0Aund =\r\nweiter =3D ja"
        #expect(Self.property(value)?.text == "Zürich\nund weiter = ja")
        #expect(Self.property("SUMMARY;QUOTED-PRINTABLE;CHARSET=UTF-8:Z=C3=BCrich")?.text == "Zürich")
        #expect(Self.property("SUMMARY;ENCODING=QUOTED-PRINTABLE:100 = 1=")?.text == "100 = 1=")
    }

    // MARK: Wholeness

    static let calendar = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:a", "DTSTART:20260321", "BEGIN:VALARM", "ACTION:AUDIO",
        "END:VALARM", "END:VEVENT", "END:VCALENDAR",
    ]

    @Test func `T14: a text that was cut is not whole, wherever it was cut`() {
        let bytes = [UInt8](Self.calendar.joined(separator: "\r\n").utf8)
        for length in 0..<bytes.count { #expect(!ComponentText([UInt8](bytes[..<length])).isWhole, "\(length)") }
        #expect(ComponentText(bytes).isWhole)
        #expect(ComponentText(bytes + [13, 10, 10, 32, 0x1A]).isWhole)
    }

    @Test(arguments: [
        ["BEGIN:VCALENDAR", "END:VCALENDAR", "<p>error</p>"], ["BEGIN:VCALENDAR", "END:VEVENT"],
        ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VCALENDAR"], ["END:VCALENDAR"], [""], ["BEGIN:VCALENDAR"],
        ["BEGIN:VCALENDAR", "END:VCALENDAR", "END:VCALENDAR"], ["BEGIN:VCALENDAR", "END:VCALENDARS"],
    ])
    func `what does not balance is not whole`(_ lines: [String]) {
        #expect(!Self.text(lines).isWhole)
    }

    @Test func `several calendars in one text are all read`() {
        let text = Self.text(Self.calendar + ["", ""] + Self.calendar)
        #expect(text.isWhole)
        #expect(text.roots.count == 2)
    }

    @Test func `an event without an end is set aside, and the next one is read`() {
        let text = Self.text([
            "BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:cut", "BEGIN:VEVENT", "UID:good", "END:VEVENT", "END:VCALENDAR",
        ])
        let events = text.roots.first?.children ?? []
        #expect(events.map(\.uid) == ["cut", "good"])
        #expect(events.map(\.problem) == [.notEnded, nil])
        #expect(text.flaws == [Flaw(component: "VEVENT", uid: "cut", line: 2, problem: .notEnded)])
        #expect(text.flaws.first?.isQuarantine == true)
        #expect(!text.isWhole)
    }

    @Test func `every flaw says what is wrong in a sentence`() {
        for problem in Flaw.Problem.allCases {
            let flaw = Flaw(component: "VEVENT", uid: "a", line: 7, problem: problem)
            #expect(flaw.sentence.hasSuffix("."))
            #expect(flaw.description.hasPrefix("line 7, VEVENT “a”: "))
        }
    }
}
