import Machine
import Testing
import WebServer

/// Requests that are damaged by chance, from a seed.
struct MutationTests {
    private static let models = [
        "GET /meetings?from=2026-01-01&q=%C3%A9 HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nCookie: a=b; c=d\r\n\r\n",
        "POST /people HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"name\":\"Jo\"}",
        "PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\n123\r\n0\r\nTrailer: 1\r\n\r\n",
        "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\nHEAD /3 HTTP/1.0\r\nConnection: close\r\n\r\n",
        "POST /f HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\na=b&c",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\nAuthorization: Digest username=\"a\", realm=\"b\"\r\nX-Folded: a\r\n b\r\n\r\n",
    ]
    private static let words = [
        "\r\n", "\r\n\r\n", "\n", "\0", " ", ":", "%", "%00", "%FF", "?", "&", "=", ";", ",", "chunked", "HTTP/1.1",
        "HTTP/9.9",
        "Content-Length: ", "Transfer-Encoding: chunked\r\n", "Host: ", "Cookie: ", "FFFFFFFFFFFFFFFF\r\n", "-1",
        "\u{7F}", "é", "\"",
        "Expect: 100-continue\r\n", "Connection: Upgrade\r\nUpgrade: websocket\r\n", "99999999999999999999", "\t",
    ].map { Array($0.utf8) }

    private func damaged(_ model: [UInt8], _ chance: inout Chance) -> [UInt8] {
        var bytes = model
        for _ in 0...Int.random(in: 0..<4, using: &chance) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &chance)
            switch Int.random(in: 0..<6, using: &chance) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &chance)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: Self.words.randomElement(using: &chance)!, at: place)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 20))
            case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `T20 damaged requests do no harm`(seed: UInt64) throws {
        // Of those that are waited for, there shall never be more than one address may have.
        let place = try Surroundings {
            $0.silenceSeconds = 1
            $0.connectionsPerAddress = 2_000
        } reply: {
            Reply(200, body: $0.body)
        }
        var chance = Chance(seed)
        for _ in 0..<2_500 {
            // Some are waited for by the server as long as it may; the client goes before.
            let caller = Caller(place.port, patienceMilliseconds: 2)
            caller.say(damaged(Array(Self.models.randomElement(using: &chance)!.utf8), &chance))
            caller.endSaying()
            _ = caller.hearAll()
        }
        #expect(place.answers())
        #expect(place.heard.with { $0.allSatisfy { $0.path.hasPrefix("/") && !$0.path.contains("\0") } })
    }
}

/// Numbers that come again with the seed (SplitMix64).
private struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
