import Testing

@testable import ICalendar

@Suite struct CardTests {
    static func read(_ lines: String...) -> ContactText {
        ContactText.read([UInt8]((["BEGIN:VCARD"] + lines + ["END:VCARD", ""]).joined(separator: "\r\n").utf8))
    }

    static func contact(_ lines: String...) -> Contact? {
        ContactText.read([UInt8]((["BEGIN:VCARD"] + lines + ["END:VCARD", ""]).joined(separator: "\r\n").utf8)).contacts
            .first
    }

    @Test func `a card of version 4.0 is read`() {
        let contact = Self.contact(
            "VERSION:4.0", "UID:urn:uuid:1", "FN:Jane Doe", "N:Doe;Jane;Quinn;Dr.;", "NICKNAME:JJ,Jay",
            "ORG:Firm;Sales",
            "TITLE:Boss", "EMAIL;TYPE=work:second@b.example", "EMAIL;PREF=1;TYPE=home:First@B.example",
            "TEL;VALUE=uri;TYPE=cell:tel:+31-20-1", "NOTE:line\\none", "REV:20260101T000000Z", "BDAY:19700101",
            "PHOTO:data:x")
        #expect(contact?.uid == "urn:uuid:1")
        #expect(contact?.name == "Jane Doe")
        #expect(contact?.given == "Jane")
        #expect(contact?.family == "Doe")
        #expect(contact?.otherNames == ["Quinn", "JJ", "Jay"])
        #expect(contact?.organization == "Firm")
        #expect(contact?.title == "Boss")
        #expect(contact?.addresses.map(\.text) == ["first@b.example", "second@b.example"])
        #expect(contact?.addresses.map(\.label) == ["home", "work"])
        #expect(contact?.phones == [Contact.Labelled("+31-20-1", label: "cell")])
        #expect(contact?.note == "line\none")
        #expect(contact?.revision == "20260101T000000Z")
        #expect(contact?.isGroup == false)
    }

    @Test func `a card of version 3.0 with groups and Apple's labels is read`() {
        let contact = Self.contact(
            "VERSION:3.0", "FN:Jane", "EMAIL;type=INTERNET;type=WORK:a@b.example",
            "item1.EMAIL;type=INTERNET,pref:c@b.example",
            "item1.X-ABLabel:_$!<Other>!$_", "item2.EMAIL:d@b.example", "item2.X-ABLabel:Club")
        #expect(contact?.addresses.map(\.text) == ["c@b.example", "a@b.example", "d@b.example"])
        #expect(contact?.addresses.map(\.label) == ["other", "work", "Club"])
    }

    @Test func `a card of version 2.1 is read`() {
        let contact = Self.contact(
            "VERSION:2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=", "=B6rg",
            "EMAIL;INTERNET;PREF:j@b.example",
            "TEL;CELL;VOICE:+49", "PHOTO;ENCODING=BASE64;JPEG:AAAA", "  BBBB", "", "TITLE:Chef")
        #expect(contact?.name == "Jörg Müller")
        #expect(contact?.addresses.map(\.text) == ["j@b.example"])
        #expect(contact?.phones == [Contact.Labelled("+49", label: "cell")])
        #expect(contact?.title == "Chef")
    }

    @Test func `several cards are read, also with an agent within one`() {
        let text = ContactText.read(
            [UInt8](
                """
                BEGIN:VCARD
                FN:One
                AGENT:
                BEGIN:VCARD
                FN:Agent
                END:VCARD
                EMAIL:one@b.example
                END:VCARD
                begin:vcard
                fn:Two
                end:vcard
                """.utf8))
        #expect(text.contacts.map(\.name) == ["One", "Two"])
        #expect(text.contacts.first?.addresses.count == 1)
        #expect(text.isWhole)
        #expect(text.kind == .cards)
        #expect(text.flaws.isEmpty)
    }

    @Test(arguments: ["KIND:group", "X-ADDRESSBOOKSERVER-KIND:group", "KIND:GROUP"])
    func `a group is a group`(_ line: String) {
        #expect(Self.contact("FN:Team", line)?.isGroup == true)
    }

    @Test func `a card that was cut is set aside, and the next one is read`() {
        let text = Self.read("UID:cut", "FN:One", "BEGIN:VCARD", "FN:Two")
        #expect(text.contacts.map(\.name) == ["Two"])
        #expect(text.flaws.map(\.problem) == [.notEnded])
        #expect(text.flaws.first?.uid == "cut")
        #expect(!text.isWhole)
    }

    @Test func `a card of nobody is noted`() {
        let text = Self.read("UID:x", "NOTE:nothing")
        #expect(text.contacts.isEmpty)
        #expect(text.flaws.map(\.problem) == [.rowUnreadable])
        #expect(text.isWhole)
    }

    @Test func `T14: a photograph is dropped, and the card is read`() {
        let row = String(repeating: "QUJD", count: 18) + "\r\n "
        let text = Self.read(
            "FN:Jane", "PHOTO;ENCODING=b:" + String(repeating: row, count: 5_000) + "A", "EMAIL:j@b.example")
        #expect(text.contacts.first?.addresses.count == 1)
        #expect(text.flaws.map(\.problem) == [.attachmentDropped])
    }

    @Test(arguments: [
        ("", Flaw.Problem.empty), (" \n", .empty), ("<html>", .webPage), ("[]", .otherText), ("{}", .otherText),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", .otherText), ("Jane,jane@b.example\n", .columnsUnknown),
    ])
    func `what is no address book is refused with a reason`(_ body: String, _ problem: Flaw.Problem) {
        let text = ContactText.read([UInt8](body.utf8))
        #expect(text.kind == .other)
        #expect(text.flaws.map(\.problem) == [problem])
        #expect(!text.isWhole)
    }
}
