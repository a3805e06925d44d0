/// One reading of a calendar: first what is there, then, page by page, what it says.
///
/// What is there is known before anything is applied, because a reading that finds far too little must not be applied.
public struct Reading {
    public struct Item: Sendable, Equatable {
        /// The source's own identifier.
        public let identifier: String
        /// Equal marks mean that nothing changed.
        public let mark: String

        public init(identifier: String, mark: String) {
            self.identifier = identifier
            self.mark = mark
        }
    }

    public var items: [Item]
    /// Everything could be looked at, so that what is not there does not exist.
    public var isComplete: Bool
    /// Where the reading began; what ended before may be absent without being gone. Nil where it covered all.
    public var coveredFrom: Int64?
    /// Where the next reading begins; no credential.
    public var cursor: String
    /// What the calendar calls itself now; nil where it says nothing.
    public var name: String?
    private let groups: (_ wanted: (Item) -> Bool, _ page: ([FoundGroup]) throws -> Void) throws -> Void

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
