import Glibc

/// A thing that several threads use, one at a time, and that whoever has it can lend to the others while he waits for
/// something else.
///
/// So code that reads as if it were alone with the thing stays as plain as that: it holds the thing from its beginning to
/// its end, but for the moments in which it waits for a network. What it knew before such a moment it must look at again.
///
/// Those for whom somebody waits go first. Of those in the background one goes after every `mostBefore` of the others, so
/// that it is never held up for good.
///
/// It is unchecked because the compiler cannot see that nothing reaches the thing without its turn. What is handed out of
/// a turn must be a value.
public final class Turns<Thing>: @unchecked Sendable {
    private let thing: Thing
    private let queue: TurnQueue

    public init(_ thing: Thing, _ queue: TurnQueue = TurnQueue()) {
        self.thing = thing
        self.queue = queue
    }

    /// Waits for a turn and lends the thing for its length. Whoever has it must not ask for it again.
    public func take<Answer>(_ urgency: Urgency = .person, _ body: (Thing) throws -> Answer) rethrows -> Answer {
        queue.enter(urgency)
        defer { queue.leave() }
        return try body(thing)
    }

    /// As `take`, if nobody has the thing now; nil otherwise.
    public func takeIfFree<Answer>(_ body: (Thing) throws -> Answer) rethrows -> Answer? {
        guard queue.enterIfFree() else { return nil }
        defer { queue.leave() }
        return try body(thing)
    }
}

/// For whom something is done.
public enum Urgency: Sendable { case person, background }

/// Whose turn it is. It stands apart from the thing, so that what the thing itself is made of can lend it.
public final class TurnQueue: @unchecked Sendable {
    private final class Ticket {
        let urgency: Urgency
        var isCalled = false
        let condition: UnsafeMutablePointer<pthread_cond_t>

        init(_ urgency: Urgency) {
            self.urgency = urgency
            condition = .allocate(capacity: 1)
            condition.initialize(to: pthread_cond_t())
            pthread_cond_init(condition, nil)
        }

        deinit {
            pthread_cond_destroy(condition)
            condition.deallocate()
        }
    }

    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private var holder: pthread_t?
    private var holderUrgency = Urgency.person
    private var people: [Ticket] = []
    private var background: [Ticket] = []
    private var passed = 0

    /// So many people go before one in the background who waits.
    private static let mostBefore = 8

    public init() {
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    /// Lets the others go on while the body waits for something; does just the body where it is not this thread's turn.
    public func lend<Answer>(while body: () throws -> Answer) rethrows -> Answer {
        guard let urgency = ownUrgency else { return try body() }
        leave()
        defer { enter(urgency) }
        return try body()
    }

    /// Lets somebody go first who waits; false if nobody does.
    public func pause() -> Bool {
        guard let urgency = ownUrgency, hasWaiting else { return false }
        leave()
        enter(urgency)
        return true
    }

    private var ownUrgency: Urgency? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        guard let holder, pthread_equal(holder, pthread_self()) != 0 else { return nil }
        return holderUrgency
    }

    private var hasWaiting: Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return !people.isEmpty || !background.isEmpty
    }

    fileprivate func enter(_ urgency: Urgency) {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        if let holder { precondition(pthread_equal(holder, pthread_self()) == 0, "a turn was asked for within a turn") }
        // Somebody may be called and not yet awake: then the thing is taken, though nobody holds it.
        if holder != nil || isPromised || !people.isEmpty || !background.isEmpty {
            let ticket = Ticket(urgency)
            if urgency == .person { people.append(ticket) } else { background.append(ticket) }
            if holder == nil, !isPromised { call() }
            while !ticket.isCalled { pthread_cond_wait(ticket.condition, lock) }
            isPromised = false
        }
        holder = pthread_self()
        holderUrgency = urgency
    }

    fileprivate func enterIfFree() -> Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        guard holder == nil, !isPromised, people.isEmpty, background.isEmpty else { return false }
        holder = pthread_self()
        holderUrgency = .person
        return true
    }

    fileprivate func leave() {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        holder = nil
        call()
    }

    private var isPromised = false

    private func call() {
        let ticket: Ticket
        if let first = background.first, people.isEmpty || passed >= Self.mostBefore {
            background.removeFirst()
            passed = 0
            ticket = first
        } else if let first = people.first {
            people.removeFirst()
            passed = background.isEmpty ? 0 : passed + 1
            ticket = first
        } else {
            return
        }
        isPromised = true
        ticket.isCalled = true
        pthread_cond_signal(ticket.condition)
    }
}
