public import HTTP
public import Machine

/// How a home reaches what lies elsewhere; handed in, so that a test needs no network.
public struct Network: Sendable {
    /// What the owner of a home says about where it may go.
    public struct Rules: Sendable, Hashable {
        /// Hosts and networks of one's own that may be asked although they are no public ones.
        public var allowed: Set<Allowance> = []
        /// A file of certificates that are trusted beside those of the system.
        public var authorities: String?

        public init() {}
    }

    /// Why somebody has to wait, for whoever watches.
    public enum Waiting: Codable, Sendable, Equatable {
        /// Nothing came from a host for so long.
        case silent(host: String, milliseconds: Int64)
        /// What failed in passing is tried again.
        case again(host: String, attempt: Int, of: Int)
    }

    public let transport: @Sendable (Rules) -> any Transport
    public let wait: @Sendable (_ milliseconds: Int64) throws -> Void
    public var hear: @Sendable (Waiting) -> Void = { _ in }
    /// Hands something to a program of this machine, and answers how that ended.
    public var program: @Sendable (_ words: [String], _ input: [UInt8]) throws -> Int32 = { words, input in
        try Program.run(words, input: input, milliseconds: 30_000)
    }

    public init(
        transport: @escaping @Sendable (Rules) -> any Transport,
        wait: @escaping @Sendable (_ milliseconds: Int64) throws -> Void
    ) {
        self.transport = transport
        self.wait = wait
    }

    /// What every server is told: what asks, and nothing of whose or where it is.
    static let userAgent = "Daybook/\(Release.version) (reads calendars, never writes)"

    /// The real one.
    public static let system = system(hear: { _ in })

    /// The real one, for somebody who wants to know why it takes so long, and may not want to wait any longer.
    public static func system(
        hear: @escaping @Sendable (Waiting) -> Void, goesOn: @escaping @Sendable () -> Bool = { true }
    ) -> Network {
        var network = Network(
            transport: { rules in
                var options = Client.Options()
                options.allowed = rules.allowed
                options.authorities = rules.authorities
                options.userAgent = userAgent
                options.goesOn = { host, milliseconds in
                    hear(.silent(host: host, milliseconds: milliseconds))
                    return Interruption.signalNumber == nil && goesOn()
                }
                return Client(options)
            },
            wait: { try Pause.wait(milliseconds: $0, goesOn: goesOn) })
        network.hear = hear
        return network
    }

    /// The same, which lets others at the home while it waits for an answer.
    public func lending(_ queue: TurnQueue) -> Network {
        var network = Network(
            transport: { [transport] rules in LendingTransport(transport(rules), queue) },
            wait: { [wait] milliseconds in try queue.lend { try wait(milliseconds) } })
        network.hear = hear
        network.program = { [program] words, input in try queue.lend { try program(words, input) } }
        return network
    }
}

/// Waits for answers while others have the home.
private final class LendingTransport: Transport {
    private let inner: any Transport
    private let queue: TurnQueue

    init(_ inner: any Transport, _ queue: TurnQueue) {
        self.inner = inner
        self.queue = queue
    }

    func send(_ requests: [HTTP.Request]) -> [Result<Response, HTTPError>] {
        queue.lend { inner.send(requests) }
    }
}
