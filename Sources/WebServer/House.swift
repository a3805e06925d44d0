import CMicroHTTPD
import Machine

/// What the functions that the library calls know: the handler, the limits, and the requests under way.
final class House: Sendable {
    private struct State {
        var calls: [ObjectIdentifier: Call] = [:]
        /// New requests on open connections are still served, and then the connection is closed.
        var isStopping = false
        /// Nothing is served any more.
        var isOver = false
        var isOutOfTime = false
    }

    let options: Listener.Options
    let handle: @Sendable (Visit, Answer) -> Void
    let watch: Watch
    private let state = Guarded(State())

    init(_ options: Listener.Options, _ watch: Watch, _ handle: @escaping @Sendable (Visit, Answer) -> Void) {
        self.options = options
        self.watch = watch
        self.handle = handle
    }

    var isStopping: Bool { state.with { $0.isStopping } }

    func begin(_ connection: Connection, _ rawTarget: [UInt8]) -> Call {
        state.with { state in
            let call = Call(connection, rawTarget: rawTarget, house: self, isDead: state.isOver)
            state.calls[ObjectIdentifier(call)] = call
            return call
        }
    }

    func finish(_ call: Call) {
        call.finish()
        state.with { _ = $0.calls.removeValue(forKey: ObjectIdentifier(call)) }
    }

    /// Returns when nothing is under way any more, or when the time is over and the rest was ended.
    func drain(milliseconds: Int) {
        let calls = state.with { state in
            state.isStopping = true
            return Array(state.calls.values)
        }
        // A stream of events never ends by itself.
        for call in calls { call.closeStream() }
        watch.alarm(afterMilliseconds: milliseconds) { [state] in state.with { $0.isOutOfTime = true } }
        let rest = state.wait { state -> [Call]? in
            guard state.calls.isEmpty || state.isOutOfTime else { return nil }
            state.isOver = true
            return Array(state.calls.values)
        }
        for call in rest { call.end() }
    }
}

extension Listener.Options {
    /// From the end of one request on a connection to the end of the next: a pause, and then as long as for the first.
    var betweenMilliseconds: Int { silenceSeconds * 1_000 + receivingMilliseconds }
}
