/// A calendar as text, read: what it says about itself, and its objects, each of which is read when somebody asks.
///
/// The events are not held as values all at once: there may be 100,000.
public struct CalendarText: Sendable {
    public let text: ComponentText
    public let properties: CalendarProperties
    /// VTIMEZONE, of all calendars in the text.
    public let zoneDefinitions: [Component]
    /// The events by their UID, in the order of the text.
    public let objects: [CalendarObject]
    /// How many components of other kinds there are, as `VTODO`, by their names. They are no business of Daybook's.
    public let passedOver: [String: Int]
    /// What is wrong with the text; what is wrong with an event, the reading of its object says.
    public let flaws: [Flaw]

    /// Whatever the bytes are, this does not fail: `flaws` says what was wrong.
    public init(_ bytes: [UInt8], limits: Limits = Limits()) {
        self.init(ComponentText(bytes, limits: limits))
    }

    public init(_ text: ComponentText) {
        var sorting = CalendarSorting(text)
        sorting.run()
        self.text = text
        properties = sorting.properties
        zoneDefinitions = sorting.zoneDefinitions
        objects = sorting.objects
        passedOver = sorting.passedOver
        flaws = sorting.isNoCalendarAtAll ? sorting.flaws : text.flaws + sorting.flaws
        isWhole = text.isWhole && sorting.hasCalendar
    }

    /// It is a calendar, and nothing of it was cut off. Only then does an event that is not there not exist.
    public let isWhole: Bool
}

/// What a calendar says about itself. Of several calendars in a text, the first that says something is heard.
public struct CalendarProperties: Hashable, Sendable {
    public var name: String?
    public var description: String?
    /// The zone of its floating times, under the name that the calendar gives it.
    public var zone: String?
    public var colour: String?
    /// As `PUBLISH`, in capitals.
    public var method: String?
    public var producer: String?
    public var refreshInterval: EventDuration?

    public init() {}

    init(_ calendar: Component) {
        func text(_ names: String...) -> String? {
            names.lazy.compactMap { calendar.first($0)?.text.trimmed }.first { !$0.isEmpty }
        }
        name = text("NAME", "X-WR-CALNAME")
        description = text("X-WR-CALDESC", "DESCRIPTION")
        zone = text("X-WR-TIMEZONE", "TIMEZONE-ID")
        colour = text("COLOR", "X-APPLE-CALENDAR-COLOR", "X-OUTLOOK-COLOR")
        method = text("METHOD")?.uppercased()
        producer = text("PRODID")
        refreshInterval = text("REFRESH-INTERVAL", "X-PUBLISHED-TTL").flatMap { EventDuration($0) }
    }

    mutating func complete(from other: CalendarProperties) {
        name = name ?? other.name
        description = description ?? other.description
        zone = zone ?? other.zone
        colour = colour ?? other.colour
        method = method ?? other.method
        producer = producer ?? other.producer
        refreshInterval = refreshInterval ?? other.refreshInterval
    }
}

/// Sorts the components of a text into objects.
private struct CalendarSorting {
    private(set) var properties = CalendarProperties()
    private(set) var zoneDefinitions: [Component] = []
    private(set) var objects: [CalendarObject] = []
    private(set) var passedOver: [String: Int] = [:]
    private(set) var flaws: [Flaw] = []
    private(set) var hasCalendar = false
    private let text: ComponentText
    private var places: [String: Int] = [:]

    init(_ text: ComponentText) {
        self.text = text
    }

    mutating func run() {
        for root in text.roots {
            guard root.kind == .calendar else {
                sort(root)
                continue
            }
            hasCalendar = true
            properties.complete(from: CalendarProperties(root))
            var index = root.node.firstChild
            while index != Node.none {
                sort(Component(text: text, index: index))
                index = text.nodes[Int(index)].nextSibling
            }
        }
        if objects.contains(where: \.isShared) { part() }
        if !hasCalendar, text.flaws.first?.problem != .tooLarge { explainAbsence() }
    }

    /// Not even a component: then what the body is says more than that it is stray.
    var isNoCalendarAtAll: Bool { text.nodes.isEmpty && !flaws.isEmpty }

    private mutating func sort(_ component: Component) {
        switch component.kind {
        case .event:
            hasCalendar = true
            add(component)
        case .timeZone: zoneDefinitions.append(component)
        default:
            let most = 100
            let name = component.name
            if passedOver[name] != nil || passedOver.count < most { passedOver[name, default: 0] += 1 }
        }
    }

    private mutating func add(_ component: Component) {
        let given = component.uid
        if given == nil { note(component, nil, .uidMissing) }
        let uid = given ?? SyntheticIdentity.ofEvent(component)
        if let place = places[uid] {
            objects[place].add(component)
        } else {
            places[uid] = objects.count
            objects.append(CalendarObject(uid: uid, isMade: given == nil, component: component))
        }
    }

    /// Takes different events apart that share a UID.
    private mutating func part() {
        objects = objects.flatMap { object in
            let parts = object.isShared ? object.parted() : [object]
            if parts.count > 1, let first = object.components.first { note(first, object.uid, .uidShared) }
            return parts
        }
    }

    private mutating func note(_ component: Component, _ uid: String?, _ problem: Flaw.Problem) {
        guard text.flaws.count + flaws.count < text.limits.flaws else { return }
        flaws.append(Flaw(component: component.name, uid: uid, line: component.line, problem: problem))
    }

    private mutating func explainAbsence() {
        flaws = [Flaw(component: "", line: 1, problem: BodyKind(text.bytes).problem)]
    }
}

/// What a body without components is.
enum BodyKind {
    case empty, webPage, other

    init(_ bytes: [UInt8]) {
        guard let first = bytes.first(where: { !$0.isInvisible && $0 < 0x80 }) else {
            self = .empty
            return
        }
        self = first == UInt8(ascii: "<") ? .webPage : .other
    }

    var problem: Flaw.Problem {
        switch self {
        case .empty: .empty
        case .webPage: .webPage
        case .other: .otherText
        }
    }
}
