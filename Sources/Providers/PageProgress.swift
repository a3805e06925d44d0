/// Whether the pages of a list still lead somewhere.
///
/// Services may send empty pages while they look for more. One that sends nothing else would hold its reader for as many
/// pages as it likes.
struct PageProgress {
    /// In a row.
    static let mostIdlePages = 20

    private var known = 0
    private var idle = 0

    /// - Parameter count: how many different things are known after one more page.
    mutating func goesOn(with count: Int) -> Bool {
        idle = count > known ? 0 : idle + 1
        known = max(known, count)
        return idle < Self.mostIdlePages
    }
}
