/// Where the last reading of a calendar ended, in the words of its server.
///
/// One line: `caldav 1`, then what is known, each with a letter before it and without blanks.
struct CalDAVCursor: Equatable {
    /// Of sync-collection.
    var token: String?
    /// The tag of the collection (`getctag`).
    var tag: String?
    /// A mark of the whole listing, where the server has neither.
    var listing: String?
    /// A mark of what the last report told of.
    var report: String?

    var text: String {
        var words = ["caldav", "1"]
        if let token { words.append("t" + Self.escaped(token)) }
        if let tag { words.append("c" + Self.escaped(tag)) }
        if let listing { words.append("l" + Self.escaped(listing)) }
        if let report { words.append("r" + Self.escaped(report)) }
        return words.joined(separator: " ")
    }

    init(token: String? = nil, tag: String? = nil, listing: String? = nil, report: String? = nil) {
        self.token = token
        self.tag = tag
        self.listing = listing
        self.report = report
    }

    /// Nil for what was not written by `text`.
    init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count >= 2, words[0] == "caldav", words[1] == "1" else { return nil }
        for word in words.dropFirst(2) {
            let value = Self.plain(String(word.dropFirst()))
            // An empty token would ask for everything as if it were a change.
            guard !value.isEmpty else { return nil }
            switch word.first {
            case "t": token = value
            case "c": tag = value
            case "l": listing = value
            case "r": report = value
            default: return nil
            }
        }
    }

    // MARK: What a listing shows

    /// - Parameter collection: as a listing shows it now.
    /// - Parameter now: by our own clock, for servers that do not show theirs.
    func isUnchanged(in collection: DAVCollection, now: Int64) -> Bool {
        if let token, let current = collection.token {
            return token == current && !Self.isHot(token, collection.seconds, now)
        }
        guard let tag, let current = collection.tag else { return false }
        return tag == current && !Self.isHot(tag, collection.seconds, now)
    }

    /// A listing shows that there are changes behind it.
    func isBehind(_ collection: DAVCollection) -> Bool {
        if let token, let current = collection.token { return token != current }
        guard let tag, let current = collection.tag else { return false }
        return tag != current
    }

    /// The token of a listing, from which no later change can be missed.
    ///
    /// SOGo names the second of the last change, and tells only of later seconds: what still happens in that second is told
    /// by nothing. As long as that second may go on, the changes are asked for from the one before it.
    static func safe(_ token: String?, in collection: DAVCollection, now: Int64) -> String? {
        guard let token, token.utf8.count == 10, let second = Int64(token), isHot(token, collection.seconds, now) else {
            return token
        }
        return String(second - 1)
    }

    /// Some servers make a token of the second of the last change. As long as that may be this second, another change can
    /// hide behind it, so it proves nothing. By the clock of the server a moment is enough; the hour is for clocks that differ.
    private static func isHot(_ token: String, _ seconds: Int64?, _ now: Int64) -> Bool {
        let isDigit: (Character) -> Bool = { $0.isASCII && $0.isWholeNumber }
        let digits = token.reversed().drop { !isDigit($0) }.prefix(while: isDigit)
        guard digits.count == 10, let last = Int64(String(digits.reversed())) else { return false }
        guard let seconds else { return abs(last - now / 1_000) < 3_600 }
        return abs(last - seconds) < 3
    }

    // MARK: As text

    private static let marks: [(Character, String)] = [("%", "%25"), (" ", "%20"), ("\n", "%0A")]

    private static func escaped(_ text: String) -> String {
        marks.reduce(text) { text, mark in text.replacing(String(mark.0), with: mark.1) }
    }

    private static func plain(_ text: String) -> String {
        marks.reversed().reduce(text) { text, mark in text.replacing(mark.1, with: String(mark.0)) }
    }
}
