import CCurl

/// The one way out: requests over HTTP, hardened against whoever answers.
///
/// - It opens what the `Guard` lets it open, by the address that it is really connected to.
/// - It follows redirects itself, and takes credentials along only to the origins that they are for.
/// - It shows passwords and tokens only over TLS, or to a server that the owner allowed.
/// - It takes no more bytes, time and redirects than a request allows, however the answer is packed.
/// - It proves who answers, with TLS 1.2 or later, always.
///
/// Any number of threads may send at once. Each works in a lane of its own, and lanes that are done are kept for the
/// next, with the connections that are still open.
///
/// It is unchecked because a lane holds a handle of libcurl: a lane is used by one thread at a time, which takes it out of
/// `lanes` under the lock and puts it back.
public final class Client: Transport, @unchecked Sendable {
    public struct Options: Sendable {
        public var userAgent = "Daybook"
        /// What the owner allowed to be opened beside the public Internet.
        public var allowed: Set<Allowance> = []
        /// A file of certificates (PEM) that vouch for servers, beside those that the system knows.
        public var authorities: String?
        /// How many requests of one `send` are on their way at once, and to one server.
        public var parallel = 16
        public var parallelPerServer = 4
        /// Where a host is found, instead of asking for it by name; nil asks. It is asked for every request.
        public var resolve: (@Sendable (_ host: String, _ port: Int) -> [String]?)?
        /// Hears, about ten times a second, which host it waits for and for how long nothing came from anywhere. When it
        /// answers false, all that is on its way ends with `interrupted`.
        public var goesOn: (@Sendable (_ host: String, _ milliseconds: Int64) -> Bool)?

        public init() {}
    }

    /// More senders than this at once are rare, and each lane keeps connections open.
    private static let lanesKept = 8

    private let options: Options
    private let lanes = Locked<[Lane]>([])
    private let knowledge = Knowledge()

    public init(_ options: Options = Options()) {
        Library.require()
        self.options = options
    }

    /// Throws where the address alone shows that it would not be opened; nobody is asked.
    public static func check(_ address: Address, allowed: Set<Allowance>) throws(HTTPError) {
        try Guard(allowed: allowed).checkText(of: address.origin)
    }

    public func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        let lane = lanes.with { $0.popLast() } ?? Lane(options, knowledge)
        defer { lanes.with { if $0.count < Self.lanesKept { $0.append(lane) } } }
        return lane.send(requests)
    }

    /// Ends all that is on its way, and all that is sent later, with `interrupted`. May be called from anywhere.
    public func interrupt() { knowledge.interrupt() }
}
