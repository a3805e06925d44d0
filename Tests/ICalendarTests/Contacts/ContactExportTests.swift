import Testing

@testable import ICalendar

@Suite struct ContactExportTests {
    static let payloads = [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "  =1", "\u{00A0}=1",
        "\u{FEFF}=1",
        "a\"\u{301},=1", "\"\u{65D},\"=1",
        "=HYPERLINK(\"https://evil.example\",\"x\")", "=cmd|' /C calc'!A0",
    ]

    static func contact(_ name: String) -> Contact {
        var contact = Contact()
        contact.uid = "1"
        contact.name = name
        contact.given = name
        contact.note = name
        contact.organization = "Firm, \"the\" one"
        contact.otherNames = ["J;J", "a,b"]
        contact.addresses = [
            Contact.Labelled("a@b.example", label: "work"), Contact.Labelled("c@b.example", label: "home"),
        ]
        contact.phones = [Contact.Labelled("+31 20", label: "cell")]
        return contact
    }

    @Test(arguments: payloads)
    func `T23: no cell of a guarded table begins as a formula does`(_ payload: String) {
        let table = ContactExport.table([Self.contact(payload)])
        var rows = TableRows(table[...])
        var cells = 0
        while let row = rows.next() {
            for cell in row {
                cells += 1
                let text = String(decoding: cell, as: UTF8.self)
                #expect(!FormulaGuard.isTrigger(text[...]), "\(text)")
            }
        }
        #expect(cells > 20)
    }

    @Test(arguments: payloads)
    func `T23: without the guard the cells are what they were`(_ payload: String) {
        let table = ContactExport.table([Self.contact(payload)], isGuarded: false)
        var rows = TableRows(table[...])
        _ = rows.next()
        let name = rows.next().map { String(decoding: $0[1], as: UTF8.self) }
        #expect(name == payload)
    }

    @Test(arguments: [true, false])
    func `T23: a table is read again as it was, with the guard and without`(_ isGuarded: Bool) {
        for name in ["Jane Doe", "=1+1", "'quoted'", "-"] {
            let contact = Self.contact(name)
            let again = ContactText.read(ContactExport.table([contact], isGuarded: isGuarded))
            #expect(again.contacts.first?.name == name)
            #expect(again.contacts.first?.addresses == contact.addresses)
            #expect(again.contacts.first?.phones == contact.phones)
            #expect(again.contacts.first?.organization == contact.organization)
            #expect(again.isWhole)
        }
    }

    @Test func `T23: a text that looks guarded already is read again as it was`() {
        for name in ["'=1", "''-x", "'@home"] {
            let again = ContactText.read(ContactExport.table([Self.contact(name)]))
            #expect(again.contacts.first?.name == name)
        }
    }

    @Test(arguments: ["2<<@(>", "a\"x@b", "a,b@c", "a;b@c", "(x)@c"])
    func `what only looks like an address is none, in cards and in tables`(_ text: String) {
        let table = "Name,E-mail Address\r\nJane,\"\(text.split(separator: "\"").joined(separator: "\"\""))\"\r\n"
        #expect(ContactText.read(Array(table.utf8)).contacts.first?.addresses == [])
    }

    @Test(arguments: [ContactExport.CardVersion.three, .four])
    func `a card is read again as it was`(_ version: ContactExport.CardVersion) {
        var contact = Self.contact("Jane; \\ \"Doe\",\nand more, " + String(repeating: "Zürich ", count: 30))
        contact.family = "D;oe"
        contact.isGroup = true
        let bytes = ContactExport.cards([contact, Self.contact("Second")], version: version)
        let again = ContactText.read(bytes)
        #expect(again.isWhole)
        #expect(again.flaws.isEmpty)
        #expect(again.contacts.count == 2)
        contact.name = contact.name.trimmed
        contact.given = contact.given?.trimmed
        contact.note = contact.note?.trimmed
        #expect(again.contacts.first == contact)
        #expect(bytes.split(separator: 10).allSatisfy { $0.count <= 76 })
    }
}
