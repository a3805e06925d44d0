import Entries
import Ledger
import Projections
import SQLite

/// The entries that fit a filter, a page at a time.
public struct LogRequest: ReadingRequest {
    public static let name = "log"

    /// More would make an answer heavy; whoever wants more asks for the next page.
    public static let mostInPage: Int64 = 1_000

    public struct Page: Codable, Sendable {
        public let entries: [EntryAnswer]
        /// Where the next page begins; nil after the last.
        public private(set) var next: Int64?
        /// The position of the newest entry of the ledger, whether it fits or not.
        public let end: Int64
        /// The zone in which whoever asks reads times.
        public let zone: String?

        /// As it is told to whoever asks for what lies behind a position: `next` is what they say the next time.
        public var behind: Page {
            var page = self
            page.next = next == nil ? nil : entries.last?.position
            return page
        }
    }

    /// Who asks; nil is the first user of the home.
    public var user: String?
    public var types: [String] = []
    public var owner: String?
    public var stream: String?
    public var since: Int64?
    public var until: Int64?
    /// The first position to look at: in the order asked for, so the highest when it is backwards.
    public var from: Int64?
    public var isBackwards = false
    public var limit: Int64 = LogRequest.mostInPage
    /// What is personal is told of the entries of whoever asks alone. Whoever may read the files needs no such care.
    public var isDiscreet = false

    public init() {}

    public func answer(in home: OpenHome) throws -> Page {
        let limit = min(max(limit, 1), Self.mostInPage)
        // Asked first: what comes meanwhile may be in the answer, and is never behind its end.
        let end = try home.head.size
        let names = try home.userNames()
        for type in types where Vocabulary.type(type) == nil {
            throw Refusal(.badRequest, UnknownType(type: type).description, hint: "“daybook entries” lists the types.")
        }
        var query = Query(
            stream: stream, types: Set(types), owner: try owner.map { try home.owner(named: $0) }, since: since,
            until: until, isBackwards: isBackwards, limit: limit + 1)
        if let from { if isBackwards { query.to = from } else { query.from = from } }
        var entries = try isIndexed ? indexed(query, home, names) : scanned(query, home, names)
        let next = entries.count > limit ? entries.removeLast().position : nil
        if isDiscreet {
            let viewer = try home.viewer(user).user
            entries = entries.map { $0.discreet(to: viewer) }
        }
        return Page(entries: entries, next: next, end: end, zone: home.zone(of: user))
    }

    /// What a scan of the whole log would be needed for is asked of a view.
    private var isIndexed: Bool { stream == nil && (!types.isEmpty || owner != nil) }

    private func scanned(_ query: Query, _ home: OpenHome, _ names: [String: String]) throws -> [EntryAnswer] {
        var entries: [EntryAnswer] = []
        try home.reader.scan(query) { stored in
            entries.append(EntryAnswer(stored, names: names))
            return true
        }
        return entries
    }

    private func indexed(_ query: Query, _ home: OpenHome, _ names: [String: String]) throws -> [EntryAnswer] {
        let search = IndexSearch(query)
        let positions = try home.views().read { views in
            try search.positions(views)
        }
        return try positions.compactMap { try home.entryAnswer($0, names: names) }
    }
}

/// A filter over `entry_index`, as SQL.
private struct IndexSearch {
    private var conditions = ["position BETWEEN ? AND ?"]
    private var values: [Value]
    private let isBackwards: Bool

    init(_ query: Query) {
        isBackwards = query.isBackwards
        values = [.integer(query.from), .integer(query.to)]
        if !query.types.isEmpty {
            conditions.append("type IN (" + query.types.map { _ in "?" }.joined(separator: ", ") + ")")
            values += query.types.sorted().map(Value.text)
        }
        if let owner = query.owner {
            conditions.append("owner = ?")
            values.append(.text(owner))
        }
        if let since = query.since {
            conditions.append("at >= ?")
            values.append(.integer(since))
        }
        if let until = query.until {
            conditions.append("at < ?")
            values.append(.integer(until))
        }
        values.append(.integer(query.limit ?? -1))
    }

    func positions(_ views: Connection) throws -> [Int64] {
        let statement = try views.prepare(
            "SELECT position FROM entry_index WHERE " + conditions.joined(separator: " AND ")
                + " ORDER BY position" + (isBackwards ? " DESC" : "") + " LIMIT ?")
        for (index, value) in values.enumerated() { statement.bind(value, at: index + 1) }
        return try statement.map { $0.integer(0) }
    }
}
