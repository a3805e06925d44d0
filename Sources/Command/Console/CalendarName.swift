/// A calendar by the name of its connection and its own, for two servers may call theirs alike.
enum CalendarName {
    /// As `Club / Dates`; the one calendar that is called like its connection needs to be named once.
    static func text(_ name: String, of connection: String?) -> String {
        guard let connection, !connection.isEmpty else { return name.isEmpty ? "calendar" : name }
        return name.isEmpty || name == connection ? connection : "\(connection) / \(name)"
    }
}
