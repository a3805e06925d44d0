/// The one place where entries of an older form are brought up to date.
///
/// Entries are never rewritten, and as a rule nothing is needed: a field that was added later is absent in what is
/// older. Where a type was given up for another, its name stands here with the way from the old content to the new. All
/// that read entries, the projections too, see only what comes out of here.
public struct Upcasting: Sendable {
    public struct Step: Sendable {
        let type: String
        let content: @Sendable (Content) -> Content

        public init(to type: String, content: @escaping @Sendable (Content) -> Content = { $0 }) {
            self.type = type
            self.content = content
        }
    }

    private let steps: [String: Step]

    public init(_ steps: [String: Step]) { self.steps = steps }

    /// What this version knows. No type has been given up so far.
    public static let current = Upcasting([:])

    public func isNeeded(for type: String) -> Bool { steps[type] != nil }

    /// The entry in its newest form, over as many steps as it takes.
    public func apply(type: String, content: Content) -> (type: String, content: Content) {
        var (type, content) = (type, content)
        while let step = steps[type] { (type, content) = (step.type, step.content(content)) }
        return (type, content)
    }
}
