import Entries
import Ledger
import Providers
import Secrets
import Testing

@testable import Sync

/// Watches: opened, renewed with an overlap, stopped, and never lost sight of.
struct WatchTests {
    private let practice: Practice
    private let google: WatchingSource
    private let microsoft: WatchingSource

    init() throws {
        practice = try Practice()
        let home = practice
        google = WatchingSource(.google) { [unowned home] in home.now }
        microsoft = WatchingSource(.microsoft) { [unowned home] in home.now }
        google.events.put(.meeting("plan", -9))
        microsoft.events.put(.meeting("sprint", -8))
        microsoft.events.listing = [FoundCalendar(path: "AAMk", name: "Work")]
        try practice.people([Contact("bob")])
    }

    private func source(_ provider: Provider) throws -> WatchingSource {
        let source = provider == .google ? google : microsoft
        try practice.connect("work", watching: source)
        return source
    }

    // MARK: Opening

    @Test(arguments: [Provider.google, .microsoft])
    func `H05 a chosen calendar is watched once it was read whole, and again nothing is due`(_ provider: Provider)
        throws
    {
        let source = try source(provider)
        #expect(try practice.tend(source).opened == 1)
        #expect(source.living.count == 1)
        let watch = try #require(try practice.watches().first)
        #expect(watch.state == .open)
        #expect(watch.expires == source.living[0].watch.expires)
        #expect(watch.providerID == source.living[0].watch.id)
        let before = try practice.lastPosition()
        #expect(try practice.tend(source) == WatchStage.Summary())
        #expect(try practice.lastPosition() == before)
    }

    @Test func `H05 nothing is watched before it was read, where nobody can reach us, or of other providers`() throws {
        let feed = FakeSource()
        try practice.connect("feed", to: feed)
        _ = try source(.google)
        #expect(try practice.tend(google, isReachable: false) == WatchStage.Summary())
        try practice.dropElsewhere("work")
        #expect(try practice.tend(google) == WatchStage.Summary())
        #expect(google.asked == [])
    }

    @Test func `T16 what proves a message is in no entry and differs from watch to watch`() throws {
        let source = try source(.google)
        try practice.tend(source)
        let proof = source.living[0].proof
        #expect(proof.utf8.count == 57)
        let watch = try practice.watches()[0].watch
        #expect(proof == practice.names.proof(ofWatch: watch).reveal { $0 })
        #expect(proof.dropFirst(17) != practice.names.proof(ofWatch: watch + "x").reveal { $0 }.dropFirst(18))
        let secret = String(proof.dropFirst(17))
        for entry in try practice.writer.reader.entries(.init()) {
            #expect(!String(decoding: entry.content.data, as: UTF8.self).contains(secret))
        }
    }

    @Test(
        arguments: [
            (ReadingFailure(.permanent, "push_not_supported", "No."), nil),
            (ReadingFailure(.permanent, "address_refused", "No."), 24 * 60),
            (ReadingFailure(.rate, "too_many_requests", "Later."), 60),
            (ReadingFailure(.auth, "unauthorized", "No."), 60),
            (ReadingFailure(.transient, "status_500", "Later."), 10),
        ] as [(ReadingFailure, Int64?)])
    func `H05 26 a failure leaves polling, and is tried again when that can help`(
        _ failure: ReadingFailure, _ minutes: Int64?
    )
        throws
    {
        let source = try source(.google)
        source.failure = failure
        #expect(try practice.tend(source).failed == 1)
        let failed = try #require(try practice.facts(WatchFailed.self).first)
        #expect(failed.errorCode == failure.code)
        #expect(try practice.states.filter { $0 == "open" } == [])
        source.failure = nil
        #expect(try practice.tend(source).opened == 0)
        practice.wait(minutes: (minutes ?? 60 * 24 * 60) + 1)
        #expect(try practice.tend(source).opened == (minutes == nil ? 0 : 1))
        if minutes != nil { #expect(try practice.texts("SELECT COUNT(*) FROM watch_failure") == ["0"]) }
        // The readings go on all the same.
        var wish = Round.Wish()
        wish.connection = practice.connection("work")
        let round = try Round(practice.desk, owner: "ada", wish, elsewhere: practice.elsewhere([source])).run()
        #expect(round.outcomes == [minutes == nil ? "read" : "unchanged"])
    }

    @Test func `H05 transient failures are tried ever more rarely`() throws {
        let source = try source(.google)
        source.failure = ReadingFailure(.transient, "status_500", "Later.")
        var attempts = 0
        for _ in 0..<(24 * 12) {
            if try practice.tend(source).failed > 0 { attempts += 1 }
            practice.wait(minutes: 5)
        }
        #expect((5...12).contains(attempts))
    }

    @Test func `H05 another public address is tried at once, and what tells to the old one is stopped`() throws {
        let source = try source(.google)
        source.failure = ReadingFailure(.permanent, "address_refused", "No.")
        try practice.tend(source)
        source.failure = nil
        try setAddress("https://one.example")
        #expect(try practice.tend(source).opened == 1)
        try setAddress("https://two.example")
        let summary = try practice.tend(source)
        #expect((summary.stopped, summary.opened) == (1, 1))
        #expect(source.living.count == 1)
        #expect(try practice.tend(source, isReachable: false).stopped == 1)
        #expect(source.living == [])
    }

    private func setAddress(_ text: String) throws {
        var changed = SettingChanged()
        changed.setting = Setting.publicAddress.rawValue
        changed.personalValue = "\"\(text)\""
        try practice.append([Draft(changed, stream: "setting/address", owner: Draft.home, actor: "test")])
    }

    // MARK: Renewal

    @Test func `L60 25 a new channel is made and written down before the old one is stopped`() throws {
        let source = try source(.google)
        try practice.tend(source)
        let old = source.living[0].watch.id
        practice.wait(days: 6, hours: 1)
        #expect(try practice.tend(source).renewed == 1)
        #expect(source.asked == ["watch, 0 stand", "watch, 1 stand", "stop, 2 stand"])
        #expect(source.living.count == 1)
        #expect(source.living[0].watch.id != old)
        let types = try practice.entries(after: 0).map(\.type).filter { $0.hasPrefix("watch.") }
        #expect(
            types == [
                "watch.requested", "watch.opened", "watch.requested", "watch.opened", "watch.closed",
            ])
        let closed = try #require(try practice.facts(WatchClosed.self).first)
        #expect((closed.watch, closed.reason, closed.isStopped) == (old, .replaced, true))
        #expect(try practice.states == ["open"])
    }

