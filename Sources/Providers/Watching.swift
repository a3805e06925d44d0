/// A source that can promise to tell when a calendar changes. It is opened for one round, as for reading.
///
/// What is told is a hint: that something changed, and never what. Whatever goes wrong is a `ReadingFailure`, and then
/// the calendar is read at its planned times all the same.
public protocol Watching: AnyObject {
    /// Whether a watch that ends can be prolonged. Where it cannot, a new one is made before it ends.
    var prolongs: Bool { get }

    /// Asks for a watch. It may tell something before this returns.
    func watch(_ calendar: CalendarPlace, _ terms: WatchTerms) throws -> StandingWatch

    /// Prolongs a watch, and answers until when it stands. Throws `watch_gone` where there is none.
    func prolong(_ watch: StandingWatch, until: Int64) throws -> Int64

    /// Ends a watch. One that is not there is ended.
    func stop(_ watch: StandingWatch) throws

    /// Watches of this account that tell to an address, where the source can list them; nil where it cannot.
    func watches(to address: String) throws -> [StandingWatch]?
}

/// What a watch is asked for with.
public struct WatchTerms: Sendable, Equatable {
    /// Our own id of it.
    public var watch: String
    /// What its messages have to show. It is made from the id, and no entry holds it.
    public var proof: String
    /// Where they are to go.
    public var address: String
    /// When it is to end; the source may make it earlier.
    public var until: Int64

    public init(watch: String, proof: String, address: String, until: Int64) {
        self.watch = watch
        self.proof = proof
        self.address = address
        self.until = until
    }
}

/// A watch as its source knows it.
public struct StandingWatch: Sendable, Equatable {
    /// What the source calls it.
    public var id: String
    /// What the source calls that which is watched, where it wants to hear it when the watch is stopped.
    public var resource: String?
    /// When the source stops telling: what it said, and not what it was asked for.
    public var expires: Int64

    public init(id: String, resource: String? = nil, expires: Int64) {
        self.id = id
        self.resource = resource
        self.expires = expires
    }
}
