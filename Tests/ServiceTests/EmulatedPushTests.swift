import Entries
import Providers
import Sync
import Testing
import WebServer

@testable import Service

/// Watches as the emulators of Google and Microsoft keep them, which their own clients have tried.
@Suite(.serialized, .enabled(if: PushEmulator.isHere))
struct EmulatedPushTests {
    private let scene = PushScene()

    /// Asks for a watch and enters it as the stage does: first that it is asked for, then what came of it.
    private func watch(_ emulator: PushEmulator, _ id: String, days: Int64 = 6) throws -> StandingWatch {
        scene.watch(id, emulator.provider) {
            $0.state = .requested
            $0.providerID = nil
            $0.resourceID = nil
            $0.expires = nil
        }
        return try emulator.source().watch(try emulator.place(), emulator.terms(id, scene.proof(id), days: days))
    }

    private func land(_ standing: StandingWatch, _ id: String, _ provider: Provider) {
        scene.watch(id, provider) {
            $0.providerID = standing.id
            $0.resourceID = standing.resource
        }
    }

    private func signals() -> [String] { scene.told.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } }

    private func failure(_ body: () throws -> Void) throws -> ReadingFailure {
        do {
            try body()
        } catch let failure as ReadingFailure {
            return failure
        }
        return ReadingFailure(.permanent, "none", "nothing failed")
    }

    // MARK: Google

    @Test(arguments: [false, true])
    func `22 23 what Google sends is taken: the first message before the answer or after, copies, gaps, any order`(
        _ isEarly: Bool
    ) throws {
        let emulator = try PushEmulator(.google)
        try emulator.control(
            "PUT", "push", ["syncFirst": isEarly, "twice": true, "reorder": true, "gap": 3, "seconds": 0.01])
        let standing = try watch(emulator, "channel")
        #expect(standing.id == "channel")
        #expect(standing.expires == PushEmulator.now + 6 * 86_400_000)
        for visit in try emulator.posted() { #expect(scene.send(visit).status == 200) }
        #expect(signals() == ["channel handshake"])
        #expect(try NotificationReceived(scene.drafts[0].content).resourceID == standing.resource)
        land(standing, "channel", .google)
        try emulator.change("first")
        let visits = try emulator.posted()
        #expect(visits.count >= 4)
        for visit in visits { #expect(scene.send(visit).status == 200) }
        #expect(signals() == ["channel handshake", "channel changed", "channel changed"])
        #expect(scene.front.counts[.repeated] == 2)
    }

    @Test func `24 a wrong token and a state that nobody knows come from Google and cause nothing`() throws {
        let emulator = try PushEmulator(.google)
        let standing = try watch(emulator, "channel")
        land(standing, "channel", .google)
        _ = try emulator.posted()
        try emulator.control(
            "POST", "channels/channel/message", ["state": "exists", "headers": ["X-Goog-Channel-Token": "wrong"]])
        try emulator.control("POST", "channels/channel/message", ["state": "new_state", "number": 9])
        #expect(try emulator.posted().map { scene.send($0).status } == [403, 200])
        #expect(scene.told == [])
    }

    @Test func `25 the end of a channel is what Google says, and two of them tell until one is stopped`() throws {
        let emulator = try PushEmulator(.google)
        try emulator.control("PUT", "push", ["longest": 3_600])
        let old = try watch(emulator, "old")
        #expect(old.expires == PushEmulator.now + 3_600_000)
        let new = try watch(emulator, "new")
        land(old, "old", .google)
        land(new, "new", .google)
        _ = try emulator.posted()
        try emulator.change("first")
        #expect(try emulator.posted().map { scene.send($0).status } == [200, 200])
        try emulator.source().stop(old)
        try emulator.source().stop(old)
        try emulator.change("second")
        #expect(try emulator.posted().count == 1)
    }

    @Test func `26 H05 what Google refuses is told apart`() throws {
        let emulator = try PushEmulator(.google)
        _ = try watch(emulator, "channel")
        #expect(try failure { _ = try watch(emulator, "channel") }.code == "watch_exists")
        var terms = emulator.terms("other", scene.proof("other"))
        terms.address = "http://daybook.example/hooks/google"
        let place = try emulator.place()
        #expect(try failure { _ = try emulator.source().watch(place, terms) }.code == "address_refused")
        try emulator.control("PUT", "calendars/\(place.path)", ["pushes": false])
        let refused = try failure { _ = try watch(emulator, "third") }
        #expect((refused.code, refused.errorClass) == ("push_not_supported", .permanent))
        try emulator.control("PUT", "calendars/\(place.path)", ["pushes": true])
        for (kind, code, errorClass) in [
            ("status:403|reason:rateLimitExceeded", "too_many_requests", ErrorClass.rate),
            ("status:401", "unauthorized", .auth), ("status:503", "status_503", .transient),
            ("garbage", "malformed", .transient), ("empty", "malformed", .transient),
        ] {
            try emulator.control("POST", "faults", ["match": "events.watch", "kind": kind, "times": 1])
            let failure = try failure { _ = try watch(emulator, "fourth") }
            #expect((failure.code, failure.errorClass) == (code, errorClass), "\(kind)")
        }
    }

    // MARK: Microsoft

    @Test func `47 48 what Graph asks and tells is taken`() throws {
        let emulator = try PushEmulator(.microsoft)
        let standing = try watch(emulator, "one")
        let handshakes = try emulator.posted()
        #expect(handshakes.count == 2)
        for visit in handshakes {
            let reply = scene.send(visit)
            #expect(reply.status == 200)
            guard case .bytes(let body) = reply.body else { continue }
            #expect(String(decoding: body, as: UTF8.self).hasSuffix(" 100%+ü"))
        }
        land(standing, "one", .microsoft)
        try emulator.change("first")
        for visit in try emulator.posted() { #expect(scene.send(visit).status == 202) }
        #expect(signals() == ["one changed"])
        // A handshake that nobody waits for.
        #expect(scene.send(handshakes[0]).status == 404)
    }

    @Test func `49 T17 among what Graph tells, what is forged is dropped`() throws {
        let emulator = try PushEmulator(.microsoft)
        land(try watch(emulator, "one"), "one", .microsoft)
        _ = try emulator.posted()
        try emulator.control("PUT", "push", ["forged": true, "twice": true, "seconds": 0.05])
        try emulator.change("first")
        for visit in try emulator.posted() { #expect(scene.send(visit).status == 202) }
        #expect(signals() == ["one changed"])
        #expect(scene.front.counts[.unknown] == 1)
    }

    @Test(arguments: [
        ("missed", "one missed_changes"), ("subscriptionRemoved", "one subscription_removed"),
        ("reauthorizationRequired", "one authorization_needed"),
    ])
    func `50 what Graph says of a subscription is taken`(_ event: String, _ told: String) throws {
        let emulator = try PushEmulator(.microsoft)
        let standing = try watch(emulator, "one")
        land(standing, "one", .microsoft)
        _ = try emulator.posted()
        try emulator.control("POST", "subscriptions/\(standing.id)/lifecycle", ["event": event])
        for visit in try emulator.posted() { #expect(scene.send(visit).status == 202) }
        #expect(signals() == [told])
    }

    @Test func `51 a subscription is prolonged; 404 is gone, 409 is found in the list and taken away`() throws {
        let emulator = try PushEmulator(.microsoft)
        let standing = try watch(emulator, "one", days: 1)
        let source = try emulator.source()
        let until = PushEmulator.now + 6 * 86_400_000
        #expect(try source.prolong(standing, until: until) == until)
        #expect(try failure { _ = try watch(emulator, "two") }.code == "watch_exists")
        let address = emulator.terms("one", "").address
        #expect(try source.watches(to: address)?.map(\.id) == [standing.id])
        #expect(try source.watches(to: address + "/else") == [])
        try source.stop(standing)
        try source.stop(standing)
        #expect(try failure { _ = try source.prolong(standing, until: until) }.code == "watch_gone")
        _ = try watch(emulator, "three")
    }

    @Test func `H05 what Microsoft refuses is told apart`() throws {
        let emulator = try PushEmulator(.microsoft)
        let place = try emulator.place()
        var terms = emulator.terms("one", scene.proof("one"))
        // Nobody listens there, so there is no right answer to the handshake.
        terms.address = "http://127.0.0.1:1/hooks/microsoft"
        #expect(try failure { _ = try emulator.source().watch(place, terms) }.code == "address_refused")
        for (kind, code, errorClass) in [
            ("status:401", "unauthorized", ErrorClass.auth), ("status:429", "too_many_requests", .rate),
            ("status:503", "status_503", .transient), ("garbage", "malformed", .transient),
        ] {
            try emulator.control("POST", "faults", ["match": "subscriptions.create", "kind": kind, "times": 1])
            let failure = try failure { _ = try watch(emulator, "two") }
            #expect((failure.code, failure.errorClass) == (code, errorClass), "\(kind)")
        }
    }
}
