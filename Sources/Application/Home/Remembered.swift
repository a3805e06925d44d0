import Projections
import SQLite

/// What was read from the views and holds as long as they stand where they stood: names, which every page shows again, and
/// counts, which take looking at all that is counted.
final class Remembered {
    /// Where the views stood; nil for what is used once.
    fileprivate let position: Int64?
    var people: [String: String?] = [:] { didSet { if people.count > Self.most { people = [:] } } }
    var calendars: [String: String?] = [:] { didSet { if calendars.count > Self.most { calendars = [:] } } }
    /// How many activities there are, by whose.
    var activityCounts: [String: Int64] = [:]

    /// So much that a page finds what the last one looked up, and so little that it does not matter.
    private static let most = 10_000

    init(position: Int64? = nil) { self.position = position }
}

extension OpenHome {
    /// Reads from the views, with what is remembered of them.
    func look<Answer>(_ body: (Connection, Remembered) throws -> Answer) throws -> Answer {
        let views = try views()
        return try views.read { connection in
            let position = try views.position()
            if remembered.position != position { remembered = Remembered(position: position) }
            return try body(connection, remembered)
        }
    }
}
