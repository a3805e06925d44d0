extension Response {
    /// How long the server asks to be left alone, in seconds or until a date; nil if it says nothing that can be read.
    ///
    /// - Parameter now: milliseconds since 1970.
    public func retryAfterMilliseconds(now: Int64) -> Int64? {
        guard let text = header("Retry-After") else { return nil }
        let longest: Int64 = 10 * 365 * 86_400  // as good as for ever, and far from where numbers end
        if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) {
            return min(Int64(text) ?? longest, longest) * 1_000
        }
        guard let until = HTTPDate.seconds(text) else { return nil }
        return min(max(0, (until * 1_000).subtractingReportingOverflow(now).partialValue), longest * 1_000)
    }

    /// What the clock of the server showed, in seconds since 1970; nil if it says nothing that can be read.
    public var serverSeconds: Int64? { header("Date").flatMap(HTTPDate.seconds) }
}

/// The three forms of a date in a header (RFC 9110, 5.6.7), two of them out of use.
enum HTTPDate {
    /// Since 1970, or nil if it is none of them.
    static func seconds(_ text: String) -> Int64? {
        let words = text.split { " ,-:".contains($0) }
        guard (7...8).contains(words.count) else { return nil }
        // Sun, 06 Nov 1994 08:49:37 GMT   Sunday, 06-Nov-94 08:49:37 GMT   Sun Nov  6 08:49:37 1994
        let isOldest = Int(words[1]) == nil
        let order = isOldest ? (day: 2, month: 1, year: 6, hour: 3) : (day: 1, month: 2, year: 3, hour: 4)
        guard words.count == (isOldest ? 7 : 8), isOldest || words[7] == "GMT",
            let month = months.firstIndex(of: String(words[order.month])),
            let day = number(words[order.day], 1...31), var year = number(words[order.year], 0...9_999),
            let hour = number(words[order.hour], 0...23), let minute = number(words[order.hour + 1], 0...59),
            let second = number(words[order.hour + 2], 0...60)
        else { return nil }
        if words[order.year].count == 2 { year += year < 70 ? 2_000 : 1_900 }
        return days(year, Int64(month) + 1, day) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func number(_ word: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        Int64(word).flatMap { range.contains($0) ? $0 : nil }
    }

    /// From 1970-01-01. The year is taken to begin in March, so that the leap day is its last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year >= 0 ? year / 400 : (year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
