/// Everything that a text says about one event: the event itself and the overrides of its occurrences.
public struct CalendarObject: Sendable {
    /// The identity, from the text or made from what the event says.
    public let uid: String
    /// The identity was made.
    public let isUIDMade: Bool
    public private(set) var components: [Component]
    /// The UID of the text, where several events have it.
    private var sharedUID: String?

    init(uid: String, isMade: Bool, component: Component) {
        self.uid = uid
        isUIDMade = isMade
        components = [component]
    }

    private init(uid: String, of shared: String, parted components: [Component]) {
        self.uid = uid
        sharedUID = shared
        isUIDMade = true
        self.components = components
    }

    mutating func add(_ component: Component) {
        components.append(component)
    }

    /// The events as values. Called again, it reads again.
    public func read() -> Reading { Reading(self) }

    /// The bytes of its components without what only says when they were written: equal bytes, equal meaning.
    public func appendContent(to content: inout [UInt8]) {
        for component in components { component.appendContent(to: &content) }
    }

    public struct Reading: Sendable {
        /// Nil if the text holds overrides only, as for one who was invited to one occurrence; or if it is unreadable.
        public private(set) var master: CalendarEvent?
        /// In the order of the text; of two for the same occurrence the newer.
        public private(set) var overrides: [CalendarEvent] = []
        public private(set) var flaws: [Flaw] = []

        /// Something of it was set aside: what is missing here may well exist.
        public var hasQuarantine: Bool { isIncomplete || flaws.contains(where: \.isQuarantine) }
        private var isIncomplete = false

        init(_ object: CalendarObject) {
            var places: [RecurrenceIdentity: Int] = [:]
            for component in object.components {
                let reading = EventReading(component)
                flaws += reading.flaws
                guard let event = reading.event else {
                    isIncomplete = true
                    continue
                }
                guard let identity = event.recurrenceIdentity else {
                    if master.map({ !CalendarEvent.isOlder(event, than: $0) }) ?? true { master = event }
                    continue
                }
                if let place = places[identity] {
                    if !CalendarEvent.isOlder(event, than: overrides[place]) { overrides[place] = event }
                } else {
                    places[identity] = overrides.count
                    overrides.append(event)
                }
            }
        }
    }
}

// MARK: One UID, several events

extension CalendarObject {
    /// More than one component that replaces no occurrence.
    var isShared: Bool { components.count > 1 && masters.count > 1 }

    private var masters: [Component] { components.filter { !$0.node.replacesOccurrence } }

    /// What tells two events apart that have the same UID.
    private struct Likeness {
        let start: [UInt8]
        let summary: [UInt8]
        let sequence: Int
        let isRecurring: Bool
        var components: [Component]

        init(_ component: Component) {
            start = component.first("DTSTART").map { [UInt8]($0.rawValue) } ?? []
            summary = component.first("SUMMARY").map { [UInt8]($0.rawValue) } ?? []
            sequence = component.first("SEQUENCE").flatMap { Int($0.text.trimmed) } ?? 0
            isRecurring = component.first("RRULE") != nil
            components = [component]
        }

        /// The same start and title, or one of them and another version: then it is one event, written twice.
        func isSame(as other: Likeness) -> Bool {
            let (sameStart, sameSummary) = (start == other.start, summary == other.summary)
            return (sameStart && sameSummary) || ((sameStart || sameSummary) && sequence != other.sequence)
        }
    }

    /// The object as it is, if all its components are of one event; else one for each event, with an identity of its
    /// own that does not depend on the order in the text.
    func parted() -> [CalendarObject] {
        var events = likenesses()
        guard events.count > 1 else { return [self] }
        let overrides = components.filter(\.node.replacesOccurrence)
        let owner = events.firstIndex(where: \.isRecurring) ?? 0
        events[owner].components += overrides
        return events.map { event in
            let own = SyntheticIdentity.of([event.start, event.summary])
            return CalendarObject(uid: "\(uid)#\(own)", of: uid, parted: event.components)
        }
    }

    /// The identity that the same event had while it was alone with its UID, or while it was not.
    public var otherUID: String? {
        if let sharedUID { return sharedUID }
        guard !isUIDMade, components.count == 1, !components[0].node.replacesOccurrence else { return nil }
        let event = Likeness(components[0])
        return event.isRecurring ? nil : "\(uid)#\(SyntheticIdentity.of([event.start, event.summary]))"
    }

    private func likenesses() -> [Likeness] {
        var events: [Likeness] = []
        var places: [[[UInt8]]: Int] = [:]
        // Few are compared with each other; many can only be a generator that has one UID for everything.
        let few = 8
        let masters = masters
        for component in masters {
            let event = Likeness(component)
            let key = [event.start, event.summary]
            let like = masters.count <= few ? events.firstIndex { $0.isSame(as: event) } : nil
            if let place = places[key] ?? like {
                events[place].components.append(component)
            } else {
                places[key] = events.count
                events.append(event)
            }
        }
        return events
    }
}

/// Identities for events without one, made from what they say and not from when they were written.
///
/// FNV-1a with 128 bits: it has to tell the events of one calendar apart, and to resist nobody.
enum SyntheticIdentity {
    private static let names = [
        "DTSTART", "DTEND", "DURATION", "RRULE", "SUMMARY", "LOCATION", "RECURRENCE-ID",
    ]

    static func ofEvent(_ component: Component) -> String {
        "made-" + of(names.map { name in component.first(name).map { [UInt8]($0.rawValue) } ?? [] })
    }

    static func of(_ values: [[UInt8]]) -> String {
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        for value in values {
            for byte in value + [0] { hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
