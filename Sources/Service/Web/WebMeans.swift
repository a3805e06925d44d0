public import Application
public import WebServer

/// What HTTP needs of the rest of the service. Whoever puts the service together hands it in; tests hand in their own.
public struct WebMeans: Sendable {
    public let asker: any Asker
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
    public var doctor: @Sendable () throws -> [Doctor.Check] = { throw WebMeans.absent }
    /// Begins a reading, or says which one is running.
    public var sync: @Sendable (SyncWish) throws -> SyncStart = { _ in throw WebMeans.absent }
    public var jobs: @Sendable () throws -> JobList = { throw WebMeans.absent }
    /// Closes the breaker of a connection of a user; false where it was not open.
    public var resetBreaker: @Sendable (_ user: String, _ connection: String) throws -> Bool = { _, _ in
        throw WebMeans.absent
    }
    /// Waits until there is an entry behind a position, or the time is over.
    public var bell: @Sendable (_ after: Int64, _ seconds: Int64) -> Void = { _, _ in }
    /// Sends the entries behind a position as they come; nil where that is not done.
    public var entryStream: @Sendable (_ after: Int64, _ call: Caller) -> ByteStream? = { _, _ in nil }
    /// How far a reading is, as it comes (G07); nil where that is not done.
    public var progressStream: @Sendable (_ caller: Caller) -> ByteStream? = { _ in nil }
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

    static let absent = Refusal(.failed, "this service does not do that", code: "not_available")
}

/// What is to be read, for whom.
public struct SyncWish: Sendable, Equatable {
    public let user: String
    /// Of everybody.
    public var isForAll = false
    public var connection: String?
    public var isFull = false

    public init(user: String) { self.user = user }
}

/// What became of the wish for a reading.
public struct SyncStart: Codable, Sendable, Equatable {
    public let run: String
    /// It was running before.
    public let isRunning: Bool

    public init(run: String, isRunning: Bool) {
        self.run = run
        self.isRunning = isRunning
    }
}

/// The jobs of the service and how their last runs went.
public struct JobList: Codable, Sendable {
    public struct Job: Codable, Sendable {
        public let name: String
        public let nextDue: Int64?
        public let isRunning: Bool
        public let runs: [Run]

        public init(name: String, nextDue: Int64?, isRunning: Bool, runs: [Run]) {
            self.name = name
            self.nextDue = nextDue
            self.isRunning = isRunning
            self.runs = runs
        }
    }

    public struct Run: Codable, Sendable {
        public let run: String
        public let trigger: String
        public let outcome: String
        public let started: Int64
        public let milliseconds: Int64
        public let attempts: Int64
        public let message: String?

        public init(
            run: String, trigger: String, outcome: String, started: Int64, milliseconds: Int64, attempts: Int64,
            message: String?
        ) {
            self.run = run
            self.trigger = trigger
            self.outcome = outcome
            self.started = started
            self.milliseconds = milliseconds
            self.attempts = attempts
            self.message = message
        }
    }

    public let jobs: [Job]

    public init(jobs: [Job]) { self.jobs = jobs }
}
