import Entries
import Machine
import Rehearsal
import Sync
import Testing
import WebServer

@testable import Service

/// The messages of Google's channels.
struct GoogleReceiverTests {
    private let scene = PushScene()

    init() { scene.watch("one") }

    @Test(arguments: [
        ("sync", 200, [], PushCount.handshake), ("exists", 200, ["one changed 2"], .changed),
        ("not_exists", 200, ["one missing 2"], .missing), ("update", 200, [], .other), ("Sync", 200, [], .other),
        ("", 200, [], .other), ("add", 200, [], .other),
    ])
    func `L57 every state has its meaning`(_ state: String, _ status: Int, _ told: [String], _ count: PushCount) {
        let reply = scene.send(scene.google("one", state))
        #expect(reply.status == status)
        #expect(scene.told == told)
        #expect(scene.front.counts == [count: 1])
        guard case .bytes(let body) = reply.body else { return }
        #expect(body.isEmpty)
    }

    @Test func `L56 H01 who a message is for is what is known of its channel, whatever it says itself`() throws {
        let body = Array(#"{"user":"eve","calendar":"calendar-two"}"#.utf8)
        let reply = scene.send(
            scene.google(
                "one", "exists", changed: ["X-User": "eve", "X-Goog-Resource-URI": "https://x/calendars/eve"],
                body: body))
        #expect(reply.status == 200)
        let draft = try #require(scene.drafts.first)
        let fact = try NotificationReceived(draft.content)
        #expect((draft.owner, fact.connection, fact.calendar) == ("ada", "connection-one", "calendar-one"))
        #expect(draft.stream == "watch/one")
        let text = String(decoding: draft.content.data, as: UTF8.self)
        #expect(!text.contains("eve") && !text.contains("www.googleapis.com"))
    }

    @Test func `T16 24 what is forged writes nothing`() {
        scene.watch("two")
        let cases: [(Visit, Int)] = [
            (scene.google("nobody"), 404), (scene.google("one", changed: ["X-Goog-Channel-ID": nil]), 404),
            (scene.google("one", changed: ["X-Goog-Channel-Token": nil]), 403),
            (scene.google("one", changed: ["X-Goog-Channel-Token": ""]), 403),
            (scene.google("one", changed: ["X-Goog-Channel-Token": scene.proof("two")]), 403),
            (scene.google("one", changed: ["X-Goog-Channel-Token": scene.proof("one") + "x"]), 403),
            (scene.google("one", changed: ["X-Goog-Channel-Token": String(scene.proof("one").dropLast())]), 403),
            (scene.google("one", changed: ["X-Goog-Channel-Token": String(repeating: "a", count: 100_000)]), 403),
            (scene.google("one", changed: ["X-Goog-Resource-ID": "resource-two"]), 403),
            (scene.google("one", changed: ["X-Goog-Resource-ID": nil]), 403),
            (scene.google(String(repeating: "o", count: 100_000)), 404),
            (scene.google("one", changed: ["X-Goog-Message-Number": nil]), 400),
            (scene.google("one", changed: ["X-Goog-Message-Number": "-1"]), 400),
            (scene.google("one", changed: ["X-Goog-Message-Number": String(repeating: "9", count: 30)]), 400),
            (scene.google("one", method: "GET"), 405), (scene.google("one", method: "PUT"), 405),
            (scene.google("one", body: [UInt8](repeating: 0, count: (64 << 10) + 1)), 413),
        ]
        for (visit, status) in cases { #expect(scene.send(visit).status == status) }
        #expect(scene.transactions == 0)
        // A channel of one provider is none of the other.
        scene.watch("graph", .microsoft)
        #expect(scene.send(scene.google("graph")).status == 404)
    }

    @Test func `T16 a header that stands twice with two values counts as none`() {
        var visit = scene.google("one")
        visit.headers.append(.init("x-goog-channel-token", "other"))
        #expect(scene.send(visit).status == 403)
        var same = scene.google("one")
        same.headers.append(.init("x-goog-channel-token", scene.proof("one")))
        #expect(scene.send(same).status == 200)
    }

    @Test func `L58 H02 a thousand copies of a message are one entry`() {
        for _ in 0..<1_000 { #expect(scene.send(scene.google("one", number: 5)).status == 200) }
        #expect(scene.told == ["one changed 5"])
        #expect(scene.front.counts[.repeated] == 999)
        // Also after the process began anew, and with numbers that have gaps or come in another order.
        let another = PushFront(
            scene.table, now: { [time = scene.time] in time.now() },
            store: { [shelf = scene.shelf] in $1(shelf.store($0)) })
        scene.table.refresh([], scene.names, at: 0)
        scene.refresh()
        for number in [5, 9, 7] { another.take(scene.google("one", number: number)) { #expect($0.status == 200) } }
        #expect(scene.told == ["one changed 5", "one changed 9", "one changed 7"])
    }

    @Test func `L58 what cannot be stored is not acknowledged, and leaves a mark`() {
        scene.shelf.state.with { $0.isFull = true }
        let reply = scene.send(scene.google("one"))
        #expect(reply.status == 503)
        #expect(reply.headers == [.init("Retry-After", "60")])
        #expect(scene.front.takeMarks() == ["calendar-one"])
        #expect(!scene.front.hasMarks)
        scene.shelf.state.with { $0.isFull = false }
        // Google sends it again.
        #expect(scene.send(scene.google("one")).status == 200)
        #expect(scene.told == ["one changed 2"])
    }

    @Test func `L58 a notification is stored before it is answered`() {
        let waiting = Guarded<[@Sendable (Bool) -> Void]>([])
        let front = PushFront(
            scene.table, now: { [time = scene.time] in time.now() },
            store: { _, then in waiting.with { $0.append(then) } })
        let answered = Guarded<[Int]>([])
        front.take(scene.google("one")) { reply in answered.with { $0.append(reply.status) } }
        #expect(answered.with { $0 } == [])
        waiting.with { $0 }.first?(true)
        #expect(answered.with { $0 } == [200])
    }

    // MARK: Watches that come and go

    @Test func `22 messages that come before the answer to the request are taken`() throws {
        scene.watch("new") {
            $0.state = .requested
            $0.expires = nil
            $0.providerID = nil
            $0.resourceID = nil
        }
        #expect(scene.send(scene.google("new", "sync", number: 1)).status == 200)
        #expect(scene.send(scene.google("new", "exists", number: 2)).status == 200)
        #expect(scene.told == ["new handshake handshake", "new changed 2"])
        #expect(try NotificationReceived(scene.drafts[0].content).resourceID == "resource-new")
    }

    @Test func `pain 35 an orphan channel that still fires tells once how to stop it, and causes no reading`() throws {
        scene.watch("orphan") {
            $0.state = .ended
            $0.providerID = nil
            $0.resourceID = nil
        }
        for number in 2..<50 { #expect(scene.send(scene.google("orphan", number: number)).status == 200) }
        #expect(scene.told == ["orphan handshake handshake"])
        #expect(try NotificationReceived(scene.drafts[0].content).resourceID == "resource-orphan")
    }

    @Test func `L60 what was replaced, stopped or is over causes nothing`() {
        scene.watch("old") { $0.state = .ended }
        #expect(scene.send(scene.google("old")).status == 404)
        scene.time.jump(by: 8 * 86_400_000)
        #expect(scene.send(scene.google("one")).status == 404)
        #expect(scene.transactions == 0)
    }

    // MARK: Floods

    @Test func `T19 G9 a flood of one watch is bounded on the disk, and nothing of it is lost`() {
        var statuses: [Int: Int] = [:]
        for number in 0..<10_000 { statuses[scene.send(scene.google("one", number: number)).status, default: 0] += 1 }
        #expect(scene.drafts.count < 200)
        #expect(statuses[503, default: 0] > 9_000)
        #expect(scene.front.takeMarks() == ["calendar-one"])
    }

    @Test func `T19 G9 who forges is slowed down, and takes nothing away from those who do not`() {
        var forged: [Int: Int] = [:]
        var valid: [Int: Int] = [:]
        for number in 0..<10_000 {
            // All come through one proxy.
            let visit =
                number % 10 == 0
                ? scene.google("one", number: number, peer: "10.0.0.1")
                : scene.google("one", number: number, changed: ["X-Goog-Channel-Token": "guess"], peer: "10.0.0.1")
            let status = scene.send(visit).status
            if number % 10 == 0 { valid[status, default: 0] += 1 } else { forged[status, default: 0] += 1 }
            if number % 100 == 0 { scene.time.jump(by: 1_000) }
        }
        #expect(Set(forged.keys) == [403, 429])
        #expect(valid[429] == nil)
        #expect(valid[200, default: 0] > 50)
        #expect(scene.drafts.allSatisfy { $0.stream == "watch/one" })
    }

    @Test func `T19 a flood from everywhere needs no more memory than one from anywhere`() {
        for number in 0..<20_000 {
            _ = scene.send(scene.google("nobody", peer: "10.\(number >> 16).\(number >> 8 & 255).\(number & 255)"))
        }
        #expect(scene.transactions == 0)
        #expect(scene.send(scene.google("one")).status == 200)
    }

    @Test func `T19 nothing of a request is told but how often it came`() {
        _ = scene.send(scene.google("one"))
        _ = scene.send(scene.google("one", changed: ["X-Goog-Channel-Token": "guess"]))
        #expect(scene.front.counts == [.changed: 1, .forged: 1])
    }
}
