/// Activities as a table for a spreadsheet.
public enum ActivityTable {
    private static let header = [
        "activity", "person", "person_name", "kind", "occurred", "duration_minutes", "title", "location", "with",
        "description", "note", "meeting", "meeting_url", "trigger", "rule", "confidence", "logged", "retracted",
        "retraction_reason",
    ]

    /// - Parameter isRaw: cells that a spreadsheet would run as a formula are left as they are.
    public static func csv(_ activities: [ActivityAnswer], isRaw: Bool) -> String {
        SpreadsheetText.csv(header, activities.map(row), isRaw: isRaw)
    }

    private static func row(_ activity: ActivityAnswer) -> [String] {
        [
            activity.activity, activity.person, activity.personName ?? "", activity.kind,
            activity.occurred.map(Timestamp.text) ?? "", activity.durationMinutes.map(String.init) ?? "",
            activity.title ?? "", activity.location ?? "", activity.participants.joined(separator: "; "),
            activity.description ?? "", activity.note ?? "", activity.meeting ?? "", activity.meetingURL ?? "",
            activity.trigger, activity.rule ?? "", activity.confidence.map(String.init) ?? "",
            Timestamp.text(activity.logged), activity.retracted.map(Timestamp.text) ?? "",
            activity.retractionReason ?? "",
        ]
    }
}

/// Rows as comma-separated values.
enum SpreadsheetText {
    static func csv(_ header: [String], _ rows: [[String]], isRaw: Bool) -> String {
        ([header] + rows).map { row in
            row.map { isRaw ? quoted($0) : MetricsFormat.cell($0) }.joined(separator: ",") + "\r\n"
        }.joined()
    }

    private static func quoted(_ text: String) -> String {
        var inside = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\"" { inside.append(scalar) }
            inside.append(scalar)
        }
        return "\"" + String(inside) + "\""
    }
}
