import Entries
public import HTTP

/// The calendars of an account at Microsoft, read through Graph.
///
/// A calendar is read as a view of it within a window, in which Graph itself works out when series take place. Of an
/// occurrence it tells no more than that; the rest is that of the series. Each single meeting, occurrence and exception
/// is a group of its own, and the series are not shown.
public final class MicrosoftSource: CalendarSource {
    private let means: Means
    let graph: Graph

    /// - Parameter base: where Graph is, another place than usual for national clouds and for tests.
    public init(_ means: Means, base: String = MicrosoftSource.base) throws(HTTPError) {
        self.means = means
        graph = try Graph(means, base: base)
    }

    public static let base = Graph.publicBase

    // MARK: Calendars

    public func calendars() throws -> FoundCalendars {
        let doing = "listing the calendars"
        var calendars: [GraphCalendar] = []
        var isComplete = true
        var progress = PageProgress()
        var next: Address? = try graph.address("me", "calendars")
        for _ in 0..<Self.mostPagesOfCalendars {
            guard let address = next else { break }
            let page = try graph.page(address, doing: doing)
            let readable = page.values.compactMap(\.object).compactMap(GraphCalendar.init)
            isComplete = isComplete && readable.count == page.values.count
            calendars += readable
            let known = Set(calendars.map(\.found.path)).count
            guard progress.goesOn(with: known) else { throw GraphRefusal.malformed(address, doing: doing).failure }
            next = try page.next.map { try graph.follow($0, doing: doing) }
        }
        return FoundCalendars(GraphCalendar.all(calendars), isComplete: isComplete && next == nil)
    }

    private static let mostPagesOfCalendars = 100

    // MARK: Reading

    public func read(_ calendar: CalendarPlace, _ wish: ReadingWish) throws -> Reading? {
        guard let text = wish.cursor else { return try whole(calendar, wish, because: nil) }
        guard let cursor = DeltaCursor(text), let link = graph.own(cursor.link) else {
            return try whole(calendar, wish, because: .cursorLost)
        }
        if cursor.isDoubtful { return try whole(calendar, wish, because: .reconciliation) }
        guard cursor.window.serves(wish.window) else { return try whole(calendar, wish, because: .windowMoved) }
        guard let round = try round(from: link, wish) else {
            return try whole(calendar, wish, because: .cursorRefused)
        }
        if round.isEmpty { return nil }
        let changes = try EventChanges(round, in: calendar, wish, graph)
        // Of a series that changed Graph tells what takes place still, and not what does no more: an occurrence that was
        // deleted leaves no trace. Only a view of everything shows that it is missing. What is known to be gone comes
        // first, because that can be applied at once.
        if changes.isDoubtful, changes.gone.isEmpty {
            return try whole(calendar, wish, because: .reconciliation)
        }
        return try reading(changes, round, cursor.window)
    }

    private func round(from address: Address, _ wish: ReadingWish) throws -> DeltaRound<GraphEvent>? {
        try graph.round(from: address, doing: "reading the calendar", report: wish.report, read: GraphEvent.init)
    }

    private func reading(
        _ changes: EventChanges, _ round: DeltaRound<GraphEvent>, _ window: DeltaWindow
    ) throws -> Reading {
        var survey = EventSurvey(means)
        var gone = changes.gone
        for event in changes.events {
            // The series is no more, and so this is not either.
            if !survey.add(event, changes.masters) { gone.append(event.identifier) }
        }
        survey.setAside(round.overlong)
        var cursor = DeltaCursor(window: window, link: round.link)
        cursor.isDoubtful = changes.isDoubtful
        var reading = survey.reading(isComplete: round.isComplete, window, cursor: cursor)
        reading.scope = .changes
        reading.gone = gone
        reading.pages = round.pages + changes.requests + changes.masters.requests
        return reading
    }

    private func whole(_ calendar: CalendarPlace, _ wish: ReadingWish, because reason: FullReason?) throws -> Reading {
        let window = DeltaWindow(for: wish.window)
        let start = try graph.address(
            "me", "calendars", calendar.path, "calendarView", "delta",
            query: "startDateTime=\(window.fromText)&endDateTime=\(window.toText)")
        for _ in 0..<Self.mostRounds {
            guard let round = try round(from: start, wish) else { continue }
            let events = round.present.filter { !$0.isDraft }
            let masters = try SeriesMasters(told: events, in: calendar, graph)
            var survey = EventSurvey(means)
            for event in events where event.kind != .master { _ = survey.add(event, masters) }
            survey.setAside(round.overlong)
            let cursor = DeltaCursor(window: window, link: round.link)
            var reading = survey.reading(isComplete: round.isComplete, window, cursor: cursor)
            reading.reason = reason
            reading.pages = round.pages + masters.requests
            return reading
        }
        throw ReadingFailure(
            .transient, "state_lost",
            "Microsoft forgot \(Self.mostRounds) times in a row where the reading of the calendar stood. It may pass.")
    }

    /// Graph may forget in the middle of a round as well.
    private static let mostRounds = 3
}
