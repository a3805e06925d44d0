import Foundation
import HTTP
import Testing

@Suite struct ReuseTests {
    private let hostile: Hostile

    init() throws { hostile = try Hostile.shared() }

    private func connections(_ word: String) throws -> Int { Set(try hostile.asked(word).map(\.connection)).count }

    @Test func `one connection serves one request after the other`() throws {
        let client = try hostile.client()
        for _ in 0..<20 { _ = try client.send(hostile.get("/echo?again-and-again")) }
        #expect(try connections("again-and-again") == 1)
    }

    @Test func `encrypted connections are kept too`() throws {
        let client = try hostile.client()
        for _ in 0..<5 { _ = try client.send(Request("GET", hostile.place("good", "/echo?kept"))) }
        #expect(try connections("kept") == 1)
    }

    @Test func `many requests share a few connections, and each gets its own answer`() throws {
        let client = try hostile.client()
        let requests = try (0..<60).map { try hostile.get("/answer?body=\($0)&many") }
        let answers = try client.send(requests).map { try $0.get().text }
        #expect(answers == (0..<60).map(String.init))
        #expect(try connections("&many") <= Client.Options().parallelPerServer)
    }

    @Test func `one that fails spoils no other`() throws {
        let client = try hostile.client()
        let paths = [
            "/answer?body=a", "/cut?at=1", "/reset", "/redirect?to=self", "/answer?status=500", "/answer?body=b",
        ]
        let outcomes = client.send(try paths.map { try hostile.get($0) })
        let said = outcomes.map { outcome in
            (try? outcome.get().status).map(String.init) ?? outcome.failure?.kind.rawValue
        }
        #expect(said == ["200", "cut_off", "cut_off", "too_many_redirects", "500", "200"])
    }

    @Test func `requests are on their way at the same time, as many as are allowed`() throws {
        let client = try hostile.client { $0.parallelPerServer = 5 }
        let five = client.send(try (0..<5).map { _ in try hostile.get("/meet?of=5&key=five") })
        #expect(try five.allSatisfy { try $0.get().status == 200 })
        let six = client.send(try (0..<6).map { _ in try hostile.get("/meet?of=6&key=six&milliseconds=200") })
        #expect(try six.allSatisfy { try $0.get().status == 504 })
    }

    @Test func `all requests together have a limit too`() throws {
        let client = try hostile.client { $0.parallel = 2 }
        let places = try ["main", "other", "good"].map { try hostile.place($0, "/meet?of=3&key=all&milliseconds=200") }
        #expect(try client.send(places.map { Request("GET", $0) }).allSatisfy { try $0.get().status == 504 })
        let both = try ["main", "other"].map { try hostile.place($0, "/meet?of=2&key=both") }
        #expect(try client.send(both.map { Request("GET", $0) }).allSatisfy { try $0.get().status == 200 })
    }

    @Test func `HTTP/2 carries many requests over one connection`() throws {
        let client = try hostile.client()
        let requests = try (0..<20).map { Request("GET", try hostile.place("second", "/\($0)")) }
        let answers = try client.send(requests).map { try $0.get() }
        #expect(answers.allSatisfy { $0.text == "second" && $0.isLengthKnown })
        let seen = try hostile.asked("/second").filter { $0.place == "second" }
        #expect(seen.count == 20)
        #expect(Set(seen.map(\.connection)).count == 1)
    }

    @Test func `sending nothing is answered with nothing`() throws {
        #expect(try hostile.client().send([Request]()).isEmpty)
    }

    @Test func `what is on its way ends as soon as whoever watches it says so`() throws {
        let client = try hostile.client {
            $0.goesOn = { host, milliseconds in host == "127.0.0.1" && milliseconds < 300 }
        }
        let began = ContinuousClock.now
        let outcome = client.send([try hostile.get("/delay?milliseconds=60000")])
        #expect(outcome.map { $0.failure?.kind } == [.interrupted])
        #expect(ContinuousClock.now - began < .seconds(5))
    }

    @Test func `what is on its way can be interrupted from another thread`() throws {
        let client = try hostile.client()
        let request = try hostile.get("/delay?milliseconds=60000&interrupted")
        // A thread of its own, and none of those on which tests run: with all of them busy it would never come to it.
        let interrupter = Thread { [hostile] in
            while (try? hostile.asked("&interrupted").isEmpty) != false {}
            client.interrupt()
        }
        interrupter.start()
        #expect(client.send([request, request]).map { $0.failure?.kind } == [.interrupted, .interrupted])
        #expect(client.send([request])[0].failure?.kind == .interrupted)
    }
}
