/// Something that is wrong with a text, in words that a person understands.
public struct Flaw: Hashable, Sendable {
    public enum Problem: String, Sendable, CaseIterable {
        // Of the text.
        case tooLarge = "too-large"
        case webPage = "web-page"
        case otherText = "other-text"
        case empty = "empty"
        case cutOff = "cut-off"
        case strayText = "stray-text"
        case strayEnd = "stray-end"
        case tooManyComponents = "too-many-components"
        case columnsUnknown = "columns-unknown"
        // Of a component.
        case notEnded = "not-ended"
        case tooDeep = "too-deep"
        case tooManyParts = "too-many-parts"
        case tooManyProperties = "too-many-properties"
        case startMissing = "start-missing"
        case startUnreadable = "start-unreadable"
        case identityUnreadable = "identity-unreadable"
        // Of a property, without which the component is read.
        case lineTooLong = "line-too-long"
        case lineUnreadable = "line-unreadable"
        case attachmentDropped = "attachment-dropped"
        case charactersGuessed = "characters-guessed"
        case endUnreadable = "end-unreadable"
        case endBeforeStart = "end-before-start"
        case timeUnreadable = "time-unreadable"
        case ruleUnreadable = "rule-unreadable"
        case tooManyTimes = "too-many-times"
        case tooManyAttendees = "too-many-attendees"
        case uidMissing = "uid-missing"
        case uidShared = "uid-shared"
        case rowUnreadable = "row-unreadable"
    }

    /// The name of the component, as `VEVENT`; empty where it is the whole text.
    public let component: String
    public let uid: String?
    /// The line in the text, from 1.
    public let line: Int
    public let problem: Problem

    public init(component: String, uid: String? = nil, line: Int, problem: Problem) {
        self.component = component
        self.uid = uid
        self.line = line
        self.problem = problem
    }

    /// The component was set aside. It is there, and cannot be read: that is not the same as absent.
    public var isQuarantine: Bool {
        switch problem {
        case .notEnded, .tooDeep, .tooManyParts, .tooManyProperties, .startMissing, .startUnreadable,
            .identityUnreadable:
            !component.isEmpty
        default: false
        }
    }
}

extension Flaw: CustomStringConvertible {
    /// Where, and what: `line 12, VEVENT “a@b”: it has no start.`
    public var description: String {
        var place = "line \(line)"
        if !component.isEmpty { place += ", \(component)" }
        if let uid { place += " “\(uid)”" }
        return "\(place): \(sentence)"
    }

    public var sentence: String {
        switch problem {
        case .tooLarge: "The text is larger than is read at all."
        case .webPage: "This is a web page and no calendar."
        case .otherText: "This is neither a calendar nor an address book."
        case .empty: "There is nothing in it."
        case .cutOff: "The text ends in the middle, so what is missing in it may well exist."
        case .strayText: "There is text that belongs to no component; it was passed over."
        case .strayEnd: "Something ends that never began; it was passed over."
        case .tooManyComponents: "There are more components than are read; the rest was passed over."
        case .columnsUnknown: "The first row does not name columns that are known from an address book."
        case .notEnded: "It has a beginning and no end, so it was set aside."
        case .tooDeep: "It has components within components, deeper than is read; it was set aside."
        case .tooManyParts: "It has more parts than are read; it was set aside."
        case .tooManyProperties: "It has more properties than are read; it was set aside."
        case .startMissing: "It does not say when it starts, so it was set aside."
        case .startUnreadable: "Its start cannot be read as a time, so it was set aside."
        case .identityUnreadable: "Which occurrence it replaces cannot be read, so it was set aside."
        case .lineTooLong: "A line is longer than is read; it was passed over."
        case .lineUnreadable: "A line has no colon, so it was passed over."
        case .attachmentDropped: "An attachment is larger than is kept; it was passed over."
        case .charactersGuessed: "It holds bytes that are no UTF-8; they were read as Windows-1252."
        case .endUnreadable: "Its end cannot be read as a time, so it was passed over."
        case .endBeforeStart: "It ends before it starts; it was given no length."
        case .timeUnreadable: "A date that is added or taken out cannot be read; it was passed over."
        case .ruleUnreadable: "A rule of recurrence cannot be read; it was passed over."
        case .tooManyTimes: "It adds or takes out more dates than are read; the rest was passed over."
        case .tooManyAttendees: "It has more attendees than are read; the rest was passed over."
        case .uidMissing: "It has no identity of its own; one was made from what it says."
        case .uidShared: "Different events have this identity; each was given one of its own."
        case .rowUnreadable: "A row has neither a name nor an address; it was passed over."
        }
    }
}
