import CMicroHTTPD
import Machine

/// What stands between the maker of a stream and the thread that sends it.
///
/// The sending thread finds nothing, suspends its connection and leaves; the maker puts something there and resumes it.
/// Both happen under the lock of the channel, so no resumption is lost and none comes to a connection that has ended. When the
/// channel has ended it never suspends again, which the library insists on before it stops.
final class Channel: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        /// How many of them are sent already.
        var sent = 0
        var isClosed = false
        var isEnded = false
        var connection: Connection?
        var isSuspended = false
        var cut: (@Sendable () -> Void)?
        /// The connection has ended, or there will never be one.
        var isOver = false
        var whenOver: (@Sendable () -> Void)?

        mutating func wake() {
            guard isSuspended, let connection else { return }
            isSuspended = false
            connection.resume()
        }

        mutating func end() {
            isEnded = true
            waiting = []
            sent = 0
            wake()
        }
    }

    private let bound: Int
    private let state = Guarded(State())

    init(bound: Int) { self.bound = bound }

    // MARK: The maker

    func send(_ bytes: [UInt8]) -> Bool {
        let (isTaken, cut) = state.with { state -> (Bool, (@Sendable () -> Void)?) in
            guard !state.isClosed, !state.isEnded else { return (false, nil) }
            guard state.waiting.count - state.sent + bytes.count <= bound else {
                state.end()
                return (false, state.cut)
            }
            state.waiting += bytes
            state.wake()
            return (true, nil)
        }
        cut?()
        return isTaken
    }

    var waitingBytes: Int? {
        state.with { $0.isClosed || $0.isEnded ? nil : $0.waiting.count - $0.sent }
    }

    func cutOff() {
        let cut = state.with { state in
            state.end()
            return state.cut
        }
        cut?()
    }

    func close() {
        state.with {
            $0.isClosed = true
            $0.wake()
        }
    }

    func whenOver(_ body: @escaping @Sendable () -> Void) {
        let isOver = state.with { state in
            if !state.isOver { state.whenOver = body }
            return state.isOver
        }
        if isOver { body() }
    }

    // MARK: The connection

    /// - Parameter cut: closes the connection at once, wherever it waits.
    /// - Returns: false where the channel has a connection already, or had one.
    func attach(_ connection: Connection, cut: @escaping @Sendable () -> Void) -> Bool {
        state.with { state in
            guard state.connection == nil, !state.isOver else { return false }
            state.connection = connection
            state.cut = cut
            return true
        }
    }

    /// Called by the library when the client can take more. 0 after the connection was suspended.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        state.with { state in
            if state.isEnded { return mhd_end_with_error }
            let count = min(buffer.count, state.waiting.count - state.sent)
            if count > 0 {
                buffer.copyBytes(from: state.waiting[state.sent..<state.sent + count])
                state.sent += count
                if state.sent == state.waiting.count {
                    state.waiting.removeAll(keepingCapacity: true)
                    state.sent = 0
                }
                return count
            }
            guard !state.isClosed, let connection = state.connection else { return mhd_end_of_stream }
            state.isSuspended = true
            connection.suspend()
            return 0
        }
    }

    /// Sends nothing more. The connection is closed when the library looks at it next.
    func end() { state.with { $0.end() } }

    /// The connection is over, or there will be none.
    func finish() {
        let body = state.with { state in
            state.connection = nil
            state.cut = nil
            state.isSuspended = false
            state.end()
            state.isOver = true
            defer { state.whenOver = nil }
            return state.whenOver
        }
        body?()
    }
}
