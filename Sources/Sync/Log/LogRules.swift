public import Entries

/// Who is logged for a meeting. Pure: the same case gives the same verdict, in the background, by hand and in a replay.
public struct LogRules: Sendable, Equatable {
    /// Below this no match logs.
    public var leastConfidence: Int64 = 50
    /// Whether an attendee who declined is logged all the same.
    public var logsDeclinedAttendees = false
    /// Whether somebody who became known after a meeting was decided is logged for it.
    public var logsLateContacts = true

    public init() {}

    public enum Verdict: Sendable, Equatable {
        /// It is not over, so nothing can be said.
        case notYet
        /// No calendar is read any more that could say anything new.
        case keep
        case skip(SkipRule)
        case log([Person])
    }

    public struct Person: Sendable, Equatable {
        public let person: String
        public let rule: MatchRule
        public let confidence: Int64
        /// The addresses by which the person stands in the meeting.
        public let addresses: [String]
        /// The entry that matched the first of them.
        public let cause: Int64?
    }

    /// Why one attendee is not logged; nil for one who is.
    public enum AttendeeRule: String, Sendable, Codable, CaseIterable {
        case ownAddress = "own_address"
        case resource, group, excluded, declined
        case suggested, ambiguous, unknown, rejected
        case lowConfidence = "low_confidence"
        case notDecided = "not_decided"
    }

    public func verdict(_ meeting: MeetingCase, now: Int64) -> Verdict {
        if let rule = ruleOfMeeting(meeting) {
            return rule
        }
        guard let ends = meeting.ends else { return .skip(.allDay) }
        if ends > now { return .notYet }
        if let rule = ruleOfAttendees(meeting) { return .skip(rule) }
        return .log(people(meeting))
    }

    /// What the meeting itself says, whoever is to come.
    private func ruleOfMeeting(_ meeting: MeetingCase) -> Verdict? {
        let live = meeting.sightings.filter { $0.withdrawn == nil }
        if live.isEmpty {
            return meeting.sightings.contains { !$0.isNoLongerRead } ? .skip(.withdrawn) : .keep
        }
        if meeting.hiddenBehind != nil { return .skip(.hiddenDuplicate) }
        if meeting.status == .cancelled { return .skip(.cancelled) }
        if meeting.privacy != .normal { return .skip(.private) }
        if let rule = ruleOfKind(meeting.kind) { return .skip(rule) }
        if meeting.starts == nil { return .skip(.allDay) }
        return isDeclined(meeting, live) ? .skip(.declined) : nil
    }

    private func ruleOfKind(_ kind: EventKind) -> SkipRule? {
        switch kind {
        case .meeting: nil
        case .workingLocation: .workingLocation
        case .focusTime: .focusTime
        case .outOfOffice: .outOfOffice
        case .birthday: .birthday
        case .reservation: .reservation
        case .busy: .busy
        case .other: .otherKind
        }
    }

    /// Declined by the user: in no calendar and under no own address was it answered otherwise.
    private func isDeclined(_ meeting: MeetingCase, _ live: [MeetingCase.Sighting]) -> Bool {
        let answers =
            live.compactMap(\.response)
            + meeting.attendees.filter(\.isOwn).compactMap(\.response).filter { $0 != .needsAction }
        return answers.contains(.declined) && !answers.contains { $0 == .accepted || $0 == .tentative }
    }

    private func ruleOfAttendees(_ meeting: MeetingCase) -> SkipRule? {
        let others = meeting.attendees.filter { !$0.isOwn }
        if meeting.attendees.isEmpty { return .withoutOthers }
        if others.isEmpty { return .onlyOwnAddresses }
        if others.allSatisfy(\.isResourceOrGroup) { return .onlyResources }
        if !people(meeting).isEmpty { return nil }
        return others.contains { rule(of: $0) == .lowConfidence } ? .lowConfidence : .nobodyKnown
    }

    /// Why an attendee is not logged; nil for one who is.
    public func rule(of attendee: MeetingCase.Attending) -> AttendeeRule? {
        if attendee.isOwn { return .ownAddress }
        if attendee.isResource { return .resource }
        if attendee.isGroup { return .group }
        if attendee.isExcluded { return .excluded }
        if attendee.answer == "matched", attendee.person != nil {
            if attendee.response == .declined && !logsDeclinedAttendees { return .declined }
            return attendee.confidence < leastConfidence ? .lowConfidence : nil
        }
        switch attendee.answer {
        case nil: return .notDecided
        case "suggested": return .suggested
        default:
            if attendee.reason == .severalPeople { return .ambiguous }
            return attendee.reason == .byHand ? .rejected : .unknown
        }
    }

    /// One for each person, by the surest of the person's addresses.
    private func people(_ meeting: MeetingCase) -> [Person] {
        var order: [String] = []
        var found: [String: [MeetingCase.Attending]] = [:]
        for attendee in meeting.attendees where rule(of: attendee) == nil {
            guard let person = attendee.person else { continue }
            if found[person] == nil { order.append(person) }
            found[person, default: []].append(attendee)
        }
        return order.compactMap { person in
            guard let attending = found[person], let best = attending.max(by: { $0.confidence < $1.confidence }) else {
                return nil
            }
            return Person(
                person: person, rule: best.rule ?? .manual, confidence: best.confidence,
                addresses: attending.map(\.address), cause: best.answered)
        }
    }

    /// Whether the connections that show a meeting want it logged by itself; the rule that stands against it if not.
    public func autoLogRule(_ meeting: MeetingCase) -> SkipRule? {
        let live = meeting.sightings.filter { $0.withdrawn == nil }
        guard live.contains(where: \.isAutoLogEnabled) else { return .autoLogOff }
        let ends = meeting.ends ?? .max
        return live.contains { $0.isAutoLogEnabled && ($0.autoLogFrom ?? .min) <= ends } ? nil : .beforeAutoLog
    }
}
