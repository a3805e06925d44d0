import Application
public import WebServer

/// What HTTP needs of the rest of the service. Whoever puts the service together hands it in; tests hand in their own.
public struct WebMeans: Sendable {
    public var asker: any Asker
    public var authenticate: Authenticate
    /// Whether a name, without a port, is one under which the service may be asked. Of any other nothing is answered: it may
    /// be that of a page which made its name point here.
    public var isOurs: @Sendable (_ host: String) -> Bool = { ["localhost", "127.0.0.1", "[::1]"].contains($0) }
    /// Logs in and out; nil where nobody can.
    public var access: Access?
    /// Where a browser is sent back to after its owner granted an account, as `https://daybook.example/oauth`; nil where the
    /// service has no address that a browser reaches.
    public var grantReturn: String?
    /// Makes the id of a visit, which is in its answer and in the log.
    public var identifier: @Sendable () -> String = { "" }
    /// Nil when requests are answered; else why not.
    public var unready: @Sendable () -> String? = { nil }
    /// Waits until there is an entry behind a position, or the time is over.
    public var bell: @Sendable (_ after: Int64, _ seconds: Int64) -> Void = { _, _ in }
    /// Sends the entries behind a position as they come; nil where that is not done.
    public var entryStream: @Sendable (_ after: Int64, Onlooker) -> ByteStream? = { _, _ in nil }
    /// How far a reading is, as it comes (G07); nil where that is not done.
    public var progressStream: @Sendable (Onlooker) -> ByteStream? = { _ in nil }
    /// What else is served; nil where it is not known. It is asked last, for the pages.
    public var page: @Sendable (Visit, Caller?) -> Reply? = { _, _ in nil }
    /// Hears of what broke inside, with the id of the visit: those outside are told no more than that.
    public var broke: @Sendable (_ run: String, any Error) -> Void = { _, _ in }
    /// Limits how often somebody may ask; nil lets it pass, else so many seconds are to be waited.
    public var limit: @Sendable (Visit, Caller?) -> Int64? = { _, _ in nil }

    public init(asker: any Asker, authenticate: @escaping Authenticate) {
        self.asker = asker
        self.authenticate = authenticate
    }

    /// Whoever looks on while something comes, for as long as they may.
    public struct Onlooker: Sendable {
        public let caller: Caller
        /// False once the token or the session is over, or its user may something else than when they came.
        public let mayStay: @Sendable () -> Bool

        public init(_ caller: Caller, mayStay: @escaping @Sendable () -> Bool = { true }) {
            (self.caller, self.mayStay) = (caller, mayStay)
        }
    }

    func onlooker(_ caller: Caller, _ visit: Visit) -> Onlooker {
        Onlooker(caller) { [access] in access?.stands(visit, as: caller) ?? true }
    }

    static let absent = Refusal(.failed, "this service does not do that", code: "not_available")
}
