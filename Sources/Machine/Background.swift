import Glibc

/// A piece of work on a thread of its own, beside that of whoever waits for it. It must be waited for.
public final class Background<Answer: Sendable>: @unchecked Sendable {
    private var thread = pthread_t()
    // Written by the thread, and read when the thread has ended.
    private var result: Result<Answer, any Error>?

    public init(_ work: @escaping @Sendable () throws -> Answer) throws(MachineError) {
        let body = Unmanaged.passRetained(Body(run: { self.result = Result { try work() } }))
        let code = pthread_create(
            &thread, nil,
            { body in
                Unmanaged<Body>.fromOpaque(body!).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            throw MachineError("start", "a thread", code: code)
        }
    }

    /// What the work answered; it returns when the work has ended.
    public func wait() throws -> Answer {
        let code = pthread_join(thread, nil)
        guard code == 0, let result else { preconditionFailure("a thread is waited for once") }
        return try result.get()
    }
}

extension Background where Answer == Void {
    /// Starts work for which nobody waits here; false where there is no thread for it. It tells of its end by other means.
    public static func detach(_ work: @escaping @Sendable () -> Void) -> Bool {
        let body = Unmanaged.passRetained(Body(run: work))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { body in
                Unmanaged<Body>.fromOpaque(body!).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}

// A function of C can take no closure, but it can take an object that has one.
private final class Body {
    let run: () -> Void
    init(run: @escaping () -> Void) { self.run = run }
}
