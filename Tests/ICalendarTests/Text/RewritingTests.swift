import Testing

@testable import ICalendar

@Suite struct RewritingTests {
    static let lines = [
        "BEGIN:VCALENDAR", "X-ODD;a=b:  kept as it is ", "BEGIN:VEVENT", "UID:a", "summary:old", "DESCRIPTION:long",
        " er",
        "BEGIN:VALARM", "SUMMARY:of the alarm", "END:VALARM", "END:VEVENT", "END:VCALENDAR",
    ]

    @Test(arguments: ["\r\n", "\n"])
    func `check 95: a changed property is the only line that changes`(_ end: String) throws {
        let text = ComponentTextTests.text(Self.lines, break: end)
        let event = try #require(text.roots.first?.children.first)
        var rewriting = Rewriting(text)
        rewriting.set("SUMMARY", toText: "new, and\nmore", in: event)
        rewriting.set("SUMMARY", toText: "newer, and\nmore", in: event)
        var lines = Self.lines
        lines[4] = #"SUMMARY:newer\, and\nmore"#
        #expect(rewriting.serialised == ComponentTextTests.text(lines, break: end).serialised)
    }

    @Test func `check 95: nothing changed is nothing written anew`() {
        let text = ComponentTextTests.text(Self.lines)
        #expect(Rewriting(text).serialised == text.serialised)
    }

    @Test func `check 95: what is new stands before the parts, and what is removed is gone with its folds`() throws {
        let text = ComponentTextTests.text(Self.lines)
        let event = try #require(text.roots.first?.children.first)
        var rewriting = Rewriting(text)
        rewriting.set("LOCATION", toText: "Room 1", in: event)
        rewriting.remove("DESCRIPTION", from: event)
        var lines = Self.lines
        lines.replaceSubrange(5...6, with: ["LOCATION:Room 1"])
        #expect(rewriting.serialised == ComponentTextTests.text(lines).serialised)
    }

    @Test func `check 95: what is written is read again, in rows of at most 75 bytes`() throws {
        let text = ComponentTextTests.text(Self.lines)
        let event = try #require(text.roots.first?.children.first)
        let long = String(repeating: "Zürich 🚀 \\ ; , \n", count: 40)
        var rewriting = Rewriting(text)
        rewriting.set("SUMMARY", toText: long, in: event)
        rewriting.set("X-NEW", to: "v", parameters: [("CN", "a \"b\": c\n^")], in: event)
        let again = ComponentText(rewriting.serialised)
        let changed = try #require(again.roots.first?.children.first)
        #expect(changed.first("SUMMARY")?.text == long)
        #expect(changed.first("X-NEW")?.parameter("CN") == "a \"b\": c\n^")
        let rows = rewriting.serialised.split(separator: 10)
        #expect(rows.allSatisfy { $0.count <= 76 && String(validating: $0, as: UTF8.self) != nil })
    }
}
