import Glibc

/// Lets one thread in at a time, and the others wait for it.
///
/// The standard library's `Mutex` makes the thread sanitizer see races where there are none, so this is the system's.
public final class Exclusive: @unchecked Sendable {
    // Unchecked: the mutex is what makes it safe to share.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    public init() { pthread_mutex_init(mutex, nil) }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    public func callAsFunction<Answer>(_ body: () throws -> Answer) rethrows -> Answer {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }
}
