import Glibc

/// A value for several threads, one at a time. A thread can wait until another has changed it.
///
/// It is unchecked because the compiler cannot see that nothing reaches the value without the lock.
public final class Guarded<Value: Sendable>: @unchecked Sendable {
    private var value: Value
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>

    public init(_ value: Value) {
        self.value = value
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        changed = .allocate(capacity: 1)
        changed.initialize(to: pthread_cond_t())
        pthread_mutex_init(lock, nil)
        // Waits with an end count time as it passes, whatever becomes of the clock on the wall.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    /// Lends the value while no other thread has it. It must not be asked for again from within.
    public func with<Answer>(_ body: (inout Value) throws -> Answer) rethrows -> Answer {
        pthread_mutex_lock(lock)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(lock)
        }
        return try body(&value)
    }

    /// As `with`, again and again after each change, until there is an answer.
    public func wait<Answer>(for body: (inout Value) throws -> Answer?) rethrows -> Answer {
        pthread_mutex_lock(lock)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(lock)
        }
        while true {
            if let answer = try body(&value) { return answer }
            pthread_cond_wait(changed, lock)
        }
    }

    /// As `wait`, for at most so long; nil when the time is over.
    public func wait<Answer>(
        milliseconds: Int64, for body: (inout Value) throws -> Answer?
    ) rethrows -> Answer? {
        let end = Moment.monotonicMilliseconds() + milliseconds
        pthread_mutex_lock(lock)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(lock)
        }
        while true {
            if let answer = try body(&value) { return answer }
            let now = Moment.monotonicMilliseconds()
            guard now < end else { return nil }
            var until = timespec(tv_sec: Int(end / 1_000), tv_nsec: Int(end % 1_000) * 1_000_000)
            pthread_cond_timedwait(changed, lock, &until)
        }
    }
}
