import Entries

/// What a round of changes comes to: what is there now, and what is no more.
///
/// `@removed` means only that something is not in the window any more. It may have been moved out of it, and it may be
/// something outside of the window that was never in it. So all that is told to be removed is asked for, and in this
/// calendar: what was moved to another one keeps its identifier.
struct EventChanges {
    private(set) var events: [GraphEvent] = []
    private(set) var gone: [String] = []
    private(set) var masters: SeriesMasters
    private(set) var requests: Int64 = 0
    /// Something changed of which it is not told all, so that everything has to be looked at.
    private(set) var isDoubtful: Bool

    /// A few are asked for one by one; beyond, a view of everything costs less.
    static let mostAsked = 200

    init(_ round: DeltaRound<GraphEvent>, in calendar: CalendarPlace, _ wish: ReadingWish, _ graph: Graph) throws {
        let told = round.present
        var removed = round.removed
        isDoubtful = told.contains { $0.kind == .master } || removed.count > Self.mostAsked
        if removed.count > Self.mostAsked { removed = [] }
        var events = told.filter { $0.kind != .master && !$0.isDraft }
        let doing = "asking for a meeting that was removed"
        let addresses = try removed.map { try graph.address("me", "calendars", calendar.path, "events", $0) }
        var gone: [String] = []
        for (identifier, answer) in zip(removed, graph.get(addresses, doing: doing)) {
            let isKnown = wish.isKnown(identifier)
            switch answer {
            case .failure(let refusal) where refusal.kind == .missing:
                // What is not known may be a series, of whose occurrences nothing is told.
                if isKnown { gone.append(identifier) } else { isDoubtful = true }
            case .failure(let refusal): throw refusal.failure
            case .success(let json):
                let event = GraphEvent(identifier, json)
                if event.kind == .master { isDoubtful = true }
                if event.kind != .master, isKnown { events.append(event) }
            }
        }
        self.gone = gone
        self.events = events
        requests = Int64(removed.count)
        masters = try SeriesMasters(told: told + events, in: calendar, graph)
    }
}
