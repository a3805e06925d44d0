import Entries
import Ledger
import Rehearsal
import Sync

@testable import Application

/// A home in which a calendar was read: Ada's, whose clock stands on Monday 2026-01-05, 9:00 in Berlin.
struct ReadHome {
    let home: RunningHome

    static let hour: Int64 = 3_600_000
    /// Monday 2026-01-05, 8:00 UTC.
    static let monday: Int64 = 1_767_600_000_000

    init(zone: String? = "Europe/Berlin") throws {
        home = try RunningHome(zone: zone)
        try connect("c", "Work")
        try calendar("k", "Work")
    }

    var owner: String { home.made.user }

    func connect(_ id: String, _ name: String, owner: String? = nil) throws {
        try home.write(ConnectionAdded(), stream: "connection/\(id)", owner: owner) {
            ($0.connection, $0.name) = (id, name)
        }
    }

    func calendar(_ id: String, _ name: String, connection: String = "c", owner: String? = nil) throws {
        try home.write(CalendarFound(), stream: "calendar/\(id)", owner: owner) {
            ($0.connection, $0.calendar, $0.providerID, $0.name) = (connection, id, id, name)
        }
        try home.write(CalendarChosen(), stream: "calendar/\(id)", owner: owner) {
            ($0.connection, $0.calendar) = (connection, id)
        }
    }

    /// A second user of the home, who has nothing to do with the first.
    func addUser(_ id: String, _ name: String) throws {
        try home.write(UserAdded(), stream: "user/\(id)", owner: id) { ($0.user, $0.name) = (id, name) }
    }

    // MARK: People

    func addressID(_ email: String, owner: String? = nil) throws -> String {
        try home.door.open { $0.desk().names.address(owner ?? self.owner, email: email) }.answer
    }

    @discardableResult
    func address(_ email: String, _ name: String? = nil, owner: String? = nil) throws -> String {
        let id = try addressID(email, owner: owner)
        try home.write(AddressSeen(), stream: "address/\(id)", owner: owner) {
            ($0.address, $0.email, $0.name) = (id, email, name)
        }
        return id
    }

    func person(_ id: String, _ name: String, _ addresses: [String] = [], owner: String? = nil) throws {
        try home.write(PersonAdded(), stream: "person/\(id)", owner: owner) {
            ($0.person, $0.details.name, $0.details.foldedName) = (id, name, name.lowercased())
            $0.details.addresses = addresses
        }
    }

    @discardableResult
    func match(_ address: String, _ person: String, _ rule: MatchRule = .emailExact, _ confidence: Int64 = 100) throws
        -> Int64
    {
        try home.write(AddressMatched(), stream: "address/\(address)") {
            ($0.address, $0.person, $0.rule, $0.confidence) = (address, person, rule, confidence)
        }
    }

    /// Bea, known and matched by her address.
    @discardableResult
    func bea() throws -> String {
        let address = try address("bea@brandt.example", "Bea Brandt")
        try person("bea", "Bea Brandt", [address])
        try match(address, "bea")
        return address
    }

    // MARK: Meetings

    /// - Parameter hours: from Monday, 9:00 in Berlin.
    @discardableResult
    func meeting(
        _ id: String, _ title: String?, hours: Double, lasting: Double = 1, with addresses: [String] = [],
        calendar: String = "k", owner: String? = nil, _ change: (inout MeetingSeen) -> Void = { _ in }
    ) throws -> Int64 {
        try home.write(MeetingSeen(), stream: "meeting/\(id)", owner: owner) {
            ($0.meeting, $0.connection, $0.calendar, $0.providerID) = (id, "c", calendar, "\(id)-\(calendar)")
            $0.details.title = title
            $0.details.starts = Self.monday + Int64(hours * Double(Self.hour))
            $0.details.ends = Self.monday + Int64((hours + lasting) * Double(Self.hour))
            $0.details.attendees = addresses.map { address in
                var attendee = Attendee()
                attendee.address = address
                return attendee
            }
            change(&$0)
        }
    }

    @discardableResult
    func days(_ id: String, _ title: String, _ first: String, _ last: String) throws -> Int64 {
        try meeting(id, title, hours: 0) {
            ($0.details.starts, $0.details.ends) = (nil, nil)
            ($0.details.firstDay, $0.details.lastDay) = (first, last)
        }
    }

    @discardableResult
    func finishReading(_ calendar: String = "k", run: String = "r") throws -> Int64 {
        try home.write(FetchFinished(), stream: "calendar/\(calendar)") {
            ($0.reading.connection, $0.reading.calendar, $0.reading.run) = ("c", calendar, run)
            ($0.isComplete, $0.attempts, $0.started) = (true, 1, home.time.now())
        }
    }

    @discardableResult
    func log(
        _ activity: String, _ meeting: String?, _ person: String, title: String = "Review", hours: Double = -24,
        cause: Int64? = nil, owner: String? = nil
    ) throws -> Int64 {
        try home.write(ActivityLogged(), stream: "activity/\(activity)", owner: owner, cause: cause) {
            ($0.activity, $0.meeting, $0.person) = (activity, meeting, person)
            ($0.rule, $0.confidence) = (.emailExact, 100)
            ($0.details.title, $0.details.occurred) = (title, Self.monday + Int64(hours * Double(Self.hour)))
        }
    }
}
