import Secrets
import Testing

@Suite struct EncodingTests {
    /// RFC 4648, section 10.
    static let vectors: [(String, String, String)] = [
        ("", "", ""), ("f", "Zg==", "66"), ("fo", "Zm8=", "666f"), ("foo", "Zm9v", "666f6f"),
        ("foob", "Zm9vYg==", "666f6f62"), ("fooba", "Zm9vYmE=", "666f6f6261"), ("foobar", "Zm9vYmFy", "666f6f626172"),
    ]

    @Test(arguments: vectors)
    func `base64 and hexadecimal are those of the standard`(_ text: String, _ base64: String, _ hexadecimal: String) {
        let bytes = Array(text.utf8)
        #expect(bytes.base64 == base64)
        #expect([UInt8](base64: base64) == bytes)
        #expect(bytes.hexadecimal == hexadecimal)
        #expect([UInt8](hexadecimal: hexadecimal) == bytes)
    }

    @Test func `every byte comes back`() {
        let bytes = (0...255).map { UInt8($0) }
        #expect([UInt8](base64: bytes.base64) == bytes)
        #expect([UInt8](hexadecimal: bytes.hexadecimal) == bytes)
        #expect([UInt8](hexadecimal: bytes.hexadecimal.uppercased()) == bytes)
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Z", "Zh==", "Zm9=", "Zm9v ", " Zm9v", "Zm9v\n", "Zm\n9v", "Zm-_", "Zm9vé", "Zm9v\u{0}",
        "====", "Zg==Zg==",
    ])
    func `base64 that is not exactly that is refused`(_ text: String) {
        #expect([UInt8](base64: text) == nil)
    }

    @Test(arguments: ["0", "0g", "0x00", " 00", "00 ", "０0", "é0", "0\u{0}"])
    func `hexadecimal that is not exactly that is refused`(_ text: String) {
        #expect([UInt8](hexadecimal: text) == nil)
    }

    @Test func `base64 for addresses needs no escape and no padding`() {
        #expect([UInt8]([0xfb, 0xff, 0xfe]).base64URL == "-__-")
        #expect([UInt8]("a".utf8).base64URL == "YQ")
        #expect([UInt8]([]).base64URL == "")
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
            #expect([UInt8](base64URL: bytes.base64URL) == bytes)
        }
        for text in ["YQ==", "+//+", "Y", "YQ\n", "YR"] { #expect([UInt8](base64URL: text) == nil, "\(text)") }
    }
}
