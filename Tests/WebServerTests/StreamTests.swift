import Machine
import Testing
import WebServer

struct StreamTests {
    private let stream = ByteStream()
    private let ended = Guarded(0)

    private func place() throws -> Surroundings {
        stream.onEnd { [ended] in ended.with { $0 += 1 } }
        return try Surroundings(reply: { [stream] _ in
            Reply(200, headers: [.init("Content-Type", "text/event-stream")], stream: stream)
        })
    }

    private func waitForTheEnd() { _ = ended.wait { $0 > 0 ? true : nil } as Bool }

    @Test func `chunks arrive as they are sent`() throws {
        let place = try place()
        let caller = place.call()
        caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(caller.hearHead()?.header("transfer-encoding") == "chunked")
        for round in 0..<100 {
            #expect(stream.send(Array("event \(round)\n".utf8)))
            #expect(caller.hearChunk() == Array("event \(round)\n".utf8))
        }
        stream.close()
        #expect(caller.hearChunk() == [])
        waitForTheEnd()
        #expect(!stream.send([1]))
        #expect(ended.with { $0 } == 1)
    }

    @Test func `what was sent before the answer was given comes too`() throws {
        let place = try place()
        stream.send(Array("early".utf8))
        stream.close()
        #expect(place.call().ask("GET", "/")?.text == "early")
        waitForTheEnd()
    }

    @Test func `a long answer comes whole, however it is cut`() throws {
        let place = try place()
        let caller = place.call()
        caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let piece = [UInt8](repeating: 7, count: 10_000)
        let maker = try Background { [stream] in
            // The reader is as fast as it can be; whoever makes more than is read must wait for it in his own way.
            for _ in 0..<20 { #expect(stream.send(piece)) }
            stream.close()
        }
        #expect(caller.hear()?.body.count == 200_000)
        try maker.wait()
    }

    @Test func `a client that goes ends the stream while nothing is sent`() throws {
        let place = try place()
        let caller = place.call()
        caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(caller.hearHead()?.status == 200)
        caller.leave()
        waitForTheEnd()
        #expect(!stream.send([1]))
    }

    @Test func `a client that reads too slowly is cut off at the bound`() throws {
        let place = try place()
        let caller = Caller(place.port, receiveBytes: 4_096)
        caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(caller.hearHead()?.status == 200)
        let piece = [UInt8](repeating: 7, count: 16 << 10)
        var count = 0
        while stream.send(piece) { count += 1 }
        // What the sockets of this machine take in is some megabytes at the most.
        #expect(count >= ByteStream.usualBound / piece.count && count < 4_000)
        waitForTheEnd()
    }

    @Test func `a stream that nobody holds any more is closed`() throws {
        let place = try Surroundings(reply: { _ in
            let stream = ByteStream()
            stream.send(Array("all".utf8))
            return Reply(200, stream: stream)
        })
        let caller = place.call()
        #expect(caller.ask("GET", "/")?.text == "all")
        #expect(caller.ask("GET", "/")?.text == "all")
    }

    @Test func `an old client gets a stream up to the end of the connection`() throws {
        let place = try place()
        let caller = place.call()
        caller.say("GET / HTTP/1.0\r\n\r\n")
        #expect(caller.hearHead()?.header("transfer-encoding") == nil)
        stream.send(Array("one".utf8))
        stream.send(Array("two".utf8))
        stream.close()
        #expect(caller.hearAll() == Array("onetwo".utf8))
        waitForTheEnd()
    }

    @Test func `HEAD of a stream has no body and ends it`() throws {
        let place = try place()
        #expect(place.call().ask("HEAD", "/")?.status == 200)
        waitForTheEnd()
    }

    @Test func `stopping closes the streams, after what waits in them`() throws {
        let place = try place()
        let caller = place.call()
        caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(caller.hearHead()?.status == 200)
        stream.send(Array("last".utf8))
        place.listener.stop(drainingMilliseconds: 20_000)
        #expect(caller.hearChunk() == Array("last".utf8))
        #expect(caller.hearChunk() == [])
        #expect(ended.with { $0 } == 1)
    }

    @Test func `a stream belongs to one reply`() throws {
        let place = try place()
        let first = place.call()
        first.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(first.hearHead()?.status == 200)
        #expect(place.call().ask("GET", "/")?.status == 500)
        stream.close()
        #expect(first.hearChunk() == [])
    }

    @Test func `makers and clients that go race`() throws {
        let ends = Guarded(0)
        let helpers = Helpers()
        let place = try Surroundings { (_: Visit, answer: Answer) in
            let stream = ByteStream()
            stream.onEnd { ends.with { $0 += 1 } }
            answer.give(Reply(200, stream: stream))
            helpers.start { while stream.send([1, 2, 3]) {} }
        }
        let port = place.port
        try together(8) { thread in
            for _ in 0..<30 {
                let caller = Caller(port)
                caller.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                if thread % 2 == 0 { #expect(caller.hearHead()?.status == 200) }
                caller.leave()
            }
        }
        // One that never heard of its client's request has no stream either.
        helpers.wait()
        let begun = place.heard.with { $0.count }
        _ = ends.wait { $0 >= begun ? true : nil } as Bool
    }
}
