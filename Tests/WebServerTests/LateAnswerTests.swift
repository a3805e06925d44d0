import Machine
import Testing
import WebServer

struct LateAnswerTests {
    /// Answers that are kept for the test to give.
    private let kept = Guarded<[Answer]>([])

    private func place(_ change: (inout Listener.Options) -> Void = { _ in }) throws -> Surroundings {
        try Surroundings(change) { [kept] (_: Visit, answer: Answer) in kept.with { $0.append(answer) } }
    }

    private func next() -> Answer { kept.wait { $0.isEmpty ? nil : $0.removeFirst() } }

    @Test func `an answer can be given later, from another thread`() throws {
        let place = try place()
        let caller = place.call()
        for round in 0..<20 {
            caller.say("GET /\(round) HTTP/1.1\r\nHost: x\r\n\r\n")
            next().give(Reply(200, body: Array("\(round)".utf8)))
            #expect(caller.hear()?.text == "\(round)")
        }
    }

    @Test func `visits that wait do not keep others waiting`() throws {
        let place = try place()
        let callers = (0..<50).map { _ in place.call() }
        for caller in callers { caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n") }
        let answers = callers.map { _ in next() }
        for answer in answers.reversed() { answer.give(Reply(204)) }
        for caller in callers { #expect(caller.hear()?.status == 204) }
    }

    @Test func `an answer that is forgotten is 500`() throws {
        let place = try place()
        let caller = place.call()
        caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = next()
        #expect(caller.hear()?.status == 500)
        #expect(place.refused.with { $0 } == [.unanswered])
    }

    @Test func `an answer that is forgotten at once is 500 too`() throws {
        let place = try Surroundings { (_: Visit, _: Answer) in }
        #expect(place.call().ask("GET", "/")?.status == 500)
    }

    @Test func `a second answer does nothing`() throws {
        let place = try place()
        let caller = place.call()
        caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = next()
        answer.give(Reply(201))
        answer.give(Reply(202))
        #expect(caller.hear()?.status == 201)
        next().give(Reply(203))
        #expect(caller.hear()?.status == 203)
    }

    @Test func `an answer to a client that has gone does no harm`() throws {
        let place = try place()
        for _ in 0..<50 {
            let caller = place.call()
            caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = next()
            caller.leave()
            answer.give(Reply(200, body: [UInt8](repeating: 0, count: 100_000)))
        }
        let caller = place.call()
        caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        next().give(Reply(204))
        #expect(caller.hear()?.status == 204)
    }

    @Test func `answers from many threads race with their connections`() throws {
        let helpers = Helpers()
        // The one moment that is dangerous is that between the handler's return and the suspension.
        let place = try Surroundings { (visit: Visit, answer: Answer) in
            helpers.start { answer.give(Reply(200, body: visit.body)) }
        }
        let slow = try Surroundings { [kept] (_: Visit, answer: Answer) in kept.with { $0.append(answer) } }
        let (port, slowPort) = (place.port, slow.port)
        let giver = try Background { [kept] in
            for _ in 0..<2_000 { kept.wait { $0.popLast() }.give(Reply(204)) }
        }
        try together(10) { _ in
            let (caller, other) = (Caller(port), Caller(slowPort))
            for round in 0..<200 {
                if round < 50 { #expect(caller.ask("POST", "/", body: "\(round)")?.text == "\(round)") }
                #expect(other.ask("GET", "/")?.status == 204)
            }
        }
        try giver.wait()
        helpers.wait()
    }

    // MARK: Stopping

    @Test func `stopping lets end what is under way`() throws {
        let place = try place()
        let caller = place.call()
        caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = next()
        let stopping = try Background { [listener = place.listener] in listener.stop(drainingMilliseconds: 20_000) }
        answer.give(Reply(200, body: Array("done".utf8)))
        #expect(caller.hear()?.text == "done")
        try stopping.wait()
        #expect(caller.hearAll().isEmpty)
    }

    @Test func `stopping ends what is still under way when the time is over`() throws {
        let place = try place()
        let caller = place.call()
        caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = next()
        place.listener.stop(drainingMilliseconds: 50)
        #expect(caller.hear() == nil)
        let stream = ByteStream()
        let ended = Guarded(false)
        stream.onEnd { ended.with { $0 = true } }
        answer.give(Reply(200, stream: stream))
        #expect(ended.with { $0 })
        #expect(!stream.send([1]))
        place.listener.stop(drainingMilliseconds: 50)
    }

    @Test func `after stopping nobody listens`() throws {
        let place = try place()
        let port = place.port
        place.listener.stop(drainingMilliseconds: 0)
        var options = Listener.Options()
        options.port = port
        let successor = try Listener(options) { _, answer in answer.give(Reply(204)) }
        #expect(Caller(port).ask("GET", "/")?.status == 204)
        successor.stop(drainingMilliseconds: 0)
    }

    @Test func `listeners come and go under load`() throws {
        for _ in 0..<10 {
            let helpers = Helpers()
            let place = try Surroundings { (_: Visit, answer: Answer) in helpers.start { answer.give(Reply(204)) } }
            let port = place.port
            let connected = Guarded(0)
            let callers = try (0..<5).map { _ in
                try Background {
                    let caller = Caller(port)
                    connected.with { $0 += 1 }
                    var count = 0
                    while caller.ask("GET", "/")?.status == 204 { count += 1 }
                    return count
                }
            }
            _ = place.heard.wait { $0.count > 20 ? true : nil } as Bool
            _ = connected.wait { $0 == 5 ? true : nil } as Bool
            place.listener.stop(drainingMilliseconds: 10)
            for caller in callers { #expect(try caller.wait() >= 0) }
            helpers.wait()
        }
    }
}
