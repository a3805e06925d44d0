import Entries
public import ICalendar

/// Resolves the times of a calendar: which instant is meant, and in which zone.
public struct EventClock {
    let zones: ZoneBook
    let definitions: ZoneDefinitions
    /// The zone that the calendar gives its floating times.
    let calendarZone: Zone?
    /// The zone of whoever reads it.
    let floatingZone: Zone

    public init(zones: ZoneBook, definitions: [Component], calendarZone: String?, floatingZone: String?) {
        self.zones = zones
        self.definitions = ZoneDefinitions(definitions)
        let own = self.definitions
        self.calendarZone = calendarZone.flatMap { zones.find($0, definitions: own)?.zone }
        self.floatingZone = floatingZone.flatMap { zones.find($0)?.zone } ?? .utc
    }

    /// Google gives what follows a split series a new UID, `…_R20260301T090000@google.com`: the same meetings go on.
    public static func lineage(_ uid: String) -> String {
        guard uid.hasSuffix("@google.com"), let at = uid.lastIndex(of: "@"),
            let mark = uid[..<at].lastIndex(of: "_"), uid[mark...].hasPrefix("_R")
        else { return uid }
        let stamp = uid[uid.index(mark, offsetBy: 2)..<at]
        let isStamp = stamp.utf8.count >= 8 && stamp.utf8.allSatisfy { (48...57).contains($0) || $0 == 84 || $0 == 90 }
        return isStamp ? String(uid[..<mark] + uid[at...]) : uid
    }

    // MARK: One time

    /// The zone in which a time is meant, and whether that is only because somebody has to say one.
    private func zone(of time: EventTime) -> (zone: Zone, isFloating: Bool) {
        switch time {
        case .utc: return (.utc, false)
        case .zoned(_, let name):
            if let found = zones.find(name, definitions: definitions) { return (found.zone, false) }
            return (calendarZone ?? floatingZone, false)
        case .floating, .day:
            if let calendarZone { return (calendarZone, false) }
            return (floatingZone, true)
        }
    }

    /// In milliseconds; nil for a whole day.
    func instant(_ time: EventTime) -> Int64? {
        time.isDay ? nil : Int64(zone(of: time).zone.utcSeconds(of: time.local)) * 1_000
    }

    /// What an override takes the place of. A day means the occurrence on that day, and a time of a whole-day series the
    /// day of it: both are written.
    func original(_ time: EventTime, of schedule: Schedule, isMaster: Bool) -> OriginalStart {
        guard isMaster else { return plain(time) }
        switch (time, schedule.start) {
        case (.day, .day): return plain(time)
        case (.day(let day), _):
            let local = LocalTime(day, secondOfDay: schedule.start.local.secondOfDay)
            return .instant(Int64(zone(of: schedule.start).zone.utcSeconds(of: local)) * 1_000)
        case (_, .day): return .day(time.local.day.description)
        case (.floating(let local), .zoned):
            return .instant(Int64(zone(of: schedule.start).zone.utcSeconds(of: local)) * 1_000)
        default: return plain(time)
        }
    }

    private func plain(_ time: EventTime) -> OriginalStart {
        instant(time).map(OriginalStart.instant) ?? .day(time.local.day.description)
    }

    // MARK: One event

    /// When something takes place once, or the first time.
    func place(_ schedule: Schedule, in details: inout MeetingDetails) {
        if case .day(let first) = schedule.start {
            details.firstDay = first.description
            details.lastDay = lastDay(first, schedule.ending).description
            return
        }
        let (zone, isFloating) = zone(of: schedule.start)
        let starts = zone.utcSeconds(of: schedule.start.local)
        details.starts = Int64(starts) * 1_000
        details.ends = Int64(max(starts, end(schedule, starts, zone))) * 1_000
        details.zone = zone.name
        details.isFloating = isFloating ? true : nil
    }

    /// The last day that still belongs to it; the end itself does not.
    private func lastDay(_ first: CivilDay, _ ending: Schedule.Ending?) -> CivilDay {
        switch ending {
        case .at(let end): max(first, end.local.day + -1)
        case .after(let length): max(first, first + (length.days - 1))
        case nil: first
        }
    }

    private func end(_ schedule: Schedule, _ starts: Int, _ zone: Zone) -> Int {
        switch schedule.ending {
        case nil: return starts
        case .at(.floating(let local)): return zone.utcSeconds(of: local)
        case .at(let end): return self.zone(of: end).zone.utcSeconds(of: end.local)
        case .after(let length):
            // Days by the calendar, the rest by the clock.
            guard length.days != 0 else { return starts + length.seconds }
            let local = LocalTime(seconds: schedule.start.local.seconds + length.days * 86_400)
            return zone.utcSeconds(of: local) + length.seconds
        }
    }

    /// The definition that must be kept with a series, where its zone has no name that is known.
    func definitionText(of schedule: Schedule, _ definitions: [Component]) -> String? {
        guard case .zoned(_, let name) = schedule.start,
            zones.find(name, definitions: self.definitions)?.how == .definition
        else { return nil }
        let component = definitions.first { $0.first("TZID")?.text == name }
        return component.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
}