    @Test func `51 a subscription is prolonged in time, and made anew where it is gone`() throws {
        let source = try source(.microsoft)
        try practice.tend(source)
        practice.wait(days: 6, hours: 1)
        #expect(try practice.tend(source).renewed == 1)
        #expect(try practice.watches()[0].expires == source.living[0].watch.expires)
        #expect(try practice.tend(source) == WatchStage.Summary())
        source.forget()
        practice.wait(days: 6, hours: 1)
        let summary = try practice.tend(source)
        #expect((summary.opened, summary.stopped) == (1, 1))
        #expect(source.living.count == 1)
        #expect(try practice.facts(WatchClosed.self).map(\.reason) == [.lost])
    }

    @Test func `50 a subscription that needs authorization is renewed at once, and one that was removed is made anew`()
        throws
    {
        let source = try source(.microsoft)
        try practice.tend(source)
        try practice.tell(.authorizationNeeded)
        #expect(try practice.tend(source).renewed == 1)
        #expect(try practice.watches()[0].told == nil)
        #expect(try practice.tend(source) == WatchStage.Summary())
        try practice.tell(.subscriptionRemoved, number: 3)
        source.forget()
        let summary = try practice.tend(source)
        #expect((summary.opened, summary.stopped) == (1, 1))
        // What was told meanwhile nobody knows: everything is compared.
        practice.wait(minutes: 2)
        #expect(try practice.follow(source).read == 1)
        #expect(source.events.wishes.last?.cursor == nil)
    }

    @Test func `L60 a renewal that fails keeps the old watch, and says when it is tried again`() throws {
        let source = try source(.google)
        try practice.tend(source)
        practice.wait(days: 6, hours: 1)
        source.failure = ReadingFailure(.rate, "quota", "Later.")
        #expect(try practice.tend(source).failed == 1)
        #expect(try practice.states == ["open"])
        source.failure = nil
        practice.wait(hours: 2)
        #expect(try practice.tend(source).renewed == 1)
    }

    @Test func `L60 what expired unnoticed is closed and made anew, and never looks valid`() throws {
        let source = try source(.google)
        try practice.tend(source)
        practice.wait(days: 9)
        let summary = try practice.tend(source)
        #expect((summary.stopped, summary.opened) == (1, 1))
        #expect(try practice.facts(WatchClosed.self).map(\.reason) == [.expired])
        #expect(source.living.count == 1)
    }

    // MARK: Kills

    @Test(arguments: [Provider.google, .microsoft])
    func `L60 killed between any two steps of a renewal, one watch stands in the end, and the provider has no other`(
        _ provider: Provider
    ) throws {
        for step in 0..<6 {
            let run = try WatchTests()
            let source = try run.source(provider)
            // Also the first opening is cut short at every step.
            run.practice.transactionsLeft = step
            _ = try? run.practice.tend(source)
            try run.practice.reopen()
            try run.settle(source)
            run.practice.wait(days: 6, hours: 1)
            run.practice.transactionsLeft = step
            _ = try? run.practice.tend(source)
            try run.practice.reopen()
            // Nothing looks valid that the provider does not have.
            for watch in try run.practice.watches() where watch.state == .open {
                #expect(source.held.contains { $0.watch.id == watch.providerID })
            }
            try run.settle(source)
            #expect(source.living.count == 1, "step \(step)")
            let open = try run.practice.watches()
            #expect(open.map(\.state) == [.open], "step \(step)")
            #expect(open.map(\.providerID) == source.living.map(\.watch.id))
        }
    }

