import CCurl

extension Response {
    /// How long the server asks to be left alone, in seconds or until a date; nil if it says nothing that can be read.
    ///
    /// - Parameter now: milliseconds since 1970.
    public func retryAfterMilliseconds(now: Int64) -> Int64? {
        guard let text = header("Retry-After") else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) {
            return min(Int64(text) ?? Self.longestAfter, Self.longestAfter) * 1_000
        }
        guard let until = Self.seconds(text) else { return nil }
        let after = until.subtractingReportingOverflow(now / 1_000).partialValue
        return min(max(0, after), Self.longestAfter) * 1_000
    }

    /// What the clock of the server showed, in seconds since 1970; nil if it says nothing that can be read.
    public var serverSeconds: Int64? { header("Date").flatMap(Self.seconds) }

    /// libcurl reads more forms of a date than servers should write. Years that it reads are not bounded.
    private static func seconds(_ text: String) -> Int64? {
        let seconds = Int64(curl_getdate(text, nil))
        return seconds < 0 ? nil : seconds
    }

    /// In seconds: as good as for ever, and far from where numbers end.
    private static let longestAfter: Int64 = 10 * 365 * 86_400
}
