import Application

/// What followed from a decision, in a line, and where to look next.
enum FollowedText {
    static func show(_ followed: Followed, _ console: Console) throws {
        var parts: [String] = []
        if followed.logged > 0 { parts.append(Amounts.count(followed.logged, "activity", "activities") + " logged") }
        if followed.amended > 0 { parts.append("\(Amounts.grouped(followed.amended)) amended") }
        if followed.retracted > 0 { parts.append("\(Amounts.grouped(followed.retracted)) retracted") }
        if parts.count == 1, followed.logged == 0 {
            let count = followed.amended + followed.retracted
            parts = [
                "\(Amounts.count(count, "activity", "activities")) \(followed.amended > 0 ? "amended" : "retracted")"
            ]
        }
        if !parts.isEmpty { try console.line(parts.joined(separator: ", ") + ".") }
        if followed.suggested > 0 {
            console.note(
                "  → \(Amounts.count(followed.suggested, "address", "addresses")) to confirm: daybook suggestions")
        }
        if followed.remaining > 0 {
            console.note(
                "  → \(Amounts.count(followed.remaining, "meeting")) left for the next run; "
                    + "all at once: daybook auto-log --all")
        }
    }

    /// The rules of matching, as people say them.
    static func rule(_ rule: String, _ confidence: Int64? = nil) -> String {
        let words =
            switch rule {
            case "email_exact": "e-mail"
            case "email_normalized": "e-mail alias"
            case "name_exact": "full name"
            case "name_partial": "first name"
            case "name_fuzzy": "similar name"
            case "manual": "by hand"
            default: rule.split(separator: "_").joined(separator: " ")
            }
        return words + (confidence.map { " (\($0))" } ?? "")
    }

    /// Below this a match is to be looked at twice.
    static let sure: Int64 = 80
}
