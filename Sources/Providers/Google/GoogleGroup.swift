import Entries
import ICalendar

/// All that an answer holds under one id: a meeting, or a series with its exceptions, or exceptions alone.
struct GoogleGroup {
    let identifier: String
    /// The meeting or the series itself; nil where there are exceptions only.
    private(set) var master: GoogleEvent?
    private(set) var exceptions: [GoogleEvent] = []
    private var places: [String: Int] = [:]

    init(_ identifier: String) { self.identifier = identifier }

    /// Of two versions of one event the later is meant: an event that changed while pages were read comes twice.
    mutating func add(_ event: GoogleEvent) {
        if event.series == nil {
            master = event
        } else if let place = places[event.id] {
            exceptions[place] = event
        } else {
            places[event.id] = exceptions.count
            exceptions.append(event)
        }
    }

    /// It is said to be deleted, and nothing of it is left.
    var isGone: Bool { master?.isCancelled == true && living.isEmpty }

    /// There is something to show, or to hide.
    func isPresent(in scope: Reading.Scope) -> Bool {
        if isGone { return false }
        // Without its series a cancelled exception hides nothing, unless it was shown before.
        return master != nil || !living.isEmpty || scope == .changes
    }

    private var living: [GoogleEvent] { exceptions.filter { !$0.isCancelled } }

    func mark(_ mark: ([UInt8]) -> String, isBusyOnly: Bool) -> String {
        let events = (exceptions + (master.map { [$0] } ?? [])).sorted { $0.id < $1.id }
        let texts = events.map { "\($0.id) \($0.mark) \($0.isCancelled ? "-" : "+")\n" }
        return mark(Array((GoogleCursor.version + (isBusyOnly ? " busy\n" : "\n") + texts.joined()).utf8))
    }
}

/// Turns what Google says into what the stages know.
struct GoogleGroupReader {
    let clock: GoogleClock
    let isBusyOnly: Bool
    let scope: Reading.Scope

    /// One group as a rule. What could not be read of a part comes as a group of its own, so that it keeps nobody from
    /// the rest.
    func groups(_ given: GoogleGroup, mark: String) -> [FoundGroup] {
        var group = FoundGroup(identifier: given.identifier, path: given.identifier, mark: mark)
        do throws(GoogleFlaw) {
            try fill(&group, given)
        } catch {
            // Without its rule a series would be one meeting, and all its others would count as gone.
            group = FoundGroup(identifier: given.identifier, path: given.identifier, mark: mark)
            group.problems = [error.problem]
            return [group]
        }
        guard group.series == nil, group.meetings.isEmpty, !group.exceptions.isEmpty, !group.problems.isEmpty else {
            return [group]
        }
        var unread = FoundGroup(identifier: given.identifier, path: given.identifier, mark: mark)
        (unread.problems, group.problems) = (group.problems, [])
        return [group, unread]
    }

    private func fill(_ group: inout FoundGroup, _ given: GoogleGroup) throws(GoogleFlaw) {
        var schedule: Schedule?
        if let master = given.master, !master.isCancelled {
            let fields = try Self.fields(master)
            if let recurrence = try GoogleRecurrence(fields, clock) {
                schedule = recurrence.schedule
                group.series = try series(fields, recurrence.schedule, given.identifier)
            } else {
                group.meetings = [try meeting(fields, given.identifier)]
            }
        }
        // What did not change is left out of a part. What is no series, or no series any more, is whole.
        group.isPart = scope == .changes && (group.series != nil || given.master == nil)
        var all: [SeriesException] = []
        var withoutMeeting: [SeriesException] = []
        for event in given.exceptions {
            do throws(GoogleFlaw) {
                let fields = try Self.fields(event)
                let exception = try exception(fields, schedule, isCancelled: event.isCancelled)
                all.append(exception)
                withoutMeeting.append(exception)
                if event.isCancelled { continue }
                // What cannot be read is there all the same, and stays as it is known.
                group.meetings.append(try meeting(fields, given.identifier, inPlaceOf: exception))
                withoutMeeting.removeLast()
            } catch {
                group.problems.append(error.problem)
            }
        }
        if group.series != nil {
            group.series?.recurrence.exceptions = Self.ordered(all)
        } else if group.isPart {
            group.exceptions = Self.ordered(withoutMeeting)
        }
    }

    /// As the stage orders them, so that the same are equal.
    private static func ordered(_ exceptions: [SeriesException]) -> [SeriesException] {
        exceptions.sorted {
            ($0.originalStart ?? 0, $0.originalDay ?? "") < ($1.originalStart ?? 0, $1.originalDay ?? "")
        }
    }

    /// More than any event that people write; what is larger would be carried along for ever.
    private static let mostBytes = 1 << 20

    private static func fields(_ event: GoogleEvent) throws(GoogleFlaw) -> JSONObject {
        guard event.byteCount <= mostBytes else {
            throw GoogleFlaw(.tooLarge, "An event has more than \(mostBytes >> 10) KiB; it was set aside.")
        }
        guard let fields = event.fields else { throw GoogleFlaw(.malformed, "An event cannot be read.") }
        return fields
    }

    // MARK: Parts

    private func series(
        _ fields: JSONObject, _ schedule: Schedule, _ identifier: String
    ) throws(GoogleFlaw) -> FoundSeries {
        let said = try GoogleDetails(fields, clock, isBusyOnly: isBusyOnly)
        let uid = Self.uid(fields, identifier)
        var series = FoundSeries(uid: uid)
        let lineage = EventClock.lineage(uid)
        series.predecessor = lineage == uid ? nil : lineage
        series.recurrence.rules = ScheduleText.lines(of: schedule)
        (series.details, series.attendees, series.emptied) = (said.details, said.attendees, said.emptied)
        return series
    }

    private func meeting(
        _ fields: JSONObject, _ identifier: String, inPlaceOf exception: SeriesException? = nil
    ) throws(GoogleFlaw) -> FoundMeeting {
        let said = try GoogleDetails(fields, clock, isBusyOnly: isBusyOnly)
        var meeting = FoundMeeting(uid: Self.uid(fields, identifier))
        (meeting.details, meeting.attendees, meeting.emptied) = (said.details, said.attendees, said.emptied)
        (meeting.originalStart, meeting.originalDay) = (exception?.originalStart, exception?.originalDay)
        return meeting
    }

    private func exception(
        _ fields: JSONObject, _ schedule: Schedule?, isCancelled: Bool
    ) throws(GoogleFlaw) -> SeriesException {
        guard let given = fields.object("originalStartTime").flatMap(GoogleTime.init) else {
            throw GoogleFlaw(
                .missingPart, "An exception does not say which occurrence it stands for; it was set aside.")
        }
        var exception = SeriesException()
        exception.kind = isCancelled ? .cancelled : .overridden
        switch original(given, schedule) {
        case .instant(let instant): exception.originalStart = instant
        case .day(let day): exception.originalDay = day
        }
        return exception
    }

    private func original(_ time: GoogleTime, _ schedule: Schedule?) -> OriginalStart {
        let stated = clock.stated(time)
        guard let schedule else {
            if let resolved = clock.resolved(time) { return .instant(resolved.milliseconds) }
            return .day(stated.local.day.description)
        }
        return clock.clock.original(stated, of: schedule, isMaster: true)
    }

    /// The identity that a meeting has in every calendar. Google makes those of its own in this way, so it does no harm to
    /// know one that was left out.
    private static func uid(_ fields: JSONObject, _ identifier: String) -> String {
        fields.text("iCalUID") ?? identifier + "@google.com"
    }
}
