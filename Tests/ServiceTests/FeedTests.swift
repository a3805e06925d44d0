import Entries
import Machine
import Testing
import WebServer

@testable import Application
@testable import Service

/// Those who look on while entries come.
@Suite struct FeedTests {
    private func onlooker(_ home: ServedHome, _ mayStay: Guarded<Bool>) -> WebMeans.Onlooker {
        WebMeans.Onlooker(.init(user: home.user, name: nil, role: .admin, scopes: [.admin], kind: .token("t"))) {
            mayStay.with { $0 }
        }
    }

    /// Until the stream holds something more, or has ended.
    private func news(of stream: ByteStream, after bytes: Int) -> Int? {
        let end = Moment.monotonicMilliseconds() + 20_000
        while let waiting = stream.waitingBytes, waiting <= bytes, Moment.monotonicMilliseconds() < end {
            Pause.milliseconds(1)
        }
        return stream.waitingBytes
    }

    @Test func `T8 a stream of entries ends with the right to see them, and nothing more is in it`() throws {
        let home = try ServedHome()
        let feed = try EntryFeed(home.household)
        let mayStay = Guarded(true)
        let (going, staying) = (
            try #require(feed.stream(after: 0, for: onlooker(home, mayStay))),
            try #require(feed.stream(after: 0, for: onlooker(home, Guarded(true))))
        )
        let had = try #require(news(of: staying, after: 0))
        #expect(try #require(news(of: going, after: 0)) == had)
        mayStay.with { $0 = false }
        try home.connect("work")
        #expect(try #require(news(of: staying, after: had)) > had)
        #expect(going.waitingBytes.map { $0 <= had } ?? true)
        #expect(!going.send([0x20]))
        feed.close()
    }

    @Test func `T8 a stream of progress ends with the right to see it`() throws {
        let home = try ServedHome()
        let board = ProgressBoard()
        let mayStay = Guarded(true)
        let stream = try #require(board.stream(for: onlooker(home, mayStay)))
        board.tell("run", "work", owner: home.user, OpenHome.Progress(work: "reading", done: 1, all: 2))
        let had = try #require(stream.waitingBytes)
        mayStay.with { $0 = false }
        board.tell("run", "work", owner: home.user, OpenHome.Progress(work: "logging", done: 1, all: 2))
        #expect(stream.waitingBytes.map { $0 <= had } ?? true)
        #expect(!stream.send([0x20]))
    }
}
