import Application
import Foundation
import Neighbours
import Testing

/// A calendar on the other side, and what its owner and other programs do there.
///
/// A scenario is written once against this, and played with everything that can be connected.
protocol Side: AnyObject {
    var kind: Kind { get }
    /// Of its server; nil where there is none.
    var address: String? { get }

    /// Connects it to a home.
    func connect(_ home: ContractHome) throws
    /// Puts a meeting there, or makes the one of its UID like this: all of a series.
    func put(_ meeting: Meeting) throws
    func delete(_ uid: String) throws
    /// Its organizer cancels it: it stays visible.
    func cancel(_ uid: String) throws
    /// Changes one of a series, named by the start that its rule gives it.
    func change(_ uid: String, at original: String, _ change: (inout Meeting) -> Void) throws
    /// Removes one of a series.
    func cancel(_ uid: String, at original: String) throws
    /// “This and following”: the series ends before, and another begins there with another title.
    func split(_ uid: String, at original: String, title: String) throws
    func rename(_ name: String) throws
    /// Takes the whole calendar away.
    func removeCalendar() throws
    /// The server forgets what it told when.
    func forgetCursors() throws
    /// A reading of the whole does not find them.
    func forget(_ uids: [String], _ home: ContractHome) throws
    /// They are there again.
    func remember(_ meetings: [Meeting], _ home: ContractHome) throws
    /// The server answers in pages as small as it can.
    func usePages() throws

    func meeting(_ uid: String) -> Meeting?
}

extension Side {
    func change(_ uid: String, _ change: (inout Meeting) -> Void) throws {
        guard var meeting = meeting(uid) else { return }
        change(&meeting)
        try put(meeting)
    }

    /// The meeting comes back as it was.
    func undelete(_ meeting: Meeting) throws { try put(meeting) }

    func forgetCursors() throws {}
    func usePages() throws {}

    func connect(_ home: ContractHome, server: ConnectServerRequest) throws {
        var server = server
        server.terms.name = "Work (\(kind.rawValue))"
        server.terms.email = Meeting.me.email
        server.terms.toDays = home.daysAhead
        let answer = try home.ask(server)
        home.connection = answer.connection
    }
}

/// What can be connected.
enum Kind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case file, feed, radicale, xandikos, sabre1, cyrus, davical, sogo, google, microsoft

    var testDescription: String { rawValue }

    var isDAV: Bool { [.radicale, .xandikos, .sabre1, .cyrus, .davical, .sogo].contains(self) }

    /// It says itself what was deleted.
    var tellsDeletions: Bool { ![.file, .feed, .sabre1].contains(self) }

    /// The calendar can be away while the account is there.
    var hasAccount: Bool { isDAV || self == .google || self == .microsoft }

    /// Those that can run on this machine.
    static let here = allCases.filter(\.isHere)

    static let withAccounts = here.filter(\.hasAccount)

    private var isHere: Bool {
        switch self {
        case .file: true
        case .feed, .google, .microsoft: Neighbour.has("python3")
        case .radicale, .xandikos: Neighbour.has("python3") && Neighbour.has(rawValue)
        case .sabre1:
            Neighbour.has("python3") && Neighbour.has("php")
                && FileManager.default.fileExists(atPath: "/usr/share/php/Sabre/autoload.php")
        case .cyrus: Neighbour.has("python3") && Neighbour.has("cyrmaster") && geteuid() == 0
        case .davical:
            Neighbour.has("python3") && Neighbour.has("php")
                && FileManager.default.fileExists(atPath: "/usr/share/davical/dba/create-database.sh")
                && FileManager.default.fileExists(atPath: "/usr/lib/postgresql")
        case .sogo:
            Neighbour.has("python3") && Neighbour.has("sogod") && Neighbour.has("memcached") && geteuid() == 0
                && FileManager.default.fileExists(atPath: "/usr/lib/postgresql")
        }
    }

    func side() throws -> any Side {
        switch self {
        case .file: try FileSide()
        case .feed: try FeedSide()
        case .google: try GoogleSide()
        case .microsoft: try MicrosoftSide()
        default: try DAVSide(on: self)
        }
    }
}
