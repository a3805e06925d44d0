import Testing

@testable import ICalendar

@Suite struct TableTests {
    static func read(_ text: String) -> ContactText { ContactText.read([UInt8](text.utf8)) }

    /// The same person as different programs write it.
    static let tables: [(String, String)] = [
        (
            "Google today",
            "First Name,Middle Name,Last Name,Nickname,Organization Name,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value\r\nJane,,Doe,,Firm,,* myContacts,* Work,jane@b.example,Home,j@c.example,Mobile,+31\r\n"
        ),
        (
            "Google before",
            "Name,Given Name,Additional Name,Family Name,Nickname,Notes,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Name\nJane Doe,Jane,,Doe,,,* Work,jane@b.example ::: j@c.example,Mobile,+31,Firm\n"
        ),
        (
            "Outlook",
            "\"First Name\",\"Middle Name\",\"Last Name\",\"Company\",\"E-mail Address\",\"E-mail 2 Address\",\"Mobile Phone\"\r\n\"Jane\",\"\",\"Doe\",\"Firm\",\"jane@b.example\",\"j@c.example\",\"+31\"\r\n"
        ),
        (
            "Outlook in German",
            "Vorname;Weitere Vornamen;Nachname;Firma;E-Mail-Adresse;E-Mail 2: Adresse;Mobiltelefon\r\nJane;;Doe;Firm;jane@b.example;j@c.example;+31\r\n"
        ),
        (
            "Outlook in French",
            "Prénom,Nom,Société,Adresse de messagerie,Adresse de messagerie 2,Tél. mobile\nJane,Doe,Firm,jane@b.example,j@c.example,+31\n"
        ),
        (
            "Outlook in Dutch",
            "Voornaam,Achternaam,Bedrijf,E-mailadres,E-mailadres 2,Mobiele telefoon\nJane,Doe,Firm,jane@b.example,j@c.example,+31\n"
        ),
        (
            "Thunderbird",
            "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Mobile Number,Organization,Notes\nJane,Doe,Jane Doe,,jane@b.example,j@c.example,+31,Firm,\n"
        ),
        ("tabs", "Name\tCompany\tEmail\tEmail 2\tPhone\nJane Doe\tFirm\tjane@b.example\tj@c.example\t+31\n"),
        (
            "Excel",
            "sep=;\r\nName;Company;E-mail;E-mail 2;Telephone\r\nJane Doe;Firm;jane@b.example;j@c.example;+31\r\n"
        ),
    ]

    @Test(arguments: tables)
    func `a table is read as its program writes it`(_ program: String, _ table: String) {
        let text = Self.read(table)
        #expect(text.kind == .table)
        #expect(text.isWhole)
        #expect(text.flaws.isEmpty)
        #expect(text.contacts.count == 1)
        let contact = text.contacts.first
        #expect(contact?.name == "Jane Doe")
        #expect(contact?.organization == "Firm" || program == "Google before")
        #expect(contact?.addresses.map(\.text) == ["jane@b.example", "j@c.example"])
        #expect(contact?.phones.map(\.text) == ["+31"])
    }

    @Test func `quotes hold separators, breaks and quotes`() {
        let text = Self.read("Name,Notes,Email\n\"Doe, Jane\",\"a \"\"b\"\"\r\nc\",jane@b.example\nX,,x@b.example\n")
        #expect(text.contacts.map(\.name) == ["Doe, Jane", "X"])
        #expect(text.contacts.first?.note == "a \"b\"\r\nc")
    }

    @Test func `a table in UTF-16, with a mark, or in Windows-1252 is read`() {
        let table = "Name,Email\nJörg,j@b.example\n"
        let wide: [UInt8] = [0xFF, 0xFE] + table.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(ContactText.read(wide).contacts.map(\.name) == ["Jörg"])
        #expect(ContactText.read([0xEF, 0xBB, 0xBF] + [UInt8](table.utf8)).contacts.map(\.name) == ["Jörg"])
        let narrow = ContactText.read(table.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        #expect(narrow.contacts.map(\.name) == ["Jörg"])
        #expect(narrow.flaws == [Flaw(component: "", line: 2, problem: .charactersGuessed)])
    }

    @Test func `a name that is an address is an address`() {
        let contacts = Self.read("Display Name,Email\na@b.example,\nc@b.example,d@b.example\n").contacts
        #expect(contacts.map(\.name) == ["", ""])
        #expect(contacts.map { $0.addresses.map(\.text) } == [["a@b.example"], ["d@b.example"]])
    }

    @Test func `characters that cannot be seen are no name`() {
        let text = Self.read("Name,Email\n\u{1}\u{0}\u{7F},\nJa\u{0}ne,\n")
        #expect(text.contacts.map(\.name) == ["Jane"])
        #expect(text.flaws.map(\.problem) == [.rowUnreadable])
    }

    @Test(arguments: [
        "1,1,1\n2,2,2\n", "Jane,jane@b.example\n", "name1,relationship,name2\na,b,c\n", "just a text", "dn: cn=x\n",
    ])
    func `a table without a header that is known is refused`(_ table: String) {
        #expect(Self.read(table).flaws.map(\.problem) == [.columnsUnknown])
    }

    @Test func `a row of nobody is noted with its line, and the next is read`() {
        let text = Self.read("Name,Email,Notes\n\n,,only a note\nJane,,\n")
        #expect(text.contacts.map(\.name) == ["Jane"])
        #expect(text.flaws.map(\.problem) == [.rowUnreadable])
    }

    @Test(arguments: ["Name,Email\nJane,jane@b.exa", "Name,Email\n\"Jane,jane@b.example\n", "Name,Email"])
    func `a table whose last row has no break is not whole`(_ table: String) {
        let text = Self.read(table)
        #expect(!text.isWhole)
        #expect(text.flaws.map(\.problem).contains(.cutOff))
    }
}
