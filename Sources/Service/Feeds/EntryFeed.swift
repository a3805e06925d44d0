import Application
import Machine
import WebServer

/// Sends entries to those who listen, as they come: from any position on, in order, none left out.
///
/// What a listener has not had yet waits in the ledger and not in memory: who reads slowly is sent more when there is room.
/// Who takes nothing at all is cut off after a while, and asks again from the last position that it has; `id` of an event is
/// that position.
final class EntryFeed: Sendable {
    private struct Listener {
        let user: String
        let mayStay: @Sendable () -> Bool
        let stream: ByteStream
        var position: Int64
        /// What waited for it when it was last seen to take something, and when that was.
        var waiting = 0
        var moved = Moment.monotonicMilliseconds()
    }

    private let household: Household
    private let listeners = Guarded<[Int: Listener]>([:])
    private let number = Guarded(0)
    private let isStopping = Guarded(false)
    private let thread = Guarded<Background<Void>?>(nil)

    /// More at once is no use that a home has.
    static let mostListeners = 64
    private static let page: Int64 = 200
    /// So much is sent to one listener at a time: a part of what may wait for one.
    private static let mostBytes = ByteStream.usualBound / 4
    /// Between two looks whether somebody who was behind has room again.
    private static let breath: Int64 = 20
    /// Who takes nothing for so long does not read.
    private static let patience: Int64 = 10_000
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
    func stream(after position: Int64, for onlooker: WebMeans.Onlooker) -> ByteStream? {
        let stream = ByteStream()
        let isTaken = listeners.with { listeners in
            guard listeners.count < Self.mostListeners else { return false }
            let id = number.with { number in
                number += 1
                return number
            }
            listeners[id] = Listener(
                user: onlooker.caller.user, mayStay: onlooker.mayStay, stream: stream, position: position)
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
        let pause: Int64
        switch serve() {
        case .sent: return
        case .full: pause = Self.breath
        case .idle: pause = Self.silence
        }
        let stroke = household.bell.wait(
            forStrokeAfter: heard, milliseconds: pause, unless: { self.isStopping.with { $0 } })
        if stroke == nil, pause == Self.silence { keepAlive() }
    }

    private enum Turn {
        /// There may be more to send at once.
        case sent
        /// Whoever is behind has no room.
        case full
        case idle
    }

    /// Those who stand at the same place are sent the same bytes, which are read and written once.
    private struct Place: Hashable {
        let user: String
        let position: Int64
    }

    /// One page for each who has room.
    private func serve() -> Turn {
        let last = household.bell.last
        sendAway()
        let behind = listeners.with { $0 }.filter { $0.value.position < last }
        if behind.isEmpty { return .idle }
        let ready = behind.filter { hasRoom($0.key, $0.value) }
        for (place, group) in Dictionary(grouping: ready, by: { Place(user: $1.user, position: $1.position) }) {
            let page = page(at: place)
            for (id, listener) in group {
                guard let page, page.events.isEmpty || listener.stream.send(page.events) else {
                    listener.stream.close()
                    listeners.with { $0[id] = nil }
                    continue
                }
                listeners.with { $0[id]?.position = page.end }
            }
        }
        return ready.isEmpty ? .full : .sent
    }

    /// Ends the streams of those who would not be let in again: what they are not to see has not been read for them yet.
    private func sendAway() {
        for (id, listener) in listeners.with({ $0 }) where !listener.mayStay() {
            listener.stream.close()
            listeners.with { $0[id] = nil }
        }
    }

    /// Whether a page more may wait for a listener. Who does not read is cut off here.
    private func hasRoom(_ id: Int, _ listener: Listener) -> Bool {
        guard let waiting = listener.stream.waitingBytes else {
            listeners.with { $0[id] = nil }
            return false
        }
        let now = Moment.monotonicMilliseconds()
        if waiting < listener.waiting || waiting <= Self.mostBytes {
            listeners.with { listeners in
                listeners[id]?.waiting = waiting
                listeners[id]?.moved = now
            }
        } else if waiting > listener.waiting {
            listeners.with { $0[id]?.waiting = waiting }
        } else if now - listener.moved > Self.patience {
            listener.stream.cut()
            listeners.with { $0[id] = nil }
        }
        return waiting <= Self.mostBytes
    }

    /// The events behind a place, and where whoever had them stands; nil where they cannot be read.
    private func page(at place: Place) -> (events: [UInt8], end: Int64)? {
        var request = LogRequest()
        (request.user, request.isDiscreet) = (place.user, true)
        request.from = place.position + 1
        request.limit = Self.page
        guard let page = try? household.ask(request, .background) else { return nil }
        var events: [UInt8] = []
        var end = place.position
        for entry in page.entries {
            guard let event = ServerEvent(id: entry.position, "entry", entry) else { return nil }
            events += event.bytes
            end = entry.position
            // What is left comes with the next page: nobody is cut off by one who reads.
            if events.count >= Self.mostBytes { break }
        }
        return (events, end)
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
        guard let data = try? JSONScribe(.snakeCase).bytes(of: body) else { return nil }
        let head = (id.map { "id: \($0)\n" } ?? "") + "event: \(name)\ndata: "
        // JSON has no line breaks of its own, so the data is one line.
        bytes = Array(head.utf8) + data + Array("\n\n".utf8)
    }
}