    /// Time goes by, and whatever the provider has of us tells something.
    private func settle(_ source: WatchingSource) throws {
        for _ in 0..<4 {
            practice.wait(minutes: 11)
            for held in source.living {
                let id = held.proof.split(separator: ".")[0]
                guard let row = try practice.watches().first(where: { $0.watch == id }), row.resourceID == nil,
                    row.providerID == nil
                else { continue }
                try practice.tell(.handshake, of: row, resource: held.watch.resource ?? held.watch.id)
            }
            try practice.tend(source)
        }
    }

    @Test func `pain 35 an orphan channel, made and never written down, is stopped as soon as it tells anything`()
        throws
    {
        let source = try source(.google)
        source.losesAnswers = true
        try practice.tend(source)
        source.losesAnswers = false
        #expect(source.living.count == 1)
        practice.wait(minutes: 11)
        try practice.tend(source)
        // Nobody knows yet what it is called, so there are two, and one is known to be unwanted.
        #expect(source.living.count == 2)
        #expect(try practice.states.sorted() == ["ended", "open"])
        let orphan = try #require(try practice.watches().first { $0.state == .ended })
        try practice.tell(.handshake, of: orphan, resource: source.living[0].watch.resource)
        try practice.tend(source)
        #expect(source.living.map(\.watch.id) == (try practice.watches().map(\.watch)))
    }

    @Test func `51 409 a subscription that nobody knows of is taken away before another is made`() throws {
        let source = try source(.microsoft)
        source.losesAnswers = true
        try practice.tend(source)
        source.losesAnswers = false
        practice.wait(minutes: 11)
        try practice.tend(source)
        #expect(source.living.count == 1)
        #expect(try practice.watches().map(\.providerID) == source.living.map(\.watch.id))
    }

    @Test func `H05 who decides otherwise while a watch is being made has it stopped`() throws {
        let source = try source(.google)
        source.whileMaking = { [practice] in try practice.dropElsewhere("work") }
        try practice.tend(source)
        #expect(source.living == [])
        #expect(try practice.states == [])
    }

    // MARK: Stopping

    @Test(arguments: [Provider.google, .microsoft])
    func `H05 what is not chosen any more, or paused, is watched no more`(_ provider: Provider) throws {
        let source = try source(provider)
        try practice.tend(source)
        try pause()
        #expect(try practice.tend(source).stopped == 1)
        #expect(source.living == [])
        #expect(try practice.facts(WatchClosed.self).map(\.reason) == [.connectionPaused])
        var resumed = ConnectionResumed()
        resumed.connection = practice.connection("work")
        try practice.append([practice.draft(resumed, "connection/\(resumed.connection)")])
        #expect(try practice.tend(source).opened == 1)
        try practice.dropElsewhere("work")
        #expect(try practice.tend(source).stopped == 1)
        #expect(source.living == [])
        #expect(try practice.states == [])
    }

    private func pause() throws {
        var paused = ConnectionPaused()
        paused.connection = practice.connection("work")
        try practice.append([practice.draft(paused, "connection/\(paused.connection)")])
    }

    @Test func `A11 before a connection goes its watches are stopped, and what cannot be stopped is closed and known`()
        throws
    {
        let source = try source(.google)
        try practice.tend(source)
        let surroundings = WatchStage.Surroundings(
            address: .local(port: 1), elsewhere: { [practice] _ in practice.elsewhere([source]) })
        source.stopFailure = ReadingFailure(.transient, "timed_out", "Nobody answered.")
        let id = practice.connection("work")
        #expect(try WatchStage.stopAll(of: id, practice.desk, surroundings).unstopped == 1)
        #expect(try practice.states == ["ended"])
        try practice.disconnect("work")
        #expect(try practice.tend(source).opened == 0)
        // Its time is over within a week, whoever knows of it.
        practice.wait(days: 8)
        try practice.tend(source)
        #expect(try practice.states == [])
    }

    @Test func `L60 what could not be stopped is tried again, and is written down once`() throws {
        let source = try source(.google)
        try practice.tend(source)
        source.stopFailure = ReadingFailure(.transient, "timed_out", "Nobody answered.")
        try practice.dropElsewhere("work")
        try practice.tend(source)
        let before = try practice.lastPosition()
        try practice.tend(source)
        try practice.tend(source)
        #expect(try practice.lastPosition() == before)
        source.stopFailure = nil
        #expect(try practice.tend(source).stopped == 1)
        #expect(source.living == [])
    }

    @Test func `G3 what is due is seen without doing it`() throws {
        let source = try source(.google)
        func isDue(_ hasAddress: Bool = true) throws -> Bool {
            try practice.desk.read { try WatchStage.isDue(at: practice.now, hasAddress: hasAddress, $0) }
        }
        #expect(try isDue())
        #expect(try !isDue(false))
        try practice.tend(source)
        #expect(try !isDue())
        #expect(try isDue(false))
        practice.wait(days: 6, hours: 1)
        #expect(try isDue())
    }
}
