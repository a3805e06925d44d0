import Entries
public import ICalendar
import Projections
public import SQLite
import Schedule

/// When the owners of connections work, as far as they said so: then what tells changes cheaply is read more often.
public struct WorkingTimes {
    /// Within working hours nothing that tells changes is left for longer.
    static let pullMinutes: Int64 = 20

    private var times: [String: OwnTimes] = [:]
    private var usual: WorkingHours?

    /// The working hours of one user, on the user's own clock.
    struct OwnTimes: Equatable {
        let hours: WorkingHours
        let zone: Zone

        func contain(_ instant: Int64) -> Bool {
            let local = zone.local(at: Int(instant / 1_000))
            return hours.contains(day: local.day.weekday - 1, minute: local.secondOfDay / 60)
        }

        static func == (left: Self, right: Self) -> Bool {
            left.hours == right.hours && left.zone.name == right.zone.name
        }
    }

    public init(_ views: Connection, _ zones: ZoneBook) throws {
        let said = try views.prepare("SELECT owner, value FROM setting WHERE setting = ?")
            .map(.text(Setting.workingHours.rawValue)) { ($0.text(0), $0.text(1)) }
        guard !said.isEmpty else { return }
        let hours = Dictionary(said.map { ($0, Self.hours($1)) }) { $1 }
        try views.prepare("SELECT account, zone FROM account").eachRow { row in
            let owner = row.text(0)
            // “none” of a user's own goes before what the home says.
            guard let own = hours[owner] ?? hours[Draft.home] ?? nil else { return }
            let zone = row.textIfPresent(1).flatMap { zones.named($0) } ?? .utc
            times[owner] = OwnTimes(hours: own, zone: zone)
        }
    }

    private static func hours(_ json: String) -> WorkingHours? { WorkingHours(json.filter { $0 != "\"" }) }

    /// The same connection, which knows when it is pulled.
    public func applied(to row: ConnectionRow) -> ConnectionRow {
        var row = row
        let tellsChanges = [Provider.google, .microsoft, .caldav].contains(row.provider)
        if tellsChanges, row.frequencyMinutes > Self.pullMinutes { row.workingTimes = times[row.owner] }
        return row
    }
}
