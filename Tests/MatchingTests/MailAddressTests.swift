import Matching
import Testing

@Suite struct MailAddressTests {
    static let normal: [(String, String)] = [
        ("jane@example.org", "jane@example.org"),
        ("  Jane@Example.ORG\t", "jane@example.org"),
        ("mailto:jane@example.org", "jane@example.org"),
        ("MAILTO: Jane@Example.org", "jane@example.org"),
        ("mailto:mailto:jane@example.org", "jane@example.org"),
        ("mailto:jane@example.org?subject=Hi", "jane@example.org"),
        ("mailto:jane%2Bnews@example.org", "jane+news@example.org"),
        ("mailto:j%C3%BCrgen@example.org", "jürgen@example.org"),
        ("jane%2Bnews@example.org", "jane%2bnews@example.org"),
        ("SMTP:jane@example.org", "jane@example.org"),
        ("<jane@example.org>", "jane@example.org"),
        ("Jane Doe <jane@example.org>", "jane@example.org"),
        ("mailto:<jane@example.org>", "jane@example.org"),
        ("\"jane@example.org\"", "jane@example.org"),
        ("'jane@example.org'", "jane@example.org"),
        ("jane@example.org.", "jane@example.org"),
        ("jane@example.org;", "jane@example.org"),
        ("jane@example.org\u{200B}", "jane@example.org"),
        ("jane@müller.example", "jane@müller.example"),
        ("jane@xn--mller-kva.example", "jane@müller.example"),
        ("jane@mail.XN--MLLER-KVA.example", "jane@mail.müller.example"),
        ("jane@xn--fiqs8s", "jane@中国"),
        ("jane@xn--0.example", "jane@xn--0.example"),
        ("jane@xn--é-kva.example", "jane@xn--é-kva.example"),
        ("a@b@example.org", "a@b@example.org"),
    ]

    @Test(arguments: normal) func `C01 an address is lower case and trimmed`(_ raw: String, _ address: String) {
        #expect(MailAddress(raw)?.text == address)
    }

    static let none = [
        "", " ", "@", "jane", "jane@", "@example.org", "jane@.", "jane doe@example.org", "mailto:", "mailto:%FF@x.org",
        "/O=ACME/OU=EXCHANGE/CN=RECIPIENTS/CN=JANE", "invalid:nomail", "urn:uuid:1234", "<>", "Jane <>",
        String(repeating: "a", count: 400) + "@example.org", "a@" + String(repeating: "b", count: 256),
    ]

    @Test(arguments: none) func `C01 what is no address is none`(_ raw: String) {
        #expect(MailAddress(raw) == nil)
    }

    static let aliases: [(String, String)] = [
        ("jane+news@example.org", "jane@example.org"),
        ("jane+a+b@example.org", "jane@example.org"),
        ("jane.doe@example.org", "jane.doe@example.org"),
        ("jane.doe@gmail.com", "janedoe@gmail.com"),
        ("J.A.N.E+x@googlemail.com", "jane@gmail.com"),
        ("+jane@example.org", "+jane@example.org"),
        ("...@gmail.com", "...@gmail.com"),
        ("jane.doe@gmail.com.example", "jane.doe@gmail.com.example"),
    ]

    @Test(arguments: aliases) func `C01 an alias has no tag, and no dots with Google only`(
        _ raw: String, _ alias: String
    ) {
        #expect(MailAddress(raw)?.alias == alias)
    }

    @Test(arguments: [
        "noreply@x.org", "No-Reply@x.org", "info@x.org", "sales-emea@x.org", "support+1@x.org", "hr@x.org",
    ])
    func `pain 25: a task's address is known by its words`(_ raw: String) throws {
        #expect(try #require(MailAddress(raw)).isRole)
    }

    @Test(arguments: ["jane@x.org", "infanta@x.org", "salesia.smith@x.org", "ann@info.org"])
    func `pain 25: a person's address is no task's`(_ raw: String) throws {
        #expect(try #require(MailAddress(raw)).isRole == false)
    }

    static let guesses: [(String, String?)] = [
        ("jane.doe@x.org", "Jane Doe"), ("jane_doe+news@x.org", "Jane Doe"), ("jane@x.org", "Jane"),
        ("j.doe@x.org", "J. Doe"), ("jane.doe2@x.org", "Jane Doe"), ("jörg.müller@x.org", "Jörg Müller"),
        ("noreply@x.org", nil), ("info@x.org", nil), ("12345@x.org", nil), ("a1b2c3@x.org", nil), ("x@x.org", nil),
        ("c_1888a9b0room@resource.calendar.google.com", nil), ("a.b.c.d.e@x.org", nil),
        (String(repeating: "q", count: 40) + "@x.org", nil),
    ]

    @Test(arguments: guesses) func `C11 a name is guessed from an address`(_ raw: String, _ name: String?) throws {
        #expect(Guess.name(from: try #require(MailAddress(raw))) == name)
    }

    @Test func `C11 a name is guessed from what the calendar calls him`() {
        #expect(Guess.name(from: "Müller, Dr. Jörg (ACME)") == "Jörg Müller")
        #expect(Guess.name(from: "jane@example.org") == nil)
    }

    @Test func `no text traps`() {
        var chance = Chance(seed: 5)
        for _ in 0..<5_000 {
            let text = chance.text() + (chance.isLucky(1, of: 2) ? "@" + chance.text() : "")
            for raw in [text, "mailto:" + text, "<" + text, "a@xn--" + text] {
                guard let address = MailAddress(raw) else { continue }
                #expect(
                    MailAddress(address.text) == address,
                    "seed 5: \(raw.unicodeScalars.map { String($0.value, radix: 16) })")
                _ = (address.isRole, Guess.name(from: address))
            }
        }
        var letters = "abcdefghijklmnopqrstuvwxyz0123456789-".map(String.init)
        for _ in 0..<5_000 {
            letters.shuffle(using: &chance)
            _ = MailAddress("a@xn--" + letters.prefix(Int.random(in: 0...30, using: &chance)).joined())
        }
    }
}
