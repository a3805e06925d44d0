import Testing

@testable import Entries

@Suite struct JSONWriterTests {
    @Test func `the bytes of an object never change`() {
        var writer = JSONWriter()
        writer.name("text")
        writer.text("a\"\\/\u{0}\u{8}\u{c}\n\r\t\u{1f}\u{7f}é🗓️\u{2028}")
        writer.name("numbers")
        writer.array([0, -1, .max, .min] as [Int64]) { $0.integer($1) }
        writer.name("yes")
        writer.boolean(true)
        writer.name("none")
        writer.array([] as [Int64]) { $0.integer($1) }
        writer.name("raw")
        writer.raw(Array("{\"a\":null}".utf8))
        let json =
            #"{"text":"a\"\\/\u0000\u0008\u000c\n\r\t\u001f\u007fé🗓️"# + "\u{2028}"
            + #"","numbers":[0,-1,9223372036854775807,-9223372036854775808],"yes":true,"none":[],"raw":{"a":null}}"#
        #expect(String(decoding: writer.finish(), as: UTF8.self) == json)
        #expect(writer.isEmpty)
        #expect(String(decoding: writer.finish(), as: UTF8.self) == "{}")
    }

    @Test func `every scalar that is written is read back`() throws {
        let scalars = (0..<0x3000).compactMap { UnicodeScalar($0) } + ["\u{fffe}", "\u{10ffff}", "📅", "\u{feff}"]
        for chunk in stride(from: 0, to: scalars.count, by: 64) {
            let text = String(String.UnicodeScalarView(scalars[chunk..<min(chunk + 64, scalars.count)]))
            var writer = JSONWriter()
            writer.name("text")
            writer.text(text)
            let bytes = writer.finish()
            var found: String?
            try JSONScanner.members(of: bytes.span) { (_, value) throws(JSONError) in
                found = value.text(in: bytes.span)
            }
            #expect(found.map { Array($0.utf8) } == Array(text.utf8))
        }
    }

    @Test(arguments: [0, 1, -1, 9, 10, -10, 99, 100, 1_767_600_000_000, .max, .min] as [Int64])
    func `a whole number is written as Swift writes it`(_ value: Int64) {
        var writer = JSONWriter()
        writer.name("a")
        writer.integer(value)
        #expect(String(decoding: writer.finish(), as: UTF8.self) == "{\"a\":\(value)}")
    }
}
