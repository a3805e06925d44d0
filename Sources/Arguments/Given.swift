/// The values of one command line, looked up by the handles that declared them.
public struct Given: Sendable {
    /// The verbs that were said, outermost first: `["metrics", "export"]`.
    public let path: [String]

    let values: [String: any Sendable]
    let said: Set<String>

    /// The value of an argument. Only handles that the verb, a verb above it or the program declares can be asked for.
    public subscript<Asked: Handle>(_ handle: Asked) -> Asked.Value {
        let key = handle.declaration.key
        guard let stored = values[key], let value = stored as? Asked.Value else {
            preconditionFailure("\(key) is not declared so by “\(path.joined(separator: " "))”")
        }
        return value
    }

    /// Whether the argument was on the command line, rather than having its default.
    public func says(_ handle: some Handle) -> Bool { said.contains(handle.declaration.key) }
}

/// What a command line asks for.
public enum Reading<Action: Sendable>: Sendable {
    case act(Action, Given)

    /// The help of the verb at the end of the path, or of the program where the path is empty.
    case help([String])

    case version
}
