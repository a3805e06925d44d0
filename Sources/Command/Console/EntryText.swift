import Application
import Entries

/// An entry as text: in a line of a table, in full, and as JSON.
struct EntryText {
    let entry: EntryAnswer

    // MARK: In a line

    /// What tells it apart from others of its type, in a few words.
    var summary: String {
        if entry.isErased { return "(personal part erased)" }
        let personal = members(entry.personal)
        for name in Self.telling {
            if let value = personal.first(where: { $0.name == name })?.value, !value.isEmpty { return value }
        }
        return members(entry.data).filter { !Self.isIdentifier($0) }.prefix(4)
            .map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    }

    private static let telling = ["title", "name", "email", "message", "note", "path", "link"]

    private static let identifiers: Set<String> = [
        "connection", "calendar", "meeting", "series", "person", "address", "activity", "user", "run", "provider_id",
        "ical_uid", "content_hash", "verifier_key", "root", "note", "revision", "cursor", "attendees",
    ]

    private static func isIdentifier(_ member: Member) -> Bool { identifiers.contains(member.name) }

    var owner: String { entry.ownerName ?? entry.owner }

    // MARK: In full

    struct Member {
        let name: String
        let value: String
    }

    func members(_ json: String?) -> [Member] {
        guard let json else { return [] }
        let bytes = Array(json.utf8)
        var members: [Member] = []
        try? JSONScanner.members(of: bytes.span) { (name, value) throws(JSONError) in
            let text = value.text(in: bytes.span) ?? String(decoding: bytes[value.range], as: UTF8.self)
            members.append(Member(name: name.text(in: bytes.span) ?? "", value: text))
        }
        return members
    }

    func show(_ times: UserTimes, _ console: Console) throws {
        let style = console.style
        try console.line(
            style.bold("entry \(entry.position)") + "  " + style.name(entry.type) + "  " + Visible.text(summary))
        var facts = [
            ("recorded", times.exactWithZone(entry.at)), ("about", "\(entry.stream), version \(entry.version)"),
            ("owner", entry.ownerName.map { "\($0) (\(entry.owner))" } ?? entry.owner), ("by", entry.actor),
        ]
        if let cause = entry.cause { facts.append(("because of", "entry \(cause)")) }
        if let key = entry.key { facts.append(("key", key)) }
        facts.append(("hash", entry.hash))
        try console.facts(facts, indent: "  ")
        try show("data", members(entry.data), times, console)
        try show("personal", members(entry.personal), times, console)
        if entry.isErased { try console.line("  " + style.warning("personal: erased")) }
    }

    private func show(_ heading: String, _ members: [Member], _ times: UserTimes, _ console: Console) throws {
        if members.isEmpty { return }
        try console.line("  " + console.style.bold(heading))
        let instants = instantFields
        let facts = members.map { member in
            let value = instants.contains(member.name) ? Int64(member.value).map(times.exactWithZone) : nil
            return (member.name, value ?? member.value)
        }
        try console.facts(facts, indent: "    ")
    }

    /// Fields whose number is a time.
    private var instantFields: Set<String> {
        [
            "starts", "ends", "started", "covered_from", "covered_to", "occurred", "expires", "retry", "until",
            "modified",
            "original_start", "grant_expires", "due", "auto_log_from", "through", "before",
        ]
    }

    // MARK: As JSON

    /// One object on one line, the two halves inside it as the objects that they are.
    var json: String {
        var writer = JSONWriter()
        write(to: &writer)
        return Visible.json(String(decoding: writer.finish(), as: UTF8.self))
    }

    private func write(to writer: inout JSONWriter) {
        writer.name("kind")
        writer.text("daybook.entry")
        writer.name("schema_version")
        writer.integer(1)
        writer.name("position")
        writer.integer(entry.position)
        for (name, text) in [
            ("stream", entry.stream), ("type", entry.type), ("owner", entry.owner), ("actor", entry.actor),
        ] {
            writer.name(name)
            writer.text(text)
        }
        writer.name("version")
        writer.integer(entry.version)
        writer.name("at")
        writer.integer(entry.at)
        writer.name("recorded")
        writer.text(Timestamp.text(entry.at))
        if let cause = entry.cause {
            writer.name("cause")
            writer.integer(cause)
        }
        if let key = entry.key {
            writer.name("key")
            writer.text(key)
        }
        writer.name("data")
        writer.raw(Array(entry.data.utf8))
        if let personal = entry.personal {
            writer.name("personal")
            writer.raw(Array(personal.utf8))
        }
        writer.name("is_erased")
        writer.boolean(entry.isErased)
        writer.name("hash")
        writer.text(entry.hash)
    }
}
