import Entries

/// A calendar as Graph tells it.
struct GraphCalendar {
    let found: FoundCalendar
    /// The address of whoever it belongs to, in small letters.
    private let owner: String?
    private let canShare: Bool
    private let canEdit: Bool?

    /// Nil where it has no name to be asked by, or one that is too long to be kept.
    init?(_ json: JSONObject) {
        guard let identifier = json.text("id"), Longest.isIdentifier(identifier) else { return nil }
        var calendar = FoundCalendar(path: identifier, name: json.text("name") ?? "Calendar")
        calendar.colour = json.text("hexColor")
        calendar.isPrimary = json.boolean("isDefaultCalendar") ?? false
        found = calendar
        owner = json.object("owner")?.text("address")?.lowercased()
        canShare = json.boolean("canShare") ?? false
        canEdit = json.boolean("canEdit")
    }

    /// Graph does not say who asks; whoever owns the main calendar does. Only one's own calendars can be shared on.
    static func all(_ calendars: [GraphCalendar]) -> [FoundCalendar] {
        let user = calendars.first(where: \.found.isPrimary)?.owner
        return calendars.map { calendar in
            var found = calendar.found
            let isOwn = found.isPrimary || calendar.canShare || user != nil && calendar.owner == user
            found.access = isOwn && calendar.canEdit != false ? .own : calendar.canEdit.map { $0 ? .write : .read }
            return found
        }
    }
}
