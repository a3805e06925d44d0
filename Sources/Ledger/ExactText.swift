/// A text that is equal to another only byte by byte. To Swift, a letter followed by its accent equals the one letter
/// that looks the same; to SQLite and to a hash they are two, and so they must be here.
struct ExactText: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactText, right: ExactText) -> Bool { left.text.isExactly(right.text) }

    // Texts of the same bytes are equal to Swift too, so its hash will do.
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension String {
    func isExactly(_ other: String) -> Bool {
        guard utf8.count == other.utf8.count, self == other else { return false }
        // In ASCII nothing can be written in two ways.
        return (utf8Span.isKnownASCII && other.utf8Span.isKnownASCII) || utf8.elementsEqual(other.utf8)
    }
}
