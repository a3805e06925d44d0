import Foundation
import Testing

@testable import Machine

/// The browser that comes back, and whoever else knocks at the door.
@Suite(.timeLimit(.minutes(1))) struct LoopbackListenerTests {
    private static let state = "s-_123"

    /// What a client of the listener is told; the listener waits meanwhile for the right state.
    private func knock(
        _ listener: LoopbackListener, patience: Int = 20_000, _ client: @escaping @Sendable (Caller) throws -> String
    ) throws -> (answer: String, address: String?) {
        let caller = Caller(port: listener.port)
        let talk = try Background { try client(caller) }
        let address = try listener.wait(state: Self.state, milliseconds: patience)
        return (try talk.wait(), address)
    }

    private static func get(_ target: String, _ caller: Caller, host: String? = nil) -> String {
        "GET \(target) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(caller.port)")\r\nAccept: */*\r\n\r\n"
    }

    @Test func `A05 the address with the right state is handed on, and the browser is shown a page`() throws {
        let listener = try LoopbackListener(path: "/google")
        #expect(listener.address == "http://127.0.0.1:\(listener.port)/google")
        let (answer, address) = try knock(listener) { caller in
            try caller.ask(Self.get("/google?state=\(Self.state)&code=4%2F0A&scope=a+b", caller))
        }
        #expect(address == listener.address + "?state=\(Self.state)&code=4%2F0A&scope=a+b")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        for part in [
            "\r\nReferrer-Policy: no-referrer\r\n", "\r\nCache-Control: no-store\r\n", "You can close this window",
            "\r\nContent-Security-Policy: default-src 'none'",
        ] { #expect(answer.contains(part), "\(part)") }
        #expect(!answer.contains("4%2F0A"))
        let body = try #require(answer.range(of: "\r\n\r\n")).upperBound
        #expect(answer.contains("Content-Length: \(answer[body...].utf8.count)\r\n"))
    }

    @Test func `A05 under the name localhost it is the same`() throws {
        let listener = try LoopbackListener(host: "localhost", path: "/microsoft")
        let address = try knock(listener) { caller in
            try caller.ask(Self.get("/microsoft?code=1&state=\(Self.state)", caller, host: "LOCALHOST:\(caller.port)"))
        }.address
        #expect(address == listener.address + "?code=1&state=\(Self.state)")
    }

    static let strangers: [(request: String, status: String)] = [
        ("GET /favicon.ico HTTP/1.1\r\nHost: HOST\r\n\r\n", "404"),
        ("GET / HTTP/1.1\r\nHost: HOST\r\n\r\n", "404"),
        ("GET /microsoft?state=s-_123 HTTP/1.1\r\nHost: HOST\r\n\r\n", "404"),
        ("GET /google HTTP/1.1\r\nHost: HOST\r\n\r\n", "400"),
        ("GET /google?code=1 HTTP/1.1\r\nHost: HOST\r\n\r\n", "400"),
        ("GET /google?code=1&state= HTTP/1.1\r\nHost: HOST\r\n\r\n", "400"),
        ("GET /google?code=1&state=s-_1234 HTTP/1.1\r\nHost: HOST\r\n\r\n", "400"),
        ("GET /google?code=1&xstate=s-_123 HTTP/1.1\r\nHost: HOST\r\n\r\n", "400"),
        ("GET /google?state=s-_123&state=s-_123 HTTP/1.1\r\nHost: HOST\r\n\r\n", "400"),
        ("GET /google?state=s-_123&state=other HTTP/1.1\r\nHost: HOST\r\n\r\n", "400"),
        ("POST /google?state=s-_123 HTTP/1.1\r\nHost: HOST\r\n\r\n", "405"),
        ("HEAD /google?state=s-_123 HTTP/1.1\r\nHost: HOST\r\n\r\n", "405"),
        ("GET /google?state=s-_123 HTTP/1.1\r\nHost: evil.example:80\r\n\r\n", "400"),
        ("GET /google?state=s-_123 HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "400"),
        ("GET /google?state=s-_123 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "400"),
        ("GET /google/?state=s-_123 HTTP/1.1\r\nHost: HOST\r\n\r\n", "404"),
        ("GET /google?state=s-_123 HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n", "400"),
        ("GET /google?state=s-_123 HTTP/1.1\r\n\r\n", "400"),
        ("GET http://HOST/google?state=s-_123 HTTP/1.1\r\nHost: HOST\r\n\r\n", "400"),
        ("GET /google?state=s-_123 HTTP/2\r\nHost: HOST\r\n\r\n", "400"),
        ("GET /google?state=s-_123\r\nHost: HOST\r\n\r\n", "400"),
        ("GET /google?a=\u{1}&state=s-_123 HTTP/1.1\r\nHost: HOST\r\n\r\n", "400"),
        ("\u{16}\u{3}\u{1}\r\n\r\n", "400"), ("\r\n\r\n", "400"), ("rubbish\r\n\r\n", "400"),
        ("GET /google?\(String(repeating: "a", count: 40_000))", "400"),
    ]

    @Test(arguments: strangers.map(\.request))
    func `T1 another path, state, method or host is turned away, and the right one still comes through`(
        _ request: String
    ) throws {
        let status = try #require(Self.strangers.first { $0.request == request }).status
        let listener = try LoopbackListener(path: "/google")
        let (answer, address) = try knock(listener) { caller in
            let text = request.split(separator: "HOST", omittingEmptySubsequences: false)
                .joined(separator: "127.0.0.1:\(caller.port)")
                .split(separator: "PORT", omittingEmptySubsequences: false).joined(separator: "\(caller.port)")
            let answer = try caller.ask(text)
            _ = try caller.ask(Self.get("/google?code=right&state=\(Self.state)", caller))
            return answer
        }
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(40))")
        #expect(address?.contains("code=right") == true)
    }

    @Test func `clients that say nothing, little or rubbish keep nobody out`() throws {
        let listener = try LoopbackListener(path: "/google")
        let address = try knock(listener) { caller in
            var silent: [Int32] = []
            defer { for descriptor in silent { close(descriptor) } }
            for index in 0..<60 {
                let descriptor = try caller.connect()
                if index % 3 == 1 { caller.say("GET /goo", to: descriptor) }
                if index % 3 == 2 { caller.say(String(repeating: "\u{0}x\r\n", count: 500), to: descriptor) }
                silent.append(descriptor)
            }
            return try caller.ask(Self.get("/google?code=right&state=\(Self.state)", caller))
        }.address
        #expect(address?.contains("code=right") == true)
    }

    @Test func `a request that comes in pieces is put together`() throws {
        let listener = try LoopbackListener(path: "/google")
        let address = try knock(listener) { caller in
            let descriptor = try caller.connect()
            for letter in Self.get("/google?code=1&state=\(Self.state)", caller) {
                caller.say(String(letter), to: descriptor)
            }
            return caller.hear(descriptor)
        }.address
        #expect(address != nil)
    }

    @Test func `when the time is over nobody has come`() throws {
        let listener = try LoopbackListener(path: "/google")
        #expect(try listener.wait(state: Self.state, milliseconds: 0) == nil)
        #expect(try listener.wait(state: Self.state, milliseconds: 30) == nil)
        // An empty state is no state.
        let caller = Caller(port: listener.port)
        let talk = try Background { try caller.ask(Self.get("/google?state=", caller)) }
        #expect(try listener.wait(state: "", milliseconds: 100) == nil)
        _ = try talk.wait()
    }

    @Test func `a port that is taken is said to be`() throws {
        let listener = try LoopbackListener(path: "/google")
        let error = #expect(throws: MachineError.self) { try LoopbackListener(port: listener.port, path: "/google") }
        #expect(error?.description.contains("127.0.0.1:\(listener.port)") == true)
        for port in [-1, 65_536] { #expect(throws: MachineError.self) { try LoopbackListener(port: port, path: "/") } }
    }
}

/// A client that says anything.
struct Caller: Sendable {
    let port: Int

    struct NotConnected: Error {}

    func connect() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // Who is not answered does not wait for ever.
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw NotConnected() }
        return descriptor
    }

    func say(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// All that is said until the other side ends.
    func hear(_ descriptor: Int32) -> String {
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer.prefix(count)
        }
    }

    func ask(_ text: String) throws -> String {
        let descriptor = try connect()
        say(text, to: descriptor)
        return hear(descriptor)
    }
}
