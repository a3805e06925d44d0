import CMicroHTTPD
import Glibc
import Machine

/// Looks after the connections where the library does not: after those that take too long although something moves, and
/// after clients that go while their stream waits for its maker.
///
/// It has a thread of its own. A connection is known by a number, from the moment it is accepted until just before its
/// descriptor is closed, so what is cut is never another that has the same descriptor by now.
final class Watch: Sendable {
    private struct Line {
        let descriptor: Int32
        var until: Int64?
        var channel: Channel?
    }

    private struct State {
        var last: UInt = 0
        var lines: [UInt: Line] = [:]
        var alarm: (at: Int64, ring: @Sendable () -> Void)?
        var isOver = false
    }

    private let state = Guarded(State())
    private let events: Int32
    private let bell: Int32
    /// No time limit is set that ends sooner than this, so looking once in so long misses none.
    private let shortest: Int64
    private let whenLate: @Sendable () -> Void
    /// Events that are fetched at once.
    private static let batch = 64

    init(shortestMilliseconds: Int, whenLate: @escaping @Sendable () -> Void) throws(MachineError) {
        events = epoll_create1(Int32(EPOLL_CLOEXEC))
        bell = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        shortest = Int64(max(1, shortestMilliseconds))
        self.whenLate = whenLate
        add(bell, number: 0, events: EPOLLIN.rawValue)
    }

    deinit {
        close(events)
        close(bell)
    }

    // MARK: Connections

    func open(_ descriptor: Int32) -> UInt {
        let (number, isFirst) = state.with { state in
            state.last += 1
            state.lines[state.last] = Line(descriptor: descriptor, until: Moment.monotonicMilliseconds() + shortest)
            return (state.last, state.lines.count == 1)
        }
        if isFirst { ring() }
        return number
    }

    func forget(_ number: UInt) {
        state.with { state in
            guard let line = state.lines.removeValue(forKey: number), line.channel != nil else { return }
            epoll_ctl(events, EPOLL_CTL_DEL, line.descriptor, nil)
        }
    }

    /// - Parameter milliseconds: from now, and no less than the shortest; nil lifts the limit.
    func limit(_ number: UInt, milliseconds: Int?) {
        let until = milliseconds.map { Moment.monotonicMilliseconds() + max(shortest, Int64($0)) }
        state.with { $0.lines[number]?.until = until }
    }

    /// Tells the channel when the client goes.
    func follow(_ number: UInt, for channel: Channel) {
        state.with { state in
            guard let line = state.lines[number] else { return }
            state.lines[number]?.channel = channel
            add(line.descriptor, number: number, events: EPOLLRDHUP.rawValue | EPOLLONESHOT.rawValue)
        }
    }

    func leave(_ number: UInt) {
        state.with { state in
            guard let line = state.lines[number], line.channel != nil else { return }
            state.lines[number]?.channel = nil
            epoll_ctl(events, EPOLL_CTL_DEL, line.descriptor, nil)
        }
    }

    /// Ends the connection for both sides; the library notices.
    func cut(_ number: UInt) {
        state.with { state in
            guard let line = state.lines[number] else { return }
            shutdown(line.descriptor, Int32(SHUT_RDWR))
        }
    }

    // MARK: The thread

    /// Calls once, on the thread of the watch.
    func alarm(afterMilliseconds milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        state.with { $0.alarm = (Moment.monotonicMilliseconds() + Int64(milliseconds), body) }
        ring()
    }

    func end() {
        state.with { $0.isOver = true }
        ring()
    }

    func run() {
        var heard = [epoll_event](repeating: epoll_event(), count: Self.batch)
        while let wait = lookAtTheClock() {
            let count = epoll_wait(events, &heard, Int32(heard.count), wait)
            for event in heard.prefix(Int(max(0, count))) { hear(UInt(event.data.u64)) }
        }
    }

    private func hear(_ number: UInt) {
        guard number > 0 else {
            var count: UInt64 = 0
            read(bell, &count, MemoryLayout<UInt64>.size)
            return
        }
        state.with { $0.lines[number]?.channel }?.end()
    }

    /// Cuts what is late; answers how long nothing will be, -1 for as long as nobody rings, nil at the end.
    private func lookAtTheClock() -> Int32? {
        let now = Moment.monotonicMilliseconds()
        let (wait, late, ring) = state.with { state -> (Int32?, Int, (@Sendable () -> Void)?) in
            if state.isOver { return (nil, 0, nil) }
            var next: Int64? = state.lines.isEmpty ? nil : now + shortest
            var late = 0
            for (number, line) in state.lines {
                guard let until = line.until else { continue }
                if until > now {
                    next = min(next ?? until, until)
                } else {
                    late += 1
                    state.lines[number]?.until = nil
                    shutdown(line.descriptor, Int32(SHUT_RDWR))
                }
            }
            var ring: (@Sendable () -> Void)?
            if let alarm = state.alarm {
                if alarm.at <= now {
                    ring = alarm.ring
                    state.alarm = nil
                } else {
                    next = min(next ?? alarm.at, alarm.at)
                }
            }
            return (next.map { Int32(clamping: $0 - now) } ?? -1, late, ring)
        }
        ring?()
        for _ in 0..<late { whenLate() }
        return wait
    }

    private func ring() {
        var one: UInt64 = 1
        write(bell, &one, MemoryLayout<UInt64>.size)
    }

    private func add(_ descriptor: Int32, number: UInt, events wanted: UInt32) {
        var event = epoll_event(events: wanted, data: epoll_data_t(u64: UInt64(number)))
        epoll_ctl(events, EPOLL_CTL_ADD, descriptor, &event)
    }
}
