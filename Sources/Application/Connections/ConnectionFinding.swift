import Projections
import SQLite

extension OpenHome {
    /// A connection of a user by its id, the beginning of its id, or its name.
    func connection(_ named: String, of viewer: Viewer) throws -> String {
        let all = try views().read { views in
            try views.prepare("SELECT connection, name FROM connection WHERE owner = ? ORDER BY added, connection")
                .map(.text(viewer.user)) { ($0.text(0), $0.textIfPresent(1) ?? "") }
        }
        return try Finding.one(
            named, of: all, "connection", hint: "“daybook connections” lists them.")
    }

    /// A calendar of a user by its id, the beginning of its id, or its name.
    func calendar(_ named: String, of viewer: Viewer) throws -> (calendar: String, connection: String) {
        let all = try views().read { views in
            try views.prepare("SELECT calendar, name, connection FROM calendar WHERE owner = ? ORDER BY name, calendar")
                .map(.text(viewer.user)) { ($0.text(0), $0.textIfPresent(1) ?? "", $0.text(2)) }
        }
        let id = try Finding.one(
            named, of: all.map { ($0.0, $0.1) }, "calendar", hint: "“daybook calendars” lists them.")
        return (id, all.first { $0.0 == id }?.2 ?? "")
    }
}

/// Finds the one thing that is meant: by id, by the beginning of the id, or by name.
enum Finding {
    /// Shorter beginnings say too little.
    private static let leastPrefix = 4

    static func one(_ named: String, of all: [(id: String, name: String)], _ kind: String, hint: String) throws
        -> String
    {
        if let exact = all.first(where: { $0.id == named }) { return exact.id }
        let lowered = named.lowercased()
        let byName = all.filter { $0.name.lowercased() == lowered }
        let byPrefix = named.count >= leastPrefix ? all.filter { $0.id.hasPrefix(lowered) } : []
        let byPart = all.filter { !lowered.isEmpty && $0.name.lowercased().contains(lowered) }
        for found in [byName, byPrefix, byPart] where !found.isEmpty {
            if found.count == 1 { return found[0].id }
            throw ambiguous(named, found, kind)
        }
        throw Refusal(.notFound, "there is no \(kind) “\(named)”", hint: hint)
    }

    private static let mostNamed = 5

    private static func plural(_ kind: String) -> String {
        switch kind {
        case "person": "people"
        case "activity": "activities"
        default: kind + "s"
        }
    }

    static func ambiguous(_ named: String, _ found: [(id: String, name: String)], _ kind: String) -> Refusal {
        let names = found.prefix(mostNamed).map { "\($0.name) (\($0.id.prefix(8)))" }.joined(separator: ", ")
        let more = found.count > mostNamed ? " and \(found.count - mostNamed) more" : ""
        return Refusal(
            .badRequest, "“\(named)” may be any of \(found.count) \(plural(kind)): \(names)\(more)",
            hint: "Say more of the name, or give the beginning of the id.")
    }
}
