import Application
import Machine
import WebServer

/// How far everything is that is being done, for those who look on.
final class ProgressBoard: Sendable {
    /// What is told of a run (G07).
    struct Line: Codable, Sendable, Equatable {
        let run: String
        /// The connection that is read, or the job that is done.
        let subject: String
        let stage: String
        let current: Int64
        let total: Int64
        let message: String
        let isFinished: Bool
    }

    fileprivate struct Listener {
        /// Nil hears of everybody's.
        let owner: String?
        let stream: ByteStream
        let mayStay: @Sendable () -> Bool

        /// False where nobody hears it any more.
        func send(_ bytes: [UInt8]) -> Bool {
            guard mayStay() else {
                stream.close()
                return false
            }
            return stream.send(bytes)
        }
    }

    fileprivate struct State {
        var lines: [String: (owner: String?, line: Line, at: Int64)] = [:]
        var listeners: [Int: Listener] = [:]
        var next = 0
        var lastAlive = Moment.monotonicMilliseconds()
    }

    private let state = Guarded(State())

    private static let mostListeners = 64
    /// Nobody reads faster.
    private static let pause: Int64 = 200
    private static let silence: Int64 = 15_000

    /// A stream of what happens from now on, which begins with what is being done; nil where too many listen.
    /// A member hears of what is theirs alone, an administrator of everything.
    func stream(for onlooker: WebMeans.Onlooker) -> ByteStream? {
        let owner = onlooker.caller.isAdmin ? nil : onlooker.caller.user
        return state.with { state in
            guard state.listeners.count < Self.mostListeners else { return nil }
            let stream = ByteStream()
            stream.send(ServerEvent.silence)
            for entry in state.lines.values where owner == nil || entry.owner == owner {
                ServerEvent("progress", entry.line).map { _ = stream.send($0.bytes) }
            }
            state.listeners[state.next] = Listener(owner: owner, stream: stream, mayStay: onlooker.mayStay)
            state.next += 1
            return stream
        }
    }

    func tell(_ run: String, _ subject: String, owner: String?, _ progress: OpenHome.Progress) {
        let line = Line(
            run: run, subject: subject, stage: progress.work, current: progress.done, total: progress.all,
            message: "\(progress.work): \(progress.done) of \(progress.all)", isFinished: false)
        let now = Moment.monotonicMilliseconds()
        state.with { state in
            if let last = state.lines[run], now - last.at < Self.pause, last.line.stage == line.stage { return }
            state.lines[run] = (owner, line, now)
            state.send(line, owner)
        }
    }

    func end(_ run: String, _ subject: String, owner: String?, _ outcome: String) {
        let line = Line(
            run: run, subject: subject, stage: "finished", current: 1, total: 1, message: outcome, isFinished: true)
        state.with { state in
            state.lines[run] = nil
            state.send(line, owner)
        }
    }

    /// So that whoever lies between does not take the silence for an end. To be called every half minute at least.
    func keepAlive() {
        let now = Moment.monotonicMilliseconds()
        state.with { state in
            guard now - state.lastAlive >= Self.silence else { return }
            state.lastAlive = now
            for (id, listener) in state.listeners where !listener.send(ServerEvent.silence) {
                state.listeners[id] = nil
            }
        }
    }

    func close() {
        state.with { state in
            for listener in state.listeners.values { listener.stream.close() }
            state.listeners = [:]
        }
    }
}

extension ProgressBoard.State {
    fileprivate mutating func send(_ line: ProgressBoard.Line, _ owner: String?) {
        guard let event = ServerEvent("progress", line) else { return }
        for (id, listener) in listeners where listener.owner == nil || listener.owner == owner {
            if !listener.send(event.bytes) { listeners[id] = nil }
        }
    }
}
