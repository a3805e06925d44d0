/// What a shell may offer where a value stands.
public enum Completion: Sendable, Equatable {
    case nothing
    case choices([String])
    case files
    case folders
}
