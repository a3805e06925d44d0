import Application
import FoundationEssentials
import Machine
import WebServer

/// Sends entries to those who listen, as they come: from any position on, in order, none left out.
///
/// What a listener has not had yet waits in the ledger and not in memory. Who reads too slowly is cut off, and asks again
/// from the last position that it has; `id` of an event is that position.
final class EntryFeed: Sendable {
    private struct Listener {
        let user: String
        let stream: ByteStream
        var position: Int64
    }

    private let household: Household
    private let listeners = Guarded<[Int: Listener]>([:])
    private let number = Guarded(0)
    private let isStopping = Guarded(false)
    private let thread = Guarded<Background<Void>?>(nil)

    /// More at once is no use that a home has.
    static let mostListeners = 64
    private static let page: Int64 = 200
    /// So often something is sent, so that whoever lies between does not take the silence for an end.
    private static let silence: Int64 = 15_000

    init(_ household: Household) throws {
        self.household = household
        let started = try Background<Void> { [weak self] in
            while let self, !self.isStopping.with({ $0 }) { self.turn() }
        }
        thread.with { $0 = started }
    }

    /// A stream of the entries behind a position; nil where too many listen.
    func stream(after position: Int64, for user: String) -> ByteStream? {
        let stream = ByteStream()
        let isTaken = listeners.with { listeners in
            guard listeners.count < Self.mostListeners else { return false }
            let id = number.with { number in
                number += 1
                return number
            }
            listeners[id] = Listener(user: user, stream: stream, position: position)
            return true
        }
        guard isTaken else { return nil }
        household.bell.shake()
        return stream
    }

    func close() {
        isStopping.with { $0 = true }
        household.bell.shake()
        let started = thread.with { thread -> Background<Void>? in
            defer { thread = nil }
            return thread
        }
        try? started?.wait()
        for listener in listeners.with({ $0.values }) { listener.stream.close() }
    }

    private func turn() {
        let heard = household.bell.strokes
        let hasMore = serve()
        if hasMore { return }
        let stroke = household.bell.wait(
            forStrokeAfter: heard, milliseconds: Self.silence, unless: { self.isStopping.with { $0 } })
        if stroke == nil { keepAlive() }
    }

    /// One page for each; true if somebody wants more at once.
    private func serve() -> Bool {
        let last = household.bell.last
        var hasMore = false
        for (id, listener) in listeners.with({ $0 }) where listener.position < last {
            guard let position = send(listener) else {
                listeners.with { $0[id] = nil }
                continue
            }
            listeners.with { $0[id]?.position = position }
            hasMore = hasMore || position < last
        }
        return hasMore
    }

    /// Where the listener stands afterwards; nil where it has gone.
    private func send(_ listener: Listener) -> Int64? {
        var request = LogRequest()
        request.user = listener.user
        request.from = listener.position + 1
        request.limit = Self.page
        guard let page = try? household.ask(request, .background) else {
            listener.stream.close()
            return nil
        }
        for entry in page.entries {
            guard let event = ServerEvent(id: entry.position, "entry", entry), listener.stream.send(event.bytes) else {
                return nil
            }
        }
        return page.entries.last?.position ?? listener.position
    }

    private func keepAlive() {
        for (id, listener) in listeners.with({ $0 }) where !listener.stream.send(ServerEvent.silence) {
            listeners.with { $0[id] = nil }
        }
    }
}

/// An event as a browser and `curl -N` understand it.
struct ServerEvent {
    let bytes: [UInt8]

    static let silence = Array(": still here\n\n".utf8)

    init?<Body: Encodable>(id: Int64? = nil, _ name: String, _ body: Body) {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(body) else { return nil }
        let head = (id.map { "id: \($0)\n" } ?? "") + "event: \(name)\ndata: "
        // JSON has no line breaks of its own, so the data is one line.
        bytes = Array(head.utf8) + Array(data) + Array("\n\n".utf8)
    }
}
