import Foundation
import HTTP
import Testing

/// One after the other, for they look at the memory of the process.
@Suite(.serialized) struct LimitTests {
    private let hostile: Hostile
    private let client: Client

    init() throws {
        hostile = try Hostile.shared()
        client = try hostile.client()
    }

    private func kind(_ path: String, _ limits: (inout Limits) -> Void = { _ in }) throws -> HTTPError.Kind? {
        client.send([try hostile.get(path, limits)])[0].failure?.kind
    }

    /// In kibibytes, or 0 where the system does not say.
    private static func memory() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }

    @Test func `T11 a bomb of a hundred megabytes costs a few`() throws {
        let before = Self.memory()
        #expect(try kind("/bomb?megabytes=100") { $0.bodyBytes = 1 << 30 } == .tooLarge)
        // A sanitizer keeps what is freed.
        let isSanitized = ProcessInfo.processInfo.environment["DAYBOOK_TEST_SANITIZED"] != nil
        #expect(Self.memory() - before < 48 << 10 || isSanitized)
        // By its size too, where it is not packed that well.
        #expect(
            try kind("/bomb?megabytes=100") {
                $0.packingRatio = 1_000_000
                $0.bodyBytes = 4 << 20
            } == .tooLarge)
    }

    @Test func `T11 what is packed well but small is fine`() throws {
        #expect(try client.send(hostile.get("/bomb?megabytes=1")).body.count == 1 << 20)
        #expect(try kind("/bomb?megabytes=1") { $0.bodyBytes = (1 << 20) - 1 } == .tooLarge)
    }

    @Test(arguments: ["length", "chunked", "close", "old"])
    func `T11 a body may have as many bytes as is allowed and not one more`(framing: String) throws {
        let path = "/answer?framing=\(framing)&body=" + String(repeating: "a", count: 1_000)
        #expect(try client.send(hostile.get(path) { $0.bodyBytes = 1_000 }).body.count == 1_000)
        #expect(try kind(path) { $0.bodyBytes = 999 } == .tooLarge)
    }

    @Test(arguments: ["headers", "long", "body", "trailer"])
    func `T11 what has no end is ended`(kind flood: String) throws {
        let kind = try kind("/flood?kind=\(flood)") { $0.bodyBytes = 1 << 20 }
        #expect(kind == .tooLarge)
    }

    @Test func `T11 headers may be as long as is allowed`() throws {
        #expect(
            try kind("/answer?header=X-Long:" + String(repeating: "a", count: 2_000)) { $0.headerBytes = 1_000 }
                == .tooLarge)
        #expect(
            try kind("/answer?header=X-Long:" + String(repeating: "a", count: 2_000)) { $0.headerBytes = 3_000 } == nil)
    }

    @Test func `G103 a drip of one byte a second is given up`() throws {
        #expect(try kind("/drip?size=1000&milliseconds=1000") { $0.slowSeconds = 1 } == .tooSlow)
    }

    @Test func `G103 an answer has to be there in time, redirects and all`() throws {
        #expect(
            try kind("/drip?size=1000&milliseconds=100") {
                $0.totalSeconds = 1
                $0.slowBytesPerSecond = 1
            } == .timedOut)
        #expect(try kind("/delay?milliseconds=600") { $0.totalSeconds = 1 } == nil)
    }

    @Test func `G103 the time of all redirects counts together`() throws {
        let late = "/redirect?milliseconds=400&to=/redirect?milliseconds=400%26to=/delay?milliseconds=400"
        #expect(try kind(late) { $0.totalSeconds = 1 } == .timedOut)
        #expect(try kind(late) { $0.totalSeconds = 10 } == nil)
    }
}
