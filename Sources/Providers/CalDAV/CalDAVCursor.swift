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

    /// - Parameters token, tag: of the collection, as a listing shows them now.
    func isUnchanged(token: String?, tag: String?, now: Int64) -> Bool {
        if let own = self.token, let token { return own == token && !Self.isHot(token, now) }
        guard let own = self.tag, let tag else { return false }
        return own == tag && !Self.isHot(tag, now)
    }

    /// Some servers make a token of the second of the last change. As long as that may be this second, another change can
    /// hide behind it, so it proves nothing. The hour is for clocks that differ.
    private static func isHot(_ token: String, _ now: Int64) -> Bool {
        let isDigit: (Character) -> Bool = { $0.isASCII && $0.isWholeNumber }
        let digits = token.reversed().drop { !isDigit($0) }.prefix(while: isDigit)
        guard digits.count == 10, let seconds = Int64(String(digits.reversed())) else { return false }
        return abs(seconds - now / 1_000) < 3_600
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
