public import Entries

/// What must be written so that the activities of a meeting are what the rules say. Pure, and nothing when they are.
public struct Reconciliation: Sendable, Equatable {
    public enum Step: Sendable, Equatable {
        case log(LogRules.Person, participants: [String])
        case amend(activity: String, ActivityAmended)
        case retract(activity: String, person: String, RetractionReason)
        case restore(activity: String, person: String)
    }

    public var steps: [Step] = []
    /// The rule by which nobody is logged, where nobody is and nothing stands.
    public var skip: SkipRule?
    /// Nothing can be decided yet, or nothing is to be decided any more.
    public var isOpen = false

    /// New activities come out of it; only these count against the limit of a run.
    public var isLogging: Bool {
        steps.contains { if case .log = $0 { true } else { false } }
    }

    public init(_ meeting: MeetingCase, rules: LogRules, now: Int64) {
        switch rules.verdict(meeting, now: now) {
        case .keep: keep(meeting)
        case .notYet: postpone(meeting)
        case .skip(let rule): retractAll(meeting, rule)
        case .log(let people): settle(meeting, people, rules)
        }
    }

    /// Nobody looks at the meeting any more; only that two of its people are one by now can still be known.
    private mutating func keep(_ meeting: MeetingCase) {
        let seconds = meeting.activities.filter {
            !$0.isRetracted && $0.activity != Self.kept($0.person, meeting.activities)
        }
        steps = seconds.map { .retract(activity: $0.activity, person: $0.person, .merged) }
    }

    /// What was logged and has moved into the future did not take place yet. What a person logged ahead stays.
    private mutating func postpone(_ meeting: MeetingCase) {
        let past = meeting.activities.filter { !$0.isRetracted && $0.trigger != .manual }
        steps = past.map { .retract(activity: $0.activity, person: $0.person, .postponed) }
        isOpen = true
    }

    private mutating func retractAll(_ meeting: MeetingCase, _ rule: SkipRule) {
        let standing = meeting.activities.filter { !$0.isRetracted }
        let going = standing.filter { $0.trigger != .manual || Self.holdsByHandToo(rule) }
        steps = going.map { logged in
            .retract(
                activity: logged.activity, person: logged.person,
                Self.reason(rule) ?? Self.reason(of: logged, in: meeting))
        }
        if standing.isEmpty { skip = rule }
    }

    /// A person may log what the rules would not; these undo even that.
    private static func holdsByHandToo(_ rule: SkipRule) -> Bool {
        [.cancelled, .withdrawn, .private, .hiddenDuplicate].contains(rule)
    }

    private static func reason(_ rule: SkipRule) -> RetractionReason? {
        switch rule {
        case .cancelled: .cancelled
        case .withdrawn: .withdrawn
        case .declined: .declined
        case .private: .turnedPrivate
        case .hiddenDuplicate: .duplicate
        case .nobodyKnown, .withoutOthers, .onlyOwnAddresses, .onlyResources, .lowConfidence: nil
        default: .excluded
        }
    }

    private static func reason(of logged: MeetingCase.Logged, in meeting: MeetingCase) -> RetractionReason {
        let theirs = meeting.attendees.filter { $0.person == logged.person }
        if theirs.contains(where: { $0.isExcluded || $0.isOwn || $0.isResourceOrGroup }) { return .excluded }
        if theirs.contains(where: { $0.response == .declined }) { return .declined }
        if meeting.attendees.contains(where: { $0.reason == .personRemoved }) { return .personRemoved }
        let answered = meeting.attendees.filter { $0.answered.map { $0 > logged.position } == true }
        if answered.contains(where: { $0.reason == .ownAddress || $0.reason == .excluded }) { return .excluded }
        return answered.contains { $0.person != logged.person } ? .unmatched : .attendeeRemoved
    }

