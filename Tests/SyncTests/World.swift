import Providers

/// What the files say, and what was decided by hand: all that a naive model needs.
struct World {
    struct Event {
        var start: Int64
        var guests: [String]
        var declined: Set<String> = []
        var isCancelled = false
        var isPrivate = false
        var sequence = 0
    }

    /// An hour in each of twelve weeks.
    struct Series {
        static let weeks: Int64 = 12
        var start: Int64
        var guests: [String]
        /// Weeks that are taken out.
        var excluded: Set<Int64> = []
        /// Weeks in which it is so many hours later.
        var moved: [Int64: Int64] = [:]
        var cancelled: Set<Int64> = []
        var sequence = 0

        func original(_ week: Int64) -> Int64 { start + week * 7 * Time.day }
    }

    var contacts: [String: [String]] = [:]
    var merged: [String: String] = [:]
    /// The addresses that came to a person with somebody else.
    var inherited: [String: [String]] = [:]
    var isSelfClaimed = false
    var logsDeclined = false
    var events: [String: Event] = [:]
    var series: [String: Series] = [:]
    var calendars: [String: Set<String>] = [:]
    var connected: Set<String> = []
    var retracted: Set<String> = []
    var edited: Set<String> = []

    var step = 0
    /// When an event, or a week of a series, was taken out of a calendar that was read then.
    var gone: [String: Int] = [:]
    /// When a calendar was given up last. What went before that, or while nobody looked, may stand for ever.
    var lastLoss = 0

    /// The meetings that must be gone, if all calendars are read.
    func gonePlaces(_ shown: Set<String>) -> [(uid: String, original: OriginalStart?)] {
        gone.filter { $0.value > lastLoss }.keys.sorted().flatMap { key -> [(uid: String, original: OriginalStart?)] in
            let parts = key.split(separator: " ").map(String.init)
            if parts.count == 2, let series = series[parts[0]], let week = Int64(parts[1]) {
                return [(parts[0], .instant(series.original(week)))]
            }
            guard !shown.contains(key) else { return [] }
            guard let series = series[key] else { return [(key, nil)] }
            return (0..<Series.weeks).map { (key, .instant(series.original($0))) }
        }
    }

    /// One meeting as the files have it.
    struct Place {
        var uid: String
        var original: OriginalStart?
        var guests: [String]
        var declined: Set<String> = []
        var isLoggable: Bool
    }

    func places(_ shown: Set<String>, now: Int64) -> [Place] {
        var places: [Place] = []
        for name in shown.sorted() {
            if let event = events[name] {
                let isOver = event.start + Time.hour <= now
                places.append(
                    Place(
                        uid: name, guests: event.guests, declined: event.declined,
                        isLoggable: isOver && !event.isCancelled && !event.isPrivate))
            }
            guard let series = series[name] else { continue }
            for week in 0..<Series.weeks where !series.excluded.contains(week) {
                let start = series.original(week) + (series.moved[week] ?? 0) * Time.hour
                places.append(
                    Place(
                        uid: name, original: .instant(series.original(week)), guests: series.guests,
                        isLoggable: start + Time.hour <= now && !series.cancelled.contains(week)))
            }
        }
        return places
    }

    /// Who has an address by now; nobody if it is the user's own, or of one who declined.
    func person(of email: String, _ isDeclined: Bool) -> String? {
        if isDeclined && !logsDeclined { return nil }
        if email == "self@example.org" { return nil }
        let owner = contacts.first { uid, addresses in
            merged[uid] == nil && (addresses + (inherited[uid] ?? [])).contains(email)
        }
        return owner?.key
    }

    func name(of pair: String, _ practice: Practice) -> String {
        for place in places(Set(events.keys).union(series.keys), now: .max) {
            for uid in ["ann", "ben", "cid", "dot", "eve"]
            where pair == practice.meeting(place.uid, original: place.original) + " " + practice.person(uid) {
                return "\(place.uid) \(place.original as Any) \(uid)"
            }
        }
        return pair
    }

    // MARK: As files

    /// What a calendar file holds; the first event only says how far back it reaches.
    func file(_ shown: Set<String>) -> [SyncTests.Event] {
        var all = [SyncTests.Event("first", -80, with: [])]
        for name in shown.sorted() {
            if let event = events[name] { all.append(vevent(name, event)) }
            if let series = series[name] { all += vevents(name, series) }
        }
        return all
    }

    private func vevent(_ name: String, _ event: Event) -> SyncTests.Event {
        var vevent = SyncTests.Event(
            name, with: event.guests.map { $0 + (event.declined.contains($0) ? "?DECLINED" : "") })
        place(&vevent, event.start)
        vevent.sequence = event.sequence
        if event.isCancelled { vevent.lines.append("STATUS:CANCELLED") }
        if event.isPrivate { vevent.lines.append("CLASS:PRIVATE") }
        return vevent
    }

    private func vevents(_ name: String, _ series: Series) -> [SyncTests.Event] {
        var master = SyncTests.Event(name, with: series.guests)
        place(&master, series.start)
        master.sequence = series.sequence
        master.lines = ["RRULE:FREQ=WEEKLY;COUNT=\(Series.weeks)"]
        master.lines += series.excluded.sorted().map { "EXDATE:" + Time.text(series.original($0)) }
        let changed = Set(series.moved.keys).union(series.cancelled).subtracting(series.excluded).sorted()
        return [master]
            + changed.map { week in
                var override = SyncTests.Event(name, with: series.guests)
                place(&override, series.original(week) + (series.moved[week] ?? 0) * Time.hour)
                override.sequence = series.sequence
                override.lines = ["RECURRENCE-ID:" + Time.text(series.original(week))]
                if series.cancelled.contains(week) { override.lines.append("STATUS:CANCELLED") }
                return override
            }
    }

    private func place(_ vevent: inout SyncTests.Event, _ start: Int64) {
        vevent.start = ":" + Time.text(start)
        vevent.end = ":" + Time.text(start + Time.hour)
    }
}
