/// The way from a home to whoever takes what providers send. Where nobody does, nothing comes.
public struct PushHooks {
    /// Called when it was written down that a watch is being made, and before its provider is asked: whoever takes
    /// messages must know the watch by then.
    public var announced: () throws -> Void = {}
    /// Hands over the calendars of which more was told than was written down.
    public var takeMarks: () -> Set<String> = { [] }
    /// Takes back those that were not read yet.
    public var putBack: (Set<String>) -> Void = { _ in }

    public init() {}
}
