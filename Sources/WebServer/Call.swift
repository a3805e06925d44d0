import CMicroHTTPD
import Glibc
import Machine

/// One request, from its line to the end of its answer.
///
/// The library calls on the thread of the connection: first with the headers, then with the body piece by piece, then
/// without a piece, and once more after a resumption. When the reply is not there by then, the connection is suspended;
/// whoever gives it resumes. Both happen under the lock of the call, and `finish` takes the connection away under the same lock, so
/// no resumption is lost, none comes to a connection that has ended, and none is under way when the library stops.
final class Call: Sendable {
    private enum Stage {
        case line
        case body(Admission)
        case asked
        case answered
    }

    private struct State {
        var stage = Stage.line
        var body: [UInt8] = []
        var connection: Connection?
        var isSuspended = false
        var isGiven = false
        var reply: Reply?
        var channel: Channel?
        var isOver: Bool
    }

    private let rawTarget: [UInt8]
    private let house: House
    private let line: UInt
    private let state: Guarded<State>

    /// - Parameter isDead: the listener has stopped already.
    init(_ connection: Connection, rawTarget: [UInt8], house: House, isDead: Bool) {
        self.rawTarget = rawTarget
        self.house = house
        line = connection.line
        state = Guarded(State(connection: connection, isOver: isDead))
    }

    // MARK: From the library

    /// False closes the connection.
    /// - Parameter distance: from the beginning of the target to that of the version, in the bytes that came.
    func goOn(_ connection: Connection, method: String, version: String, distance: Int, piece: UnsafeRawBufferPointer)
        -> Bool
    {
        let (stage, isOver) = state.with { ($0.stage, $0.isOver) }
        if isOver { return false }
        switch stage {
        case .line:
            // A NUL in the target ends it for the library, and then the version does not stand right behind it.
            guard distance == rawTarget.count + 1 else { return refuse(.target, connection) }
            return admit(connection, method, version)
        case .body(let admission):
            return piece.isEmpty ? ask(connection, method, admission) : take(piece, connection, admission)
        case .asked: return answer(connection)
        case .answered: return true
        }
    }

    private func admit(_ connection: Connection, _ method: String, _ version: String) -> Bool {
        do {
            let admission = try Admission(
                method: method, rawTarget: rawTarget, version: version,
                rawHeaders: connection.headers(limit: house.options.fields), options: house.options)
            state.with { $0.stage = .body(admission) }
            return true
        } catch {
            return refuse(error.refusal, connection)
        }
    }

    private func take(_ piece: UnsafeRawBufferPointer, _ connection: Connection, _ admission: Admission) -> Bool {
        let fits = state.with { state in
            guard state.body.count + piece.count <= admission.bodyLimit else { return false }
            state.body += piece
            return true
        }
        if fits { return true }
        // The library takes no answer in the middle of a body of chunks, and nothing else was said about this request.
        house.options.log(.tooLarge)
        let words = Array("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".utf8)
        send(connection.descriptor, words, words.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        return false
    }

    private func ask(_ connection: Connection, _ method: String, _ admission: Admission) -> Bool {
        house.watch.limit(line, milliseconds: nil)
        let body = state.with { state in
            state.stage = .asked
            defer { state.body = [] }
            return state.body
        }
        let visit = Visit(
            method, admission.target.path, query: admission.target.query, headers: admission.headers, body: body,
            peer: connection.peer)
        house.handle(visit, Answer(self))
        return answer(connection)
    }

    private func answer(_ connection: Connection) -> Bool {
        let (reply, isOver) = state.with { state -> (Reply?, Bool) in
            if state.isOver { return (nil, true) }
            if let reply = state.reply {
                state.reply = nil
                state.stage = .answered
                return (reply, false)
            }
            state.isSuspended = true
            connection.suspend()
            return (nil, false)
        }
        guard let reply else { return !isOver }
        return queue(reply, connection)
    }

    private func refuse(_ refusal: WireFault, _ connection: Connection) -> Bool {
        house.options.log(refusal)
        state.with {
            $0.stage = .answered
            $0.isGiven = true
        }
        return queue(house.options.reply(refusal), connection)
    }

    private func queue(_ reply: Reply, _ connection: Connection) -> Bool {
        var reply = reply
        if house.isStopping { reply.headers.append(.init("Connection", "close")) }
        if case .stream(let stream) = reply.body {
            let channel = stream.channel
            let line = line
            let watch = house.watch
            guard channel.attach(connection, cut: { watch.cut(line) }) else { return queue(faulty(), connection) }
            let isOver = state.with { state in
                state.channel = channel
                return state.isOver
            }
            if isOver { return false }
            if house.isStopping { channel.close() }
        }
        guard let outgoing = Outgoing(reply) else {
            state.with { state in
                defer { state.channel = nil }
                return state.channel
            }?.finish()
            return queue(faulty(), connection)
        }
        switch reply.body {
        case .stream(let stream): house.watch.follow(line, for: stream.channel)
        case .bytes(let bytes):
            let seconds = bytes.count / house.options.sendingBytesPerSecond
            house.watch.limit(line, milliseconds: house.options.receivingMilliseconds + 1_000 * seconds)
        }
        return MHD_queue_response(connection.handle, UInt32(reply.status), outgoing.handle) == .YES
    }

    private func faulty() -> Reply {
        house.options.log(.faultyReply)
        return WireFault.faultyReply.plainReply
    }

    /// The library is done with this request, however it ended.
    func finish() {
        let (channel, reply) = state.with { state in
            defer {
                state.channel = nil
                state.reply = nil
            }
            state.isOver = true
            state.isSuspended = false
            state.connection = nil
            return (state.channel, state.reply)
        }
        if channel != nil { house.watch.leave(line) }
        channel?.finish()
        reply?.forget()
        // Until the next request has come, its line included.
        house.watch.limit(line, milliseconds: house.options.betweenMilliseconds)
    }

    // MARK: From anywhere

    func give(_ reply: Reply) {
        let isTaken = state.with { state in
            guard !state.isGiven, !state.isOver else { return false }
            state.isGiven = true
            state.reply = reply
            wake(&state)
            return true
        }
        if !isTaken { reply.forget() }
    }

    func abandon() {
        let isOpen = state.with { !$0.isGiven && !$0.isOver }
        guard isOpen else { return }
        house.options.log(.unanswered)
        give(house.options.reply(.unanswered))
    }

    /// Lets a stream end as if its maker had closed it.
    func closeStream() { state.with { $0.channel }?.close() }

    /// Ends it without a word, because the listener stops.
    func end() {
        state.with { state -> Channel? in
            state.isOver = true
            wake(&state)
            return state.channel
        }?.end()
    }

    private func wake(_ state: inout State) {
        guard state.isSuspended, let connection = state.connection else { return }
        state.isSuspended = false
        connection.resume()
    }
}

extension Reply {
    /// Nobody will read it: a stream is told so.
    fileprivate func forget() {
        if case .stream(let stream) = body { stream.channel.finish() }
    }
}
