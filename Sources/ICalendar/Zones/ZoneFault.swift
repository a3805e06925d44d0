/// Why a definition of a zone in a file cannot be used.
public struct ZoneFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
