import Projections
import SQLite

/// No two connections of a user have the same name, for a name is how they are told apart and told to Daybook.
struct ConnectionNames {
    /// In small letters, as names are compared.
    private let taken: Set<String>

    /// - Parameter connection: the one that is to be named; what it is called now is free for it.
    init(_ home: OpenHome, of viewer: Viewer, but connection: String? = nil) throws {
        taken = try home.views().read { views in
            Set(
                try views.prepare("SELECT name FROM connection WHERE owner = ?1 AND (connection <> ?2 OR ?2 IS NULL)")
                    .map(.text(viewer.user), Value(connection)) { $0.textIfPresent(0)?.lowercased() ?? "" })
        }
    }

    /// The name that a person wants, unless another connection has it.
    func wanted(_ name: String) throws -> String {
        guard taken.contains(name.lowercased()) else { return name }
        throw Refusal(
            .badRequest, "another connection is called “\(name)”", hint: "“daybook connections” lists them.")
    }

    /// A name that nobody chose, with a number where another connection has it.
    func free(_ name: String) -> String {
        if !taken.contains(name.lowercased()) { return name }
        let numbered = (2...taken.count + 2).lazy.map { "\(name) (\($0))" }
        return numbered.first { !taken.contains($0.lowercased()) } ?? name
    }
}
