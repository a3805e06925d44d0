/// What a server says of itself and is kept, no longer than any server needs for it.
enum Longest {
    /// A token, a tag or a link. One that is longer counts as none, as with a server that has no such thing.
    static let markBytes = 4 << 10
    /// The id of a calendar or an event, or a path. What has a longer one is set aside and named by a hash of it.
    static let identifierBytes = 1_000

    static func mark(_ text: String?) -> String? {
        text.flatMap { $0.utf8.count <= markBytes ? $0 : nil }
    }

    static func isIdentifier(_ text: String) -> Bool { text.utf8.count <= identifierBytes }
}
