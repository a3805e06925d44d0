import Testing

@testable import ICalendar

/// Texts that were made to cost much. The bounds on time are some ten times what a debug build needs.
@Suite(.serialized) struct LimitsTests {
    static func calendar(_ content: [UInt8]) -> [UInt8] {
        [UInt8]("BEGIN:VCALENDAR\r\n".utf8) + content + [UInt8]("END:VCALENDAR\r\n".utf8)
    }

    static func event(_ lines: String) -> [UInt8] {
        [UInt8]("BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260321\r\n\(lines)\r\nEND:VEVENT\r\n".utf8)
    }

    @Test func `T14: a text over the limit is not read, and says so`() {
        var limits = Limits()
        limits.bodyBytes = 100
        let text = CalendarText(Self.calendar(Self.event(String(repeating: "x", count: 100))), limits: limits)
        #expect(text.flaws.map(\.problem) == [.tooLarge])
        #expect(text.objects.isEmpty)
        #expect(!text.isWhole)
        #expect(
            ContactText.read([UInt8](repeating: 65, count: 101), limits: limits).flaws.map(\.problem) == [.tooLarge])
    }

    @Test func `T14, check 96: a line of 10 MB is passed over, and its event lives on`() {
        let line = "DESCRIPTION:" + String(repeating: "long ", count: 2_000_000)
        let spent = ContinuousClock().measure {
            let text = CalendarText(Self.calendar(Self.event(line + "\r\nSUMMARY:short")))
            #expect(text.flaws.map(\.problem) == [.lineTooLong])
            #expect(text.flaws.first?.uid == "a")
            let event = text.objects.first?.read().master
            #expect(event?.summary == .value("short"))
            #expect(event?.description == .absent)
            #expect(text.isWhole)
        }
        #expect(spent < .seconds(10))
    }

    @Test func `T14, check 96: an attachment of 15 MB in folds is passed over, and its event lives on`() {
        let row = String(repeating: "QUJD", count: 18) + "\r\n "
        let line = "ATTACH;ENCODING=BASE64;VALUE=BINARY:" + String(repeating: row, count: 200_000) + "="
        let spent = ContinuousClock().measure {
            let text = CalendarText(Self.calendar(Self.event(line + "\r\nSUMMARY:short")))
            #expect(text.flaws.map(\.problem) == [.attachmentDropped])
            #expect(text.objects.first?.read().master?.summary == .value("short"))
            #expect(text.objects.first?.components.first?.first("ATTACH") == nil)
        }
        #expect(spent < .seconds(10))
    }

    @Test(arguments: ["VEVENT", "VCALENDAR", "X-A", "VALARM"])
    func `T14, check 96: 20,000 BEGINs in each other take linear time`(_ name: String) {
        let begins = String(repeating: "BEGIN:\(name)\r\n", count: 20_000)
        let ends = String(repeating: "END:\(name)\r\n", count: 20_000)
        let spent = ContinuousClock().measure {
            let text = CalendarText([UInt8]((begins + ends).utf8))
            #expect(!text.isWhole || name == "X-A" || name == "VALARM")
            #expect(text.flaws.count <= Limits().flaws + 2)
            for object in text.objects { #expect(object.read().master == nil) }
        }
        #expect(spent < .seconds(10))
    }

    @Test func `T14: what is too deep is set aside, and its neighbour is read`() {
        let deep = String(repeating: "BEGIN:X-A\r\n", count: 20) + String(repeating: "END:X-A\r\n", count: 20)
        let good = "BEGIN:VEVENT\r\nUID:b\r\nDTSTART:20260321\r\nEND:VEVENT\r\n"
        let text = CalendarText(Self.calendar(Self.event(deep + "SUMMARY:x") + [UInt8](good.utf8)))
        #expect(text.isWhole)
        #expect(text.flaws == [Flaw(component: "VEVENT", uid: "a", line: 2, problem: .tooDeep)])
        #expect(text.objects.map(\.uid) == ["a", "b"])
        #expect(text.objects.map { $0.read().hasQuarantine } == [true, false])
        #expect(text.objects.map { $0.read().master == nil } == [true, false])
    }

    @Test func `T14: components beyond the limit are passed over, and the text is not whole`() {
        var limits = Limits()
        limits.components = 10
        let events = (0..<20).map { "BEGIN:VEVENT\nUID:\($0)\nDTSTART:20260321\nEND:VEVENT\n" }.joined()
        let text = CalendarText(Self.calendar([UInt8](events.utf8)), limits: limits)
        #expect(text.objects.count == 9)
        #expect(text.flaws.map(\.problem).contains(.tooManyComponents))
        #expect(!text.isWhole)
        let cards = String(repeating: "BEGIN:VCARD\nFN:x\nEND:VCARD\n", count: 20)
        #expect(ContactText.read([UInt8](cards.utf8), limits: limits).contacts.count == 10)
        let rows = "Name\n" + String(repeating: "x\n", count: 20)
        let table = ContactText.read([UInt8](rows.utf8), limits: limits)
        #expect(table.contacts.count == 10)
        #expect(!table.isWhole)
    }

    @Test func `T14: an event with too many properties or parts is set aside`() {
        let properties = String(repeating: "X-A:1\r\n", count: 1_001)
        let many = CalendarText(Self.calendar(Self.event(properties + "SUMMARY:x"))).objects.first?.read()
        #expect(many?.master == nil)
        #expect(many?.flaws.map(\.problem) == [.tooManyProperties])
        let alarms = String(repeating: "BEGIN:VALARM\r\nEND:VALARM\r\n", count: 1_001)
        let text = CalendarText(Self.calendar(Self.event(alarms + "SUMMARY:x")))
        #expect(text.flaws.map(\.problem) == [.tooManyParts])
        #expect(text.objects.first?.read().hasQuarantine == true)
        #expect(text.isWhole)
    }

    @Test func `T14: dates beyond the limit are passed over, however they are written`() {
        let list = "EXDATE:" + String(repeating: "20260322,", count: 20_000) + "20260322"
        let lines = String(repeating: "RDATE:20260322\r\n", count: 20_000)
        for written in [list, lines + "SUMMARY:x"] {
            let reading = CalendarText(Self.calendar(Self.event(written))).objects.first?.read()
            let schedule = reading?.master?.schedule
            #expect((schedule?.exclusions.count ?? 0) + (schedule?.additions.count ?? 0) == 10_000)
            #expect(reading?.flaws.map(\.problem) == [.tooManyTimes])
        }
    }

    @Test(arguments: [
        ";A=\"", ";", "X;A=", "=\n", ":", "\r", "\\", "\"", ",", "^", "\n ", "\r\r", "=3D", "&", "<a", "BEGIN:A\n",
        "END:A\n",
        "UID:a\n", "A.B:c\n", "BEGIN:VEVENT\nUID:a\nEND:VEVENT\n", "BEGIN:VCARD\nAGENT:\n", "\u{FEFF}", "é",
        "ATTENDEE;CN=:mailto:", "mailto:",
    ])
    func `T14: a lot of anything takes linear time`(_ piece: String) {
        let bytes = [UInt8](String(repeating: piece, count: 200_000 / piece.utf8.count).utf8)
        let starts = [
            "", "BEGIN:VEVENT\nUID:a\nDTSTART:20260321\nX-ALT-DESC:", "BEGIN:VEVENT\nDTSTART:20260321\nATTENDEE:",
            "BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:", "Name,\"",
        ]
        for start in starts {
            let spent = ContinuousClock().measure {
                Everything.ofCalendar([UInt8](start.utf8) + bytes)
                Everything.ofContacts([UInt8](start.utf8) + bytes)
            }
            #expect(spent < .seconds(10), "\(start)")
        }
    }

    @Test func `check 96: 49,999 events are read, each when it is asked for`() {
        let events = (0..<49_999).map {
            "BEGIN:VEVENT\r\nUID:\($0)\r\nDTSTART:20260321T090000Z\r\nSUMMARY:Meeting \($0)\r\nEND:VEVENT\r\n"
        }
        let text = CalendarText(Self.calendar([UInt8](events.joined().utf8)))
        #expect(text.objects.count == 49_999)
        #expect(text.isWhole)
        #expect(text.objects.last?.read().master?.summary == .value("Meeting 49998"))
    }
}