    private mutating func settle(_ meeting: MeetingCase, _ people: [LogRules.Person], _ rules: LogRules) {
        let wanted = Set(people.map(\.person))
        for logged in meeting.activities {
            let isSecond = logged.activity != Self.kept(logged.person, meeting.activities)
            if !wanted.contains(logged.person) || isSecond {
                guard !logged.isRetracted, logged.trigger != .manual || isSecond else { continue }
                let reason = isSecond ? .merged : Self.reason(of: logged, in: meeting)
                steps.append(.retract(activity: logged.activity, person: logged.person, reason))
                continue
            }
            guard let person = people.first(where: { $0.person == logged.person }) else { continue }
            bring(logged, up: to(meeting, person, wanted), meeting)
        }
        let autoLog = rules.autoLogRule(meeting)
        var heldBack: SkipRule?
        for person in people where !meeting.activities.contains(where: { $0.person == person.person }) {
            if let autoLog {
                heldBack = autoLog
            } else if meeting.isDecided && !rules.logsLateContacts {
                heldBack = .nobodyKnown
            } else {
                steps.append(.log(person, participants: Self.others(than: person.person, wanted)))
            }
        }
        if steps.isEmpty, !meeting.activities.contains(where: { !$0.isRetracted }) {
            skip = heldBack ?? .retractedByHand
        }
    }

    /// Of the activities of one who was two before, the one that goes on: one that stands, else one that a person has
    /// decided about.
    private static func kept(_ person: String, _ activities: [MeetingCase.Logged]) -> String? {
        let theirs = activities.filter { $0.person == person }
        let kept =
            theirs.first { !$0.isRetracted } ?? theirs.first { $0.retraction == .byHand }
            ?? theirs.first { $0.retraction != .merged } ?? theirs.first
        return kept?.activity
    }

    private mutating func bring(_ logged: MeetingCase.Logged, up amendment: ActivityAmended, _ meeting: MeetingCase) {
        if logged.isRetracted {
            // By hand is final, and a merged one lives on in the other.
            guard let reason = logged.retraction, reason != .byHand, reason != .merged, reason != .erased else {
                return
            }
            steps.append(.restore(activity: logged.activity, person: logged.person))
        }
        if let change = Self.difference(from: logged, to: amendment) {
            steps.append(.amend(activity: logged.activity, change))
        }
    }

    static func others(than person: String, _ people: Set<String>) -> [String] {
        people.filter { $0 != person }.sorted()
    }

    private func to(_ meeting: MeetingCase, _ person: LogRules.Person, _ people: Set<String>) -> ActivityAmended {
        var amended = ActivityAmended()
        amended.rule = person.rule
        amended.confidence = person.confidence
        amended.details = Self.details(of: meeting, participants: Self.others(than: person.person, people))
        return amended
    }

    /// What an activity tells of a meeting.
    public static func details(of meeting: MeetingCase, participants: [String]) -> ActivityDetails {
        var details = ActivityDetails()
        details.kind = .meeting
        details.occurred = meeting.starts
        if let starts = meeting.starts, let ends = meeting.ends {
            details.durationMinutes = max(0, (ends - starts + 30_000) / 60_000)
        }
        details.zone = meeting.zone
        details.participants = participants
        details.title = meeting.title
        details.description = meeting.description
        details.location = meeting.location
        details.meetingURL = meeting.meetingURL
        return details
    }

    /// Only what differs, and nothing of what the user edited by hand.
    private static func difference(from logged: MeetingCase.Logged, to new: ActivityAmended) -> ActivityAmended? {
        var change = ActivityAmended()
        change.activity = logged.activity
        if new.rule != logged.rule { change.rule = new.rule }
        if new.confidence != logged.confidence { change.confidence = new.confidence }
        func compare<Value: Equatable>(_ field: String, _ path: WritableKeyPath<ActivityDetails, Value?>) {
            let (old, now) = (logged.details[keyPath: path], new.details[keyPath: path])
            if old == now || logged.edited.contains(field) { return }
            if now == nil { change.cleared.append(field) } else { change.details[keyPath: path] = now }
        }
        compare("occurred", \.occurred)
        compare("duration_minutes", \.durationMinutes)
        compare("zone", \.zone)
        compare("title", \.title)
        compare("description", \.description)
        compare("location", \.location)
        compare("meeting_url", \.meetingURL)
        if new.details.participants != logged.details.participants, !logged.edited.contains("participants") {
            change.details.participants = new.details.participants
            if new.details.participants.isEmpty { change.cleared.append("participants") }
        }
        var nothing = ActivityAmended()
        nothing.activity = logged.activity
        return change == nothing ? nil : change
    }
}
