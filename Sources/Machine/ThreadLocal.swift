import Glibc

/// A value that each thread has for itself, for as long as a body runs.
///
/// It is for what is known at the top of a thread and asked for at its bottom, where nothing in between has anything to
/// do with it: who waits for the work, and whether it is still wanted.
public final class ThreadLocal<Value: AnyObject>: @unchecked Sendable {
    private var key = pthread_key_t()

    public init() {
        let code = pthread_key_create(&key, nil)
        precondition(code == 0, "there are no keys left for values of threads")
    }

    public var value: Value? {
        pthread_getspecific(key).map { Unmanaged<Value>.fromOpaque($0).takeUnretainedValue() }
    }

    public func with<Answer>(_ value: Value, _ body: () throws -> Answer) rethrows -> Answer {
        let before = pthread_getspecific(key)
        pthread_setspecific(key, Unmanaged.passUnretained(value).toOpaque())
        defer { pthread_setspecific(key, before) }
        return try withExtendedLifetime(value) { try body() }
    }
}
