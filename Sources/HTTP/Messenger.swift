import Dispatch

/// Sends for tasks that must not be held up: on a thread of its own, one batch after the other.
public actor Messenger {
    private let transport: any Transport
    private let thread = OwnThread()

    public init(_ transport: sending any Transport) { self.transport = transport }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// The outcomes, in the order of the requests. When the task is cancelled, those that are on their way end.
    public func send(_ requests: [Request]) -> [Result<Response, HTTPError>] { transport.send(requests) }

    public func send(_ request: Request) throws(HTTPError) -> Response { try transport.send(request) }
}

private final class OwnThread: SerialExecutor {
    private let queue = DispatchQueue(label: "HTTP")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
