import Secrets
import Testing

@Suite struct HashTests {
    /// FIPS 180-4, as NIST's example values give them.
    static let vectors: [(String, Int, String)] = [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]

    @Test(arguments: vectors)
    func `SHA-256 is that of the standard`(_ text: String, _ times: Int, _ digest: String) {
        #expect(SHA256.hash(Array(String(repeating: text, count: times).utf8)).hexadecimal == digest)
    }

    @Test(arguments: [1, 2, 7, 55, 56, 63, 64, 65, 1_000])
    func `a hash does not depend on how the bytes came in`(_ step: Int) {
        let bytes = (0..<1_500).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var hash = SHA256()
        let message = Message()
        for start in stride(from: 0, to: bytes.count, by: step) {
            let piece = Array(bytes[start..<min(start + step, bytes.count)])
            if piece.count == 1 { hash.update(piece[0]) } else { hash.update(piece.span) }
            message.append(piece.span)
        }
        #expect(hash.finish() == SHA256.hash(bytes))
        #expect(message.sha256 == SHA256.hash(bytes))
        #expect(message.contents == bytes)
    }

    @Test func `an inner node is the hash of 65 bytes`() throws {
        let left = SHA256.hash([1])
        let right = SHA256.hash([2])
        #expect(SHA256.hash(1, left, right) == SHA256.hash([1] + left.bytes + right.bytes))
        #expect(SHA256.hash(1, left, right) != SHA256.hash(1, right, left))
    }

    @Test func `a message writes numbers with the highest byte first, and lengths before texts`() {
        let message = Message()
        message.append(UInt8(7))
        message.append(Int64(-2))
        message.append(UInt64(0x0102_0304_0506_0708))
        message.appendWithLength("é")
        message.appendWithLength("")
        #expect(message.contents.hexadecimal == "07fffffffffffffffe010203040506070800000002c3a900000000")
        message.clear()
        #expect(message.contents.isEmpty)
        #expect(message.sha256 == SHA256.hash([]))
    }

    @Test func `a message grows with what is put in`() {
        let message = Message()
        let block = [UInt8](repeating: 9, count: 3_000)
        for _ in 0..<50 { message.append(block.span) }
        #expect(message.count == 150_000)
        #expect(message.sha256 == SHA256.hash([UInt8](repeating: 9, count: 150_000)))
    }

    @Test func `a digest is 32 bytes and nothing else`() {
        #expect(Digest([UInt8](repeating: 0, count: 32))?.bytes == [UInt8](repeating: 0, count: 32))
        for count in [0, 31, 33] { #expect(Digest([UInt8](repeating: 0, count: count)) == nil) }
        #expect(Digest(hexadecimal: String(repeating: "0f", count: 32))?.bytes == [UInt8](repeating: 15, count: 32))
        for text in ["", "0f", String(repeating: "0g", count: 32), String(repeating: "0f", count: 33)] {
            #expect(Digest(hexadecimal: text) == nil)
        }
    }

    @Test func `digests are equal only if every byte is`() throws {
        let bytes = [UInt8](repeating: 0, count: 32)
        let digest = try #require(Digest(bytes))
        for index in bytes.indices {
            var other = bytes
            other[index] = 1
            #expect(Digest(other) != digest)
        }
    }
}
