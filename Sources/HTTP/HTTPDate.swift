import CCurl

/// Dates as HTTP writes them, in all three forms.
public enum HTTPDate {
    /// In milliseconds since 1970; nil for what is no date.
    public static func milliseconds(_ text: String) -> Int64? {
        guard text.utf8.count < 64 else { return nil }
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : Int64(seconds) * 1_000
    }
}
