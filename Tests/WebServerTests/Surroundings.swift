import Machine
import WebServer

/// A listener for one test, with what it heard and refused.
final class Surroundings {
    let heard = Guarded<[Visit]>([])
    let refused = Guarded<[WireFault]>([])
    let listener: Listener
    var port: Int { listener.port }

    /// Answers at once; by default with the method, the path and the length of the body.
    convenience init(
        _ change: (inout Listener.Options) -> Void = { _ in },
        reply: @escaping @Sendable (Visit) -> Reply = { Reply(200, body: Array("\($0.method) \($0.path)".utf8)) }
    ) throws {
        try self.init(change) { (visit: Visit, answer: Answer) in answer.give(reply(visit)) }
    }

    init(
        _ change: (inout Listener.Options) -> Void = { _ in },
        handle: @escaping @Sendable (Visit, Answer) -> Void
    ) throws {
        var options = Listener.Options()
        let refused = refused
        let heard = heard
        options.log = { refusal in refused.with { $0.append(refusal) } }
        change(&options)
        listener = try Listener(options) { visit, answer in
            heard.with { $0.append(visit) }
            handle(visit, answer)
        }
    }

    deinit { listener.stop(drainingMilliseconds: 0) }

    func call(from: String = "127.0.0.1") -> Caller { Caller(port, from: from) }

    /// Whether it still answers somebody who comes new.
    func answers(from: String = "127.0.0.1") -> Bool { call(from: from).ask("GET", "/still-there")?.status == 200 }
}

/// Does the same on many threads at once.
func together(_ threads: Int, _ work: @escaping @Sendable (Int) throws -> Void) throws {
    let running = try (0..<threads).map { number in try Background { try work(number) } }
    for thread in running { try thread.wait() }
}

/// Threads that do something beside a handler, which must not wait itself.
final class Helpers: Sendable {
    private let running = Guarded<[Background<Void>]>([])

    func start(_ work: @escaping @Sendable () -> Void) {
        guard let thread = try? Background(work) else { preconditionFailure("no thread") }
        running.with { $0.append(thread) }
    }

    func wait() {
        while let thread = running.with({ $0.popLast() }) { try? thread.wait() }
    }
}
