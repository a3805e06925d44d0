public import HTTP
import Machine

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
    public enum Waiting: Sendable, Equatable {
        /// Nothing came from a host for so long.
        case silent(host: String, milliseconds: Int64)
        /// What failed in passing is tried again.
        case again(host: String, attempt: Int, of: Int)
    }

    public let transport: @Sendable (Rules) -> any Transport
    public let wait: @Sendable (_ milliseconds: Int64) throws -> Void
    public var hear: @Sendable (Waiting) -> Void = { _ in }

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

    /// The real one, for somebody who wants to know why it takes so long.
    public static func system(hear: @escaping @Sendable (Waiting) -> Void) -> Network {
        var network = Network(
            transport: { rules in
                var options = Client.Options()
                options.allowed = rules.allowed
                options.authorities = rules.authorities
                options.userAgent = userAgent
                options.goesOn = { host, milliseconds in
                    hear(.silent(host: host, milliseconds: milliseconds))
                    return Interruption.signalNumber == nil
                }
                return Client(options)
            },
            wait: { try Pause.wait(milliseconds: $0) })
        network.hear = hear
        return network
    }
}
