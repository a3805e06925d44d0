/// What a text may cost that comes from outside. Over a limit, the text is refused.
public struct XMLLimits: Sendable, Equatable {
    /// As much as the body of an answer may have.
    public var bytes = 64 << 20
    /// Elements within elements. No answer of a calendar server goes deeper than twelve.
    public var depth = 40
    /// Of all elements: a listing has eight for each of 300,000 events.
    public var elements = 3_000_000
    /// Elements that are held at once, in one child of the outermost.
    public var elementsHeld = 50_000
    /// Characters that are held at once, in one child of the outermost: a calendar that is one event.
    public var textBytesHeld = 24 << 20
    /// Of a tag from `<` to `>`, and of a comment or an instruction. libxml2 compares each attribute with each other.
    public var tagBytes = 16 << 10
    public var attributes = 32

    public init() {}
}
