import Entries
import Providers
import Secrets
import Sync
import WebServer

/// Takes the notifications of Graph's subscriptions, and answers when Graph asks whether one is wanted.
///
/// A post may hold items of several subscriptions, and each has to show what belongs to its own. Of an item only its
/// identifiers are looked at, to know a copy; what changed is read from Graph.
enum MicrosoftReceiver {
    /// A hundred items with the longest identifiers that Graph has are less.
    static let mostBytes = 256 << 10
    private static let mostItems = 1_000
    private static let longestToken = 512
    private static let longestProof = 128

    static func receive(_ visit: Visit, _ table: WatchTable, at now: Int64) -> Reception {
        guard visit.method == "POST" else { return GoogleReceiver.wrongMethod }
        let tokens = visit.queryValues("validationToken")
        if !tokens.isEmpty { return handshake(tokens, isExpected: table.expectsHandshake(at: now)) }
        guard visit.body.count <= mostBytes else { return strange(413) }
        guard let items = (try? JSONObject(visit.body))?.value("value")?.elements else { return strange(400) }
        var reception = Reception(202)
        if items.count > mostItems { reception.counts.append(.overflow) }
        var told: [Told: [String]] = [:]
        var order: [Told] = []
        for item in items.prefix(mostItems) {
            let found = read(item, table, now)
            reception.counts.append(found.count)
            guard let key = found.told else {
                reception.isStrange = reception.isStrange || found.isStrange
                continue
            }
            if told[key] == nil { order.append(key) }
            told[key, default: []].append(found.mark)
        }
        reception.messages = order.compactMap { key in
            guard let known = table.find(key.watch, at: now), !Notice.isIdle(known, key.signal) else { return nil }
            return Notice.message(
                known, key.signal, number: number(of: told[key] ?? []), resource: key.subscription)
        }
        return reception
    }

    private static func strange(_ status: Int) -> Reception {
        var reception = Reception(status, .malformed)
        reception.isStrange = true
        return reception
    }

    // MARK: The handshake

    /// The text comes back as a text and as nothing else, and only while a subscription is being made: else anybody could
    /// have this host say what they like.
    private static func handshake(_ tokens: [String], isExpected: Bool) -> Reception {
        guard isExpected else {
            var reception = Reception(404, .unknown)
            reception.isStrange = true
            return reception
        }
        guard tokens.count == 1, (1...longestToken).contains(tokens[0].utf8.count) else { return strange(400) }
        var reception = Reception(200, .handshake)
        reception.reply = Reply(
            200,
            headers: [
                Visit.Field("Content-Type", "text/plain; charset=utf-8"),
                Visit.Field("X-Content-Type-Options", "nosniff"),
                Visit.Field("Content-Security-Policy", "default-src 'none'"),
                Visit.Field("Cache-Control", "no-store"),
            ], body: Array(tokens[0].utf8))
        return reception
    }

    // MARK: Items

    /// What is told together is one entry.
    private struct Told: Hashable {
        let watch: String
        let signal: Signal
        let subscription: String
    }

    private struct Item {
        var told: Told?
        var mark = ""
        var count = PushCount.other
        var isStrange = false
    }

    private static func read(_ value: Providers.JSONValue, _ table: WatchTable, _ now: Int64) -> Item {
        guard let item = value.object else { return Item(count: .malformed, isStrange: true) }
        guard let proof = item.text("clientState"), proof.utf8.count <= longestProof,
            let known = table.find(String(proof.prefix { $0 != "." }), at: now), known.row.provider == .microsoft
        else { return Item(count: .unknown, isStrange: true) }
        guard Secret(proof) == known.proof, let subscription = item.text("subscriptionId"),
            known.row.providerID ?? subscription == subscription
        else { return Item(count: .forged, isStrange: true) }
        guard let (signal, count, mark) = signal(item, value, now) else { return Item(count: .other) }
        return Item(
            told: Told(watch: known.row.watch, signal: signal, subscription: subscription), mark: mark,
            count: known.row.state == .ended ? .late : count)
    }

    private static func signal(
        _ item: JSONObject, _ value: Providers.JSONValue, _ now: Int64
    ) -> (Signal, PushCount, mark: String)? {
        if item.has("lifecycleEvent") {
            // It has no number, and may come again for another reason: within a minute it is the same.
            let minute = "minute \(now / 60_000)"
            switch item.text("lifecycleEvent") {
            case "missed": return (.missedChanges, .lifecycle, minute)
            case "subscriptionRemoved": return (.subscriptionRemoved, .lifecycle, minute)
            case "reauthorizationRequired": return (.authorizationNeeded, .lifecycle, minute)
            default: return nil
            }
        }
        guard let change = item.text("changeType"), ["created", "updated", "deleted"].contains(change) else {
            return nil
        }
        let data = item.object("resourceData")
        guard let id = data?.text("id") else {
            return (.changed, .changed, String(decoding: value.content, as: UTF8.self))
        }
        return (.changed, .changed, "\(change)\n\(id)\n\(data?.text("@odata.etag") ?? "")")
    }

    /// A number for what has none: the same for a copy, and it tells nothing of what changed.
    private static func number(of marks: [String]) -> String {
        let text = Set(marks).sorted().joined(separator: "\u{0}")
        return String(SHA256.hash(Array(text.utf8)).hexadecimal.prefix(32))
    }
}
