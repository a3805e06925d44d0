import Entries
import Machine
import Rehearsal
import Sync
import Testing
import WebServer

@testable import Service

/// The notifications of Graph's subscriptions.
struct MicrosoftReceiverTests {
    private let scene = PushScene()

    init() {
        scene.watch("one", .microsoft)
        scene.watch("two", .microsoft)
    }

    private func signals() -> [String] { scene.told.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } }

    // MARK: Notifications

    @Test func `L59 48 a notification is written down and acknowledged with 202`() throws {
        #expect(scene.send(scene.microsoft([scene.item("one")])).status == 202)
        #expect(signals() == ["one changed"])
        let fact = try NotificationReceived(scene.drafts[0].content)
        #expect((scene.drafts[0].owner, fact.calendar) == ("ada", "calendar-one"))
        // Nothing of the content is kept.
        #expect(!String(decoding: scene.drafts[0].content.data, as: UTF8.self).contains("event-1"))
    }

    @Test func `T17 49 of a batch with good and bad items the good ones count, and the bad ones write nothing`() {
        let reply = scene.send(
            scene.microsoft([
                scene.item("one"), scene.item("one", state: "not what was agreed"),
                scene.item("one", state: scene.proof("two")), scene.item("nobody"), scene.item("two"), "17", "null",
                "{}", scene.item("two", subscription: "subscription-one"), scene.item("two", "guessed"),
                scene.item("one", "created", id: "event-2"),
            ]))
        #expect(reply.status == 202)
        #expect(signals() == ["one changed", "two changed"])
        #expect(scene.front.counts == [.changed: 3, .forged: 2, .unknown: 3, .malformed: 2, .other: 1])
    }

    @Test func `T17 what is forged alone writes nothing`() {
        for item in [scene.item("one", state: ""), scene.item("one", state: "one."), scene.item("nobody"), "{}"] {
            #expect(scene.send(scene.microsoft([item])).status == 202)
        }
        for body in ["", "[]", "{}", "{\"value\":1}", "{\"value\":[", "<xml/>"] {
            let visit = Visit("POST", "/hooks/microsoft", body: Array(body.utf8), peer: "1")
            #expect(scene.send(visit).status == 400)
        }
        let large = Visit("POST", "/hooks/microsoft", body: [UInt8](repeating: 32, count: (256 << 10) + 1), peer: "2")
        #expect(scene.send(large).status == 413)
        #expect(scene.send(scene.microsoft([], method: "GET")).status == 405)
        #expect(scene.transactions == 0)
    }

    @Test func `L58 H02 a thousand copies are one entry, and another change is another`() {
        let post = scene.microsoft([scene.item("one"), scene.item("one", id: "event-2")])
        for _ in 0..<1_000 { #expect(scene.send(post).status == 202) }
        #expect(scene.told.count == 1)
        _ = scene.send(scene.microsoft([scene.item("one", etag: "2")]))
        _ = scene.send(scene.microsoft([scene.item("one", "deleted")]))
        #expect(scene.told.count == 3)
    }

    @Test func `T17 a batch of many items is one entry for each subscription`() {
        let items = (0..<300).map { scene.item($0 % 2 == 0 ? "one" : "two", id: "e\($0)") }
        #expect(scene.send(scene.microsoft(items)).status == 202)
        #expect(signals() == ["one changed", "two changed"])
    }

    @Test(
        arguments: [
            ("missed", "one missed_changes"), ("subscriptionRemoved", "one subscription_removed"),
            ("reauthorizationRequired", "one authorization_needed"), ("somethingNew", nil),
        ] as [(String, String?)])
    func `50 every event of the life of a subscription has its meaning`(_ event: String, _ told: String?) {
        for _ in 0..<5 { #expect(scene.send(scene.microsoft([scene.lifecycle("one", event)])).status == 202) }
        #expect(signals() == (told.map { [$0] } ?? []))
        scene.time.jump(by: 120_000)
        _ = scene.send(scene.microsoft([scene.lifecycle("one", event)]))
        #expect(signals().count == (told == nil ? 0 : 2))
    }

    @Test func `L58 what cannot be stored is refused, and Graph sends it again`() {
        scene.shelf.state.with { $0.isFull = true }
        #expect(scene.send(scene.microsoft([scene.item("one")])).status == 503)
        #expect(scene.front.takeMarks() == ["calendar-one"])
        scene.shelf.state.with { $0.isFull = false }
        #expect(scene.send(scene.microsoft([scene.item("one")])).status == 202)
    }

    @Test func `22 notifications that come before the answer to the request are taken`() throws {
        scene.watch("new", .microsoft) {
            $0.state = .requested
            $0.providerID = nil
        }
        #expect(scene.send(scene.microsoft([scene.item("new")])).status == 202)
        #expect(signals() == ["new changed"])
        #expect(try NotificationReceived(scene.drafts[0].content).resourceID == "subscription-new")
    }

    // MARK: The handshake

    private func handshake(_ tokens: String..., method: String = "POST") -> Visit {
        Visit(method, "/hooks/microsoft", query: tokens.map { .init("validationToken", $0) }, peer: "20.190.128.1")
    }

    private func open() {
        scene.watch("new", .microsoft) {
            $0.state = .requested
            $0.providerID = nil
        }
    }

    @Test(arguments: [
        "abc", "Validation: Testing 100%+ü", "<script>alert(1)</script>", "a%20b", String(repeating: "x", count: 512),
    ])
    func `T18 47 the token comes back as a text and as nothing else`(_ token: String) {
        open()
        let reply = scene.send(handshake(token))
        #expect(reply.status == 200)
        guard case .bytes(let body) = reply.body else { return }
        #expect(String(decoding: body, as: UTF8.self) == token)
        let headers = Dictionary(uniqueKeysWithValues: reply.headers.map { ($0.name, $0.value) })
        #expect(headers["Content-Type"] == "text/plain; charset=utf-8")
        #expect(headers["X-Content-Type-Options"] == "nosniff")
        #expect(headers["Content-Security-Policy"] == "default-src 'none'")
        #expect(scene.transactions == 0)
    }

    @Test func `T18 nothing is echoed that is too long, doubled, empty or asked for otherwise`() {
        open()
        let cases: [(Visit, Int)] = [
            (handshake(String(repeating: "x", count: 513)), 400),
            (handshake(String(repeating: "x", count: 1 << 20)), 400),
            (handshake("a", "b"), 400), (handshake(""), 400), (handshake("abc", method: "GET"), 405),
            (handshake("abc", method: "HEAD"), 405),
        ]
        for (visit, status) in cases {
            let reply = scene.send(visit)
            #expect(reply.status == status)
            if case .bytes(let body) = reply.body { #expect(body.isEmpty) }
        }
    }

    @Test func `T18 nothing is echoed while no subscription is being made`() {
        #expect(scene.send(handshake("abc")).status == 404)
        open()
        #expect(scene.send(handshake("abc")).status == 200)
        scene.time.jump(by: WatchRow.makingMilliseconds)
        #expect(scene.send(handshake("abc")).status == 404)
    }
}
