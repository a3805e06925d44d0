import Glibc
import Machine
import Testing
import WebServer

struct LimitTests {
    private let hurried: @Sendable (inout Listener.Options) -> Void = { $0.receivingMilliseconds = 200 }

    /// Says a piece again and again, as fast as the server lets it, until the server has closed.
    private func drip(_ caller: Caller, _ piece: String) {
        // The pause between two pieces is a wait for an answer that does not come, of a hundredth of a second.
        var pause = timeval(tv_sec: 0, tv_usec: 10_000)
        unsafe setsockopt(caller.descriptor, SOL_SOCKET, SO_RCVTIMEO, &pause, socklen_t(MemoryLayout<timeval>.size))
        while caller.say(piece) {
            var byte: UInt8 = 0
            let count = unsafe recv(caller.descriptor, &byte, 1, 0)
            if count == 0 || count < 0 && errno != EAGAIN { return }
        }
    }

    @Test(arguments: [
        "", "G", "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ])
    func `T20 a request that does not come to its end is cut off`(beginning: String) throws {
        let place = try Surroundings(hurried)
        let caller = place.call()
        caller.say(beginning)
        #expect(caller.hearAll().isEmpty)
        _ = place.refused.wait { $0 == [.late] ? true : nil } as Bool
        #expect(place.heard.with { $0.count } == 0)
        #expect(place.answers())
    }

    @Test func `T20 a request that drips is cut off however busy it is`() throws {
        let place = try Surroundings(hurried)
        let headers = place.call()
        headers.say("GET / HTTP/1.1\r\nHost: x\r\n")
        drip(headers, "X: 1\r\n")
        let body = place.call()
        body.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
        drip(body, "x")
        _ = place.refused.wait { $0 == [.late, .late] ? true : nil } as Bool
        #expect(place.heard.with { $0.count } == 0)
    }

    @Test func `T20 the second request on a connection is cut off too`() throws {
        let place = try Surroundings {
            $0.receivingMilliseconds = 200
            $0.silenceSeconds = 1
        }
        let caller = place.call()
        #expect(caller.ask("GET", "/")?.status == 200)
        drip(caller, "GET / HTTP/1.1\r\nX: 1\r\n")
        #expect(place.heard.with { $0.count } == 1)
    }

    @Test func `T20 a connection on which nothing moves is closed`() throws {
        let place = try Surroundings { $0.silenceSeconds = 1 }
        let caller = place.call()
        #expect(caller.ask("GET", "/")?.status == 200)
        #expect(caller.hearAll().isEmpty)
    }

    @Test func `T20 a client that does not take its answer is cut off`() throws {
        let place = try Surroundings {
            $0.receivingMilliseconds = 200
            $0.sendingBytesPerSecond = 1 << 30
        } reply: { _ in
            Reply(200, body: [UInt8](repeating: 7, count: 32 << 20))
        }
        let caller = Caller(place.port, receiveBytes: 4_096)
        caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = place.refused.wait { $0.isEmpty ? nil : true } as Bool
        #expect(place.refused.with { $0 } == [.late])
        #expect(caller.hear() == nil)
    }

    @Test func `a visit that waits for its answer is not late`() throws {
        let kept = Guarded<[Answer]>([])
        let place = try Surroundings(hurried) { (_: Visit, answer: Answer) in kept.with { $0.append(answer) } }
        let (late, waiting) = (place.call(), place.call())
        waiting.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = kept.wait { $0.popLast() }
        // One that is late afterwards shows that the time has passed.
        late.say("G")
        #expect(late.hearAll().isEmpty)
        let later = place.call()
        #expect(later.hearAll().isEmpty)
        answer.give(Reply(204))
        #expect(waiting.hear()?.status == 204)
    }

    @Test func `T20 two thousand idle sockets do not stop others`() throws {
        let place = try Surroundings {
            $0.connections = 2_500
            $0.connectionsPerAddress = 2_500
        }
        var files = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
        let count = min(2_000, Int(files.rlim_cur / 2) - 200)
        let idle = (0..<count).map { _ in place.call() }
        for (number, caller) in idle.enumerated() where number % 2 == 0 { caller.say("GET / HTTP/1.1\r\n") }
        for _ in 0..<20 { #expect(place.answers()) }
        // They are all still welcome.
        for caller in idle.prefix(10) {
            caller.say("Host: x\r\n\r\n")
        }
        #expect(idle[0].hear()?.status == 200)
    }

    @Test func `T20 one address does not take all the connections`() throws {
        let place = try Surroundings {
            $0.connectionsPerAddress = 20
            $0.connections = 1_000
        }
        let idle = (0..<200).map { _ in place.call() }
        #expect(idle[150].hearAll().isEmpty)
        #expect(place.answers(from: "127.0.0.2"))
        #expect(place.refused.with { $0.allSatisfy { $0 == .full } && !$0.isEmpty })
    }
}
