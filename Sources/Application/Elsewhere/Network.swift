public import HTTP
import Machine

/// How a home reaches what lies elsewhere; handed in, so that a test needs no network.
public struct Network: Sendable {
    /// What the owner of a home says about where it may go.
    public struct Rules: Sendable, Hashable {
        /// Hosts and networks of one's own that may be asked although they are no public ones.
        public var allowed: [String] = []
        /// A file of certificates that are trusted beside those of the system.
        public var authorities: String?

        public init() {}
    }

    public let transport: @Sendable (Rules) -> any Transport
    public let wait: @Sendable (_ milliseconds: Int64) throws -> Void

    public init(
        transport: @escaping @Sendable (Rules) -> any Transport,
        wait: @escaping @Sendable (_ milliseconds: Int64) throws -> Void
    ) {
        self.transport = transport
        self.wait = wait
    }

    /// The real one.
    public static let system = Network(
        transport: { rules in
            var options = Client.Options()
            options.allowed = Set(rules.allowed.compactMap { try? Allowance($0) })
            options.authorities = rules.authorities
            options.userAgent = "Daybook (reads calendars, never writes)"
            options.goesOn = { _, _ in Interruption.signalNumber == nil }
            return Client(options)
        },
        wait: { try Pause.wait(milliseconds: $0) })
}
