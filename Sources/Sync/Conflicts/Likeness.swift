/// How alike two meetings are: whether one is a copy of the other, in another calendar and under another identifier.
///
/// Of a hundred points a title that says the same has 50, the same begin 25, the same end 15, and the same place, or no place on
/// one side, 10. A begin that is five minutes off and an end that is fifteen off count for a part. Copies have 80 or more.
public struct Likeness: Sendable, Equatable {
    /// What is looked at of a meeting.
    public struct Face: Sendable {
        public var title: String
        public var starts: Int64
        public var ends: Int64
        public var location: String?

        public init(title: String, starts: Int64, ends: Int64, location: String? = nil) {
            (self.title, self.starts, self.ends, self.location) = (title, starts, ends, location)
        }
    }

    public let confidence: Int64
    public var isCopy: Bool { confidence >= Self.least }

    static let least: Int64 = 80
    static let farthestStart: Int64 = 5 * 60_000
    private static let farthestEnd: Int64 = 15 * 60_000

    /// In small letters, with single spaces. Names of people are folded further, which would make one of “Part I” and “Part II”.
    private static func folded(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    public init(_ one: Face, _ other: Face) {
        let (title, otherTitle) = (Self.folded(one.title), Self.folded(other.title))
        let (begin, end) = (abs(one.starts - other.starts), abs(one.ends - other.ends))
        guard !title.isEmpty, title == otherTitle, begin <= Self.farthestStart, end <= Self.farthestEnd else {
            confidence = 0
            return
        }
        let (place, otherPlace) = (Self.folded(one.location ?? ""), Self.folded(other.location ?? ""))
        let isPlaceAlike = place.isEmpty || otherPlace.isEmpty || place == otherPlace
        confidence = 50 + (begin == 0 ? 25 : 15) + (end == 0 ? 15 : 8) + (isPlaceAlike ? 10 : 0)
    }
}
