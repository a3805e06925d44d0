public import Entries

/// One reading of a calendar: first what is there, then, page by page, what it says.
///
/// What is there is known before anything is applied, because a reading that finds far too little must not be applied.
public struct Reading {
    public enum Scope: Sendable, Equatable {
        /// `items` are all that there is in the covered range; what is not among them is absent.
        case whole
        /// `items` are what is new or changed since the cursor, and `gone` what is no more. Absence means nothing.
        case changes
    }

    public struct Item: Sendable, Equatable {
        /// The source's own identifier of a meeting or a series with all that belongs to it.
        public let identifier: String
        /// Equal marks mean that nothing changed.
        public let mark: String

        public init(identifier: String, mark: String) {
            self.identifier = identifier
            self.mark = mark
        }
    }

    public var scope = Scope.whole
    public var items: [Item]
    /// What the source says was deleted, by identifier: applied at once, for it is said and not merely unsaid.
    public var gone: [String] = []
    /// Everything could be looked at, so that what is not there does not exist.
    public var isComplete: Bool
    /// Where the reading began; what ended before may be absent without being gone. Nil where it covered all.
    public var coveredFrom: Int64?
    /// Where the reading ended; what starts later may be absent without being gone. Nil where it covered all.
    public var coveredTo: Int64?
    /// Where the next reading begins. It lands with the last page, and is sealed before it is written down.
    public var cursor: String
    /// What the calendar calls itself now; nil where it says nothing.
    public var name: String?
    /// Why everything was read where only the changes could have been; nil lets the stage say it.
    public var reason: FullReason?
    /// How many pages or requests it took.
    public var pages: Int64 = 1
    private let groups: (_ wanted: (Item) -> Bool, _ page: ([FoundGroup]) throws -> Void) throws -> Void

    /// - Parameter groups: hands over, page by page, what is wanted of the items; called once at the most. What it throws
    ///   as a `ReadingFailure` ends the reading: what was handed over before stays, and the cursor does not move.
    public init(
        items: [Item], isComplete: Bool, coveredFrom: Int64?, cursor: String,
        groups: @escaping (_ wanted: (Item) -> Bool, _ page: ([FoundGroup]) throws -> Void) throws -> Void
    ) {
        self.items = items
        self.isComplete = isComplete
        self.coveredFrom = coveredFrom
        self.cursor = cursor
        self.groups = groups
    }

    /// Hands over, page by page, what is wanted.
    public func forEachPage(
        where wanted: (Item) -> Bool, _ page: ([FoundGroup]) throws -> Void
    ) throws { try groups(wanted, page) }
}
