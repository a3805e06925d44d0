import Entries
import ICalendar

/// A start or an end as Google writes it: a date, or a time with its offset and perhaps the name of a zone.
enum GoogleTime: Equatable {
    case day(CivilDay)
    /// Seconds of UTC.
    case instant(Int, zone: String?)
    /// Without an offset, which Google accepts and others repeat.
    case local(LocalTime, zone: String?)

    init?(_ fields: JSONObject) {
        if let date = fields.text("date") {
            guard let day = CivilDay(date) else { return nil }
            self = .day(day)
            return
        }
        guard let text = fields.text("dateTime"), let time = EventTime(text) else { return nil }
        let zone = fields.text("timeZone")
        switch time {
        case .utc(let local): self = .instant(local.seconds, zone: zone)
        case .floating(let local): self = .local(local, zone: zone)
        case .day, .zoned: return nil
        }
    }
}

/// Knows which instant and which zone are meant by the times of a calendar.
struct GoogleClock {
    let clock: EventClock

    struct Resolved {
        let seconds: Int
        let zone: Zone
        /// Only whoever reads it says the zone.
        let isFloating: Bool

        var milliseconds: Int64 { Int64(seconds) * 1_000 }
    }

    /// Nil for a day, which is no instant anywhere.
    func resolved(_ time: GoogleTime) -> Resolved? {
        switch time {
        case .day: return nil
        case .instant(let seconds, let name): return Resolved(seconds: seconds, zone: zone(name), isFloating: false)
        case .local(let local, let name):
            let zone = zone(name)
            let isFloating = clock.calendarZone == nil && name.flatMap { clock.zones.find($0) } == nil
            return Resolved(seconds: zone.utcSeconds(of: local), zone: zone, isFloating: isFloating)
        }
    }

    private func zone(_ name: String?) -> Zone {
        name.flatMap { clock.zones.find($0)?.zone } ?? clock.calendarZone ?? clock.floatingZone
    }

    /// The same time as a calendar states it, for rules, which count on the clocks of the zone.
    func stated(_ time: GoogleTime) -> EventTime {
        if case .day(let day) = time { return .day(day) }
        guard let resolved = resolved(time) else { return .utc(LocalTime(seconds: 0)) }
        let local = resolved.zone.local(at: resolved.seconds)
        if resolved.isFloating { return .floating(local) }
        return resolved.zone == .utc ? .utc(local) : .zoned(local, zone: resolved.zone.name)
    }
}
