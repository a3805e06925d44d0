/// Why a text is no rule that can be followed.
public struct RuleFault: Error, Hashable, Sendable {
    /// The part of the rule, as `BYDAY`; empty where it is the whole text.
    public let part: String
    /// What is wrong, as the end of a sentence that begins with the part.
    public let reason: String

    init(_ part: String, _ reason: String) {
        self.part = part
        self.reason = reason
    }
}

extension RuleFault: CustomStringConvertible {
    public var description: String {
        part.isEmpty ? "The rule \(reason)." : "The rule's \(part) \(reason)."
    }
}
