import Entries

/// Gathers what a reading tells: one group for each event, and what could not be read among them.
struct EventSurvey {
    private let maker: MeetingMaker
    private let mark: ([UInt8]) -> String
    private var groups: [FoundGroup] = []

    init(_ means: Means) {
        maker = MeetingMaker(zones: means.zones)
        mark = means.mark
    }

    /// False where the event belongs to a series that is no more.
    mutating func add(_ event: GraphEvent, _ masters: SeriesMasters) -> Bool {
        switch masters.state(of: event) {
        case nil: add(event, master: nil)
        case .found(let master): add(event, master: master)
        // An exception tells everything of itself; an occurrence is nothing without its series.
        case .gone:
            guard event.kind == .exception else { return false }
            add(event, master: nil)
        case .unreadable:
            guard event.kind == .exception else {
                let message = "It is one of a series that Microsoft does not show; it was set aside."
                add(FoundProblem(.missingPart, message), event)
                return true
            }
            add(event, master: nil)
        }
        return true
    }

    private mutating func add(_ event: GraphEvent, master: GraphEvent?) {
        do {
            let meeting = try maker.meeting(event, master: master)
            let content = MeetingMark(meeting, revision: event.revision).bytes
            var group = FoundGroup(identifier: event.identifier, mark: mark(content))
            group.meetings = [meeting]
            groups.append(group)
        } catch {
            add(error.problem, event)
        }
    }

    private mutating func add(_ problem: FoundProblem, _ event: GraphEvent) {
        let content = "\(problem.problem.rawValue) \(problem.message) \(event.revision ?? "")"
        var group = FoundGroup(identifier: event.identifier, mark: mark(Array(content.utf8)))
        group.problems = [problem]
        groups.append(group)
    }

    /// What goes by an id that is too long to be kept is named by a mark of it.
    mutating func setAside(_ identifiers: Set<String>) {
        for identifier in identifiers.map({ "overlong:" + mark(Array($0.utf8)) }).sorted() {
            var group = FoundGroup(identifier: identifier, mark: identifier)
            group.problems = [FoundProblem(.tooLarge, "An event has an id that is far too long; it was set aside.")]
            groups.append(group)
        }
    }

    func reading(isComplete: Bool, _ window: DeltaWindow, cursor: DeltaCursor) -> Reading {
        let groups = self.groups
        var reading = Reading(
            items: groups.map { Reading.Item(identifier: $0.identifier, mark: $0.mark) }, isComplete: isComplete,
            coveredFrom: window.covered.from, cursor: cursor.text
        ) { wanted, page in
            var rest = groups.filter { wanted(Reading.Item(identifier: $0.identifier, mark: $0.mark)) }[...]
            while !rest.isEmpty {
                try page(Array(rest.prefix(Self.pageSize)))
                rest = rest.dropFirst(Self.pageSize)
            }
        }
        reading.coveredTo = window.covered.to
        return reading
    }

    private static let pageSize = 100
}
