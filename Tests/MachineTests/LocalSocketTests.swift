import Foundation
import Machine
import Testing

@Suite struct LocalSocketTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "s-\(UUID().uuidString.prefix(8))").path

    @Test func `lines go both ways, and the end of one side is heard by the other`() throws {
        let listener = try LocalListener(path: path)
        let server = try Background { () -> [String] in
            var heard: [String] = []
            guard let visitor = listener.accept() else { return heard }
            while let line = try visitor.readLine() {
                heard.append(String(decoding: line, as: UTF8.self))
                visitor.write(line: Array("heard \(heard.count)".utf8))
            }
            return heard
        }
        do {
            let client = try #require(try LocalConnection.connect(to: path))
            #expect(client.write(line: Array("one".utf8)))
            #expect(client.write(line: Array(repeating: UInt8(ascii: "x"), count: 300_000)))
            #expect(try client.readLine() == Array("heard 1".utf8))
            #expect(try client.readLine() == Array("heard 2".utf8))
            client.end()
        }
        let heard = try server.wait()
        #expect(heard.map(\.utf8.count) == [3, 300_000])
        listener.end()
    }

    @Test func `T33 the socket is for its owner alone, and tells who is at the other end`() throws {
        let listener = try LocalListener(path: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let server = try Background { listener.accept()?.peerUser }
        let client = try LocalConnection.connect(to: path)
        #expect(client != nil)
        #expect(try server.wait() == ThisProcess.user)
        listener.end()
    }

    @Test func `where nobody listens there is no connection, and a socket that a kill left is replaced`() throws {
        #expect(try LocalConnection.connect(to: path) == nil)
        do {
            let first = try LocalListener(path: path)
            _ = first
        }
        // The file is still there, and nobody listens.
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(try LocalConnection.connect(to: path) == nil)
        let second = try LocalListener(path: path)
        #expect(try LocalConnection.connect(to: path) != nil)
        #expect(second.accept() != nil)
        second.end()
        #expect(second.accept() == nil)
    }

    @Test func `a path that is too long for the kernel works all the same`() throws {
        let deep = path + "/" + String(repeating: "a-long-name-of-a-folder/", count: 6)
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
        let listener = try LocalListener(path: deep + "daybook.socket")
        #expect(try LocalConnection.connect(to: deep + "daybook.socket") != nil)
        listener.end()
        try FileManager.default.removeItem(atPath: path)
    }
}

@Suite struct SupervisorTests {
    @Test func `without a supervisor nothing is told, and no watchdog is kept`() {
        let alone = Supervisor(environment: { _ in nil })
        #expect(alone.watchdogMilliseconds == nil)
        alone.ready("x")
    }

    @Test func `the watchdog is that of this process`() {
        func supervisor(_ pid: String) -> Supervisor {
            Supervisor(environment: ["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": pid].mapped)
        }
        #expect(supervisor(String(ThisProcess.identifier)).watchdogMilliseconds == 20_000)
        #expect(supervisor("1").watchdogMilliseconds == nil)
    }

    @Test func `an instant is told in UTC`() {
        #expect(Moment.utc(0) == "1970-01-01T00:00:00.000Z")
        #expect(Moment.utc(-1) == "1969-12-31T23:59:59.999Z")
        #expect(Moment.utc(1_764_547_200_123) == "2025-12-01T00:00:00.123Z")
    }
}

extension [String: String] {
    fileprivate var mapped: (String) -> String? { { self[$0] } }
}
