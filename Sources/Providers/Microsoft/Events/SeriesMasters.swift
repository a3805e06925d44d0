import Entries
import HTTP

/// The series that occurrences belong to, as far as they were told or asked for.
struct SeriesMasters {
    enum State {
        case found(GraphEvent)
        case gone
        /// It is there, and may not be seen.
        case unreadable
    }

    private var states: [String: State] = [:]
    private(set) var requests: Int64 = 0

    /// - Parameter events: what was told, series among them; those that are missing are asked for, several at once.
    init(told events: [GraphEvent], in calendar: CalendarPlace, _ graph: Graph) throws {
        for event in events where event.kind == .master { states[event.identifier] = .found(event) }
        var wanted: Set<String> = []
        var missing: [String] = []
        for event in events where event.kind == .occurrence || event.kind == .exception {
            guard let master = event.master, states[master] == nil, wanted.insert(master).inserted else { continue }
            missing.append(master)
        }
        // In a calendar that somebody shares, events are found below the calendar alone; nothing is gone before it was
        // looked for in both places.
        try ask(graph, missing) { try graph.address("me", "calendars", calendar.path, "events", $0) }
        try ask(graph, missing.filter(isGone)) { try graph.address("me", "events", $0) }
    }

    private mutating func ask(
        _ graph: Graph, _ identifiers: [String], at address: (_ identifier: String) throws -> Address
    ) throws {
        let answers = graph.get(try identifiers.map(address), doing: "reading a series of meetings")
        for (identifier, answer) in zip(identifiers, answers) {
            states[identifier] = try Self.state(identifier, answer)
        }
        requests += Int64(identifiers.count)
    }

    private func isGone(_ identifier: String) -> Bool {
        if case .gone = states[identifier] { true } else { false }
    }

    func state(of event: GraphEvent) -> State? {
        guard event.kind == .occurrence || event.kind == .exception else { return nil }
        return event.master.flatMap { states[$0] } ?? .unreadable
    }

    private static func state(_ identifier: String, _ answer: Result<JSONObject, GraphRefusal>) throws -> State {
        switch answer {
        case .success(let json): return .found(GraphEvent(identifier, json))
        case .failure(let refusal):
            if refusal.kind == .missing { return .gone }
            if refusal.failure.errorClass == .permanent { return .unreadable }
            throw refusal.failure
        }
    }
}
