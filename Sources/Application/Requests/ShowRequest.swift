import Ledger
import Projections
import SQLite

/// One entry, what led to it, and what it led to.
public struct ShowRequest: ReadingRequest {
    public static let name = "show"

    public struct Shown: Codable, Sendable {
        public let entry: EntryAnswer
        /// From the first cause down to the one that led here.
        public let causes: [EntryAnswer]
        public let effects: [Effect]
        /// There are more effects than are told.
        public let isCut: Bool
        /// The zone in which whoever asks reads times.
        public let userZone: String?
    }

    /// An entry that was led to, and those it led to in turn.
    public struct Effect: Codable, Sendable {
        public let entry: EntryAnswer
        public let effects: [Effect]
    }

    /// A chain is short by nature; a tree of more is read by nobody.
    private static let mostCauses = 64
    private static let mostEffects = 200
    private static let deepest = 16

    /// Who asks; nil is the first user of the home.
    public let user: String?
    public let position: Int64
    /// What is personal is told of the entries of whoever asks alone.
    public var isDiscreet = false

    public init(user: String? = nil, position: Int64) {
        self.user = user
        self.position = position
    }

    public func answer(in home: OpenHome) throws -> Shown {
        let teller = Teller(
            home: home, names: try home.userNames(), discreetTo: isDiscreet ? try home.viewer(user).user : nil)
        guard let entry = try teller.entry(position) else {
            throw Refusal(
                .notFound, "there is no entry \(position): the last is \(try home.head.size)",
                hint: "“daybook log” lists the entries.")
        }
        var causes: [EntryAnswer] = []
        var next = entry.cause
        while let position = next, causes.count < Self.mostCauses {
            guard let cause = try teller.entry(position) else { break }
            causes.insert(cause, at: 0)
            next = cause.cause
        }
        var left = Self.mostEffects
        let effects = try effects(of: position, teller, depth: 0, &left)
        return Shown(entry: entry, causes: causes, effects: effects, isCut: left <= 0, userZone: home.zone(of: user))
    }

    private func effects(
        of position: Int64, _ teller: Teller, depth: Int, _ left: inout Int
    ) throws -> [Effect] {
        guard depth < Self.deepest, left > 0 else { return [] }
        let positions = try teller.home.views().read { views in
            try views.prepare("SELECT position FROM entry_effect WHERE cause = ? ORDER BY position LIMIT ?")
                .map(.integer(position), .integer(Int64(left))) { $0.integer(0) }
        }
        left -= positions.count
        return try positions.compactMap { position in
            guard let entry = try teller.entry(position) else { return nil }
            return Effect(entry: entry, effects: try effects(of: position, teller, depth: depth + 1, &left))
        }
    }

    /// Tells entries as whoever asks may see them.
    private struct Teller {
        let home: OpenHome
        let names: [String: String]
        let discreetTo: String?

        func entry(_ position: Int64) throws -> EntryAnswer? {
            let entry = try home.entryAnswer(position, names: names)
            return discreetTo.map { user in entry?.discreet(to: user) } ?? entry
        }
    }
}
